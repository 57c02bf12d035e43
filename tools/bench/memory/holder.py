"""Holds memory as order.json beside it says, in a process that has this file's name, and says so by a file ready/<pid>.

"mebibytes" of its own, "shared" in a file of /dev/shm that outlives it, with so many "forks" that share its pages and "workers" that
hold "mebibytesEach" of their own; as "user", a number, and under the name that it "calls" itself.
"""
import json
import mmap
import os
import signal

folder = os.path.dirname(os.path.abspath(__file__))
with open(f"{folder}/order.json") as file:
    order = json.load(file)
if "user" in order:
    os.setgroups([])
    os.setgid(order["user"])
    os.setuid(order["user"])


def fill(mebibytes):
    return b"\1" * (mebibytes << 20)


def wait():
    open(f"{folder}/ready/{os.getpid()}", "w").close()
    while True:
        signal.pause()


held = fill(order["mebibytes"])
if "shared" in order:
    file = os.open(f"/dev/shm/{os.path.basename(__file__)}", os.O_RDWR | os.O_CREAT, 0o600)
    os.truncate(file, order["shared"] << 20)
    view = mmap.mmap(file, order["shared"] << 20)
    view.write(fill(order["shared"]))
for _ in range(order.get("forks", 0)):
    if os.fork() == 0:
        wait()
for _ in range(order.get("workers", 0)):
    if os.fork() == 0:
        own = fill(order["mebibytesEach"])
        wait()
if "calls" in order:
    with open("/proc/self/comm", "w") as file:
        file.write(order["calls"])
wait()
