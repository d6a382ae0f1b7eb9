"""A directory mounted as a slow server would show it (slow_share.cpp), for tests and benchmarks."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".cpp")


def is_possible():
    return os.path.exists("/dev/fuse") and os.geteuid() == 0


def compile_to(program, source=SOURCE):
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "fuse3"], capture_output=True, text=True, check=True).stdout.split()
    subprocess.run(["c++", "-std=c++20", "-O2", source, "-o", program, *flags], check=True)
    return program


class Mounted:
    """What a program of `command` serves at `mounted`, as long as the context lasts."""

    def __enter__(self):
        self.server = subprocess.Popen(self.command)
        while not os.path.ismount(self.mounted):
            assert self.server.poll() is None, "the server has ended"
            time.sleep(0.005)
        return self

    def kill(self):
        self.server.kill()
        self.server.wait()

    def __exit__(self, *_):
        self.server.send_signal(signal.SIGCONT)
        self.kill()
        subprocess.run(["umount", "-l", self.mounted], check=False, stderr=subprocess.DEVNULL)


class SlowShare(Mounted):
    """Mounted as long as the context lasts. The mount point and its directory are made beside each other."""

    def __init__(self, program, place, milliseconds, locks="local"):
        self.backing = place / "backing"
        self.path = self.mounted = place / "mounted"
        for directory in (self.backing, self.path):
            directory.mkdir(parents=True, exist_ok=True)
        self.command = [program, self.backing, str(round(milliseconds * 1000)), locks, self.path]
        self.command += ["-f", "-o", "max_threads=64,max_idle_threads=64"]

    def when(self, condition, end):
        """Ends the server by `kill` or `hang` as soon as the condition holds; returns the thread that waits for it."""

        def wait():
            while not condition():
                time.sleep(0.002)
            getattr(self, end)()

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        return thread

    def hang(self):
        self.server.send_signal(signal.SIGSTOP)
