"""Sets processes up that hold memory, asks each peer whom it would stop, and then has our repair decide and stop.

Runs as the first process of mount and process namespaces of its own. Reads {"users": {name: number}, "holders", "peers": {name: command},
"repair": {"command", "environment"}} from standard input; a holder is what holder.py takes as its order, with its "name", perhaps the control
group that /proc tells of it ("group") and its "oomScoreAdjust"; one that is "idle" holds nothing at all. The instance is said to have so much memory that
they take USED_SHARE of it; what they hold is read anew all the time, so that what is stopped gives back what it held alone.

Prints by peer the holder that it would stop first, and of ours those that it says it stopped, those that ended, and how much is used then.
Holders are told by their place in the list; -1 is a process that is none of them.
"""
import json
import os
import shutil
import subprocess
import sys
import threading
import time

USED_SHARE = 0.97
WAIT_SECONDS = 30
order = json.load(sys.stdin)
holders = order["holders"]
folder = "/run/bench"  # in memory, where other users may look
run = lambda *command: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def stand_in(path, text):
    """Has a file say something else in this namespace."""
    place = f"{folder}/stand-in{path.replace('/', '-')}"
    with open(place, "w") as file:
        file.write(text)
    run("mount", "-n", "--bind", place, path)
    return place


def stat_of(pid):
    """Session and start time; None if it has ended."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(") ")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else (int(fields[3]), fields[19])


# --- who holds memory ---


def start(index, holder):
    place = f"{folder}/{index}"
    path = f"{place}/{holder['name']}"
    os.makedirs(f"{place}/ready")
    os.chmod(f"{place}/ready", 0o777)
    if holder.get("idle"):
        shutil.copy(shutil.which("sleep"), path)
        command, parts = [path, "infinity"], 0
    else:
        with open(f"{place}/order.json", "w") as file:
            json.dump(holder, file)
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "holder.py")) as source, open(path, "w") as file:
            file.write(f"#!{os.path.realpath(sys.executable)} -IS\n{source.read()}")
        os.chmod(path, 0o755)
        command, parts = [path], 1 + holder.get("forks", 0) + holder.get("workers", 0)
    process = subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    until = time.monotonic() + WAIT_SECONDS
    while len(os.listdir(f"{place}/ready")) < parts:
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"{holder['name']} did not start")
        time.sleep(0.02)
    if "group" in holder:
        stand_in(f"/proc/{process.pid}/cgroup", f"0::{holder['group']}\n")
    adjust = holder.get("oomScoreAdjust")
    if adjust == -1000:
        # not everybody who is root may set it: these are what the kernel then shows
        stand_in(f"/proc/{process.pid}/oom_score_adj", "-1000\n")
        stand_in(f"/proc/{process.pid}/oom_score", "0\n")
    elif adjust is not None:
        with open(f"/proc/{process.pid}/oom_score_adj", "w") as file:
            file.write(str(adjust))
    return process.pid


def members():
    """By pid the place of the holder that a process belongs to, with its start time."""
    stats = {int(name): stat_of(name) for name in filter(str.isdigit, os.listdir("/proc"))}
    return {pid: (sessions.index(stat[0]), stat[1]) for pid, stat in stats.items() if stat is not None and stat[0] in sessions}


# --- how much memory there is ---


def used_kib():
    """Anonymous memory, of what several share each its part, and files in memory."""
    total = 0
    for pid in members():
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("Pss_Anon:"))
        except OSError:
            pass
    shared = os.statvfs("/dev/shm")
    return total, (shared.f_blocks - shared.f_bfree) * shared.f_frsize // 1024


def meminfo(total):
    anonymous, shared = used_kib()
    free = max(total - anonymous - shared, 0)
    lines = {"MemTotal": total, "MemFree": free, "MemAvailable": free, "Buffers": 0, "Cached": shared, "AnonPages": anonymous}
    lines.update({"Shmem": shared, "SReclaimable": 0, "SwapTotal": 0, "SwapFree": 0})
    return "".join(f"{name + ':':15} {value:9d} kB\n" for name, value in lines.items()), 100 * (total - free) / total


def feed(place, total):
    while True:
        text = meminfo(total)[0]
        with open(place, "r+") as file:  # in one write, and of the same length: nobody reads half of it
            file.write(text)
        time.sleep(0.05)


# --- who would stop whom ---


def place_of(pid):
    return members().get(pid, (-1, ""))[0]


def ask_earlyoom(command):
    """The process that it names first; in a dry run it goes on naming the same one."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    timer = threading.Timer(WAIT_SECONDS, process.kill)
    timer.start()
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            words = line.split()
            if words[:1] == ["sending"] and words[2:4] == ["to", "process"]:
                return place_of(int(words[4]))
        raise SystemExit(f"{command} named nobody: {''.join(said)[-2000:]}")
    finally:
        timer.cancel()
        process.kill()
        process.wait()


def repair(program, total):
    before = members()
    ended = subprocess.run(program["command"], env={**os.environ, **program["environment"]}, capture_output=True, text=True)
    if ended.returncode != 0:
        raise SystemExit(f"the repair ended with {ended.returncode}: {ended.stdout[-500:]} {ended.stderr[-500:]}")
    after = members()
    gone = [place for pid, (place, started) in before.items() if after.get(pid) != (place, started)]
    result = json.loads(ended.stdout)
    stopped = [before.get(change["pid"], (-1, ""))[0] for change in result["changes"] if "pid" in change]
    return {"stopped": stopped, "gone": gone, "usedPercent": meminfo(total)[1]}


# the memory of the machine, and what is kept there, are not ours; both go with the namespace
for place in ("/run", "/var/lib", "/dev/shm"):
    run("mount", "-n", "-t", "tmpfs", "-o", "mode=755", "tmpfs", place)
os.mkdir(folder)
stand_in("/proc/sys/vm/drop_caches", "")
with open("/etc/passwd") as known:
    users = "".join(f"{name}:x:{number}:{number}::/:/bin/false\n" for name, number in order["users"].items())
    stand_in("/etc/passwd", known.read() + users)
sessions = []
for index, holder in enumerate(holders):
    sessions.append(start(index, holder))
total = int(sum(used_kib()) / USED_SHARE)
place = stand_in("/proc/meminfo", meminfo(total)[0])
threading.Thread(target=feed, args=(place, total), daemon=True).start()
result = {"peers": {name: ask_earlyoom(command) for name, command in order["peers"].items()}}
result["ours"] = repair(order["repair"], total)
json.dump(result, sys.stdout)
