"""Times programs that clean the same folder of old files, by turns, each on a fresh copy of the same ext4 file system.

Runs in mount and process namespaces of its own, with as many idle processes as a small instance has: who looks for open files pays for
each. Reads {"folder", "files", "rounds", "programs": {name: {"command", "environment"}}} from standard input;
"MOUNT" in a command is where the file system is mounted, and "/pile" on it what is to be cleaned. Prints what each took, and which
decoys it deleted: by kind, young, held open, with a second name, or the target of a link.
"""
import json
import os
import resource
import shutil
import subprocess
import sys
import time

DECOYS = 50
PROCESSES = 100
order = json.load(sys.stdin)
folder, files, rounds = order["folder"], order["files"], order["rounds"]
mount, master, copy = (os.path.join(folder, name) for name in ("disk", "master.img", "copy.img"))
run = lambda *command: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
old = time.time() - 30 * 86400


def write(path, content=b"", when=old):
    with open(path, "wb") as file:
        file.write(content)
    os.utime(path, (when, when))
    return path


def decoys():
    """By kind, the decoys' names and where each must still be: in the folder, or outside it."""
    at = lambda kind, place: [f"{mount}/{place}/{kind}-{number}" for number in range(DECOYS)]
    return {"young": at("young", "pile/d0"), "open": at("open", "pile/d0"), "linked": at("linked", "pile/d0"), "targets": at("target", "kept")}


def fill():
    os.mkdir(f"{mount}/pile")
    os.mkdir(f"{mount}/kept")
    for number in range(files):
        if number % 1000 == 0:
            os.mkdir(f"{mount}/pile/d{number // 1000}")
        write(f"{mount}/pile/d{number // 1000}/session-{number}.tmp", b"x" * 64 if number % 10 == 0 else b"")
    for path in decoys()["young"]:
        write(path, b"young", time.time())
    for path in decoys()["open"]:
        write(path, b"open")
    for path in decoys()["linked"]:
        os.link(write(path, b"linked"), f"{mount}/kept/{os.path.basename(path)}")
    for number, path in enumerate(decoys()["targets"]):
        os.symlink(write(path, b"target"), f"{mount}/pile/d0/link-{number}")
    write(f"{mount}/kept/filler", b"\0" * (64 << 20))


def measure(program):
    shutil.copyfile(master, copy)
    run("mount", "-o", "loop,noatime", copy, mount)
    try:
        held = [open(path, "rb") for path in decoys()["open"]]
        os.sync()
        command = [word.replace("MOUNT", mount) for word in program["command"]]
        environment = {**os.environ, **{key: value.replace("MOUNT", mount) for key, value in program["environment"].items()}}
        cpu, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        ended = subprocess.run(command, env=environment, capture_output=True, text=True)
        took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        left = sum(name.startswith("session-") for _, _, names in os.walk(f"{mount}/pile") for name in names)
        wrong = {kind: sum(not os.path.exists(path) for path in paths) for kind, paths in decoys().items()}
        for file in held:
            file.close()
        if ended.returncode != 0 or left > 0:
            raise SystemExit(f"{command[0]} ended with {ended.returncode} and left {left} files: {ended.stdout[-500:]} {ended.stderr[-500:]}")
        return {"millis": took * 1000, "cpuMillis": (after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime) * 1000, "wrong": wrong}
    finally:
        run("umount", mount)


os.mkdir(mount)
idle = [subprocess.Popen(["sleep", "infinity"]) for _ in range(PROCESSES)]
# what a repair keeps is kept in memory, and gone with the namespace
run("mount", "-t", "tmpfs", "tmpfs", "/run")
run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/var/lib")
run("truncate", "-s", "1G", master)
run("mkfs.ext4", "-q", "-N", str(files + 20000), master)
run("mount", "-o", "loop,noatime", master, mount)
fill()
run("umount", mount)
results = {name: [] for name in order["programs"]}
for _ in range(rounds):
    for name, program in order["programs"].items():
        results[name].append(measure(program))
for process in idle:
    process.kill()
json.dump(results, sys.stdout)
