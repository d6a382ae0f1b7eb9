"""What strace records, and how it holds a program."""

import os
import re
import signal
import time

PATIENCE = 120  # seconds after which what was waited for will not come


def read_trace(path):
    """The lines of a record of strace; calls that others interrupted are put together again."""
    begun = {}
    for line in path.read_text(errors="replace").splitlines():
        thread = line.split(" ", 1)[0]
        if line.endswith("<unfinished ...>"):
            begun[thread] = line.removesuffix("<unfinished ...>").rstrip()
        elif resumed := re.match(r"\d+ +<\.\.\. \w+ resumed>", line):
            yield begun.pop(thread) + line[resumed.end() :]
        else:
            yield line


def stopping(calls, path, trace):
    """What to start a program with, so that it stops each time it has made one of `calls` about `path`; see stops()."""
    return ["strace", "-f", "-qq", "-o", trace, "-P", path, "-e", f"trace={calls}", "-e", f"inject={calls}:signal=STOP"]


def stops(process, trace):
    """The thread that has made the call, at each stop of a program; afterwards it goes on, to its end at last."""
    passed = 0
    deadline = time.monotonic() + PATIENCE
    try:
        while process.poll() is None:
            assert time.monotonic() < deadline, "it neither stops nor ends"
            lines = [line.split(maxsplit=1) for line in trace.read_text().splitlines()] if trace.exists() else []
            begun = [at for at, (_, what) in enumerate(lines) if what.startswith("--- SIGSTOP {")]
            thread = int(lines[begun[passed]][0]) if len(begun) > passed else 0
            if thread and [str(thread), "--- stopped by SIGSTOP ---"] in lines[begun[passed] :]:
                yield thread
                passed += 1
                os.kill(thread, signal.SIGCONT)
            time.sleep(0.005)
    finally:
        if process.poll() is None:  # a test has failed meanwhile
            process.kill()
            if thread:
                os.kill(thread, signal.SIGKILL)
            process.wait()
