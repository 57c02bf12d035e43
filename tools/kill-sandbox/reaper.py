"""Runs a program and tells what it leaves running: reaper.py <seconds of patience> <program> <argument>...

What a process leaves becomes the child of its nearest "subreaper" (prctl(2)), however it had detached itself; that is
this one. Writes to descriptor 3: the program's pid, and after its end one JSON object: its exit code, the seconds until
all that it left had ended too, and the command lines of what had not within the patience, which is then killed.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
libc = ctypes.CDLL(None)


def children():
    """Pids of this process's living children; those that have ended are taken leave of."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return []
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return [int(pid) for pid in file.read().split()]


def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return f"{pid} " + file.read().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return f"{pid}, just ended"


def end_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


end_with_parent()
libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
patience_seconds = float(sys.argv[1])
program = subprocess.Popen(sys.argv[2:], preexec_fn=end_with_parent)
with os.fdopen(3, "w", buffering=1) as told:
    print(program.pid, file=told)
    exit_code = program.wait()
    ended_at = time.monotonic()
    while children() and time.monotonic() < ended_at + patience_seconds:
        time.sleep(0.005)
    gone_after_seconds = round(time.monotonic() - ended_at, 3)
    left = [command_line(pid) for pid in children()]
    while remaining := children():
        for pid in remaining:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)
    print(json.dumps({"exitCode": exit_code, "goneAfterSeconds": gone_after_seconds, "left": left}), file=told)
