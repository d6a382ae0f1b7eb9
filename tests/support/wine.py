"""Runs Windows programs on Linux for the tests: a wine prefix of our own in which Go works."""

import fcntl
import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

SHIM = Path(__file__).with_name("bcryptprimitives.c")  # what Go programs miss
WITH_ENVIRONMENT = Path(__file__).with_name("with_environment.c")
HOLD_LOCK = Path(__file__).with_name("hold_lock.c")
COMPILER = "x86_64-w64-mingw32-gcc"

NOT_THERE = Path(__file__).parents[1] / "windows/not-there.txt"


def failing():
    """{test: reason} of what gopack.exe does not pass; a test that ends with * stands for all that begin so."""
    lines = NOT_THERE.read_text().splitlines()
    return dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))


def missing():
    """What has to be installed before wine tests can run; empty when nothing is missing."""
    return [tool for tool in ("wine", "wineserver", COMPILER) if not shutil.which(tool) and not _aside(tool)]


def _aside(tool):
    """Debian keeps wineserver out of PATH."""
    return next((p for p in (f"/usr/lib/wine/{tool}", f"/usr/bin/{tool}-stable") if os.path.exists(p)), None)


class Wine:
    """One prefix; made at first use and kept, since making it takes some fifteen seconds."""

    def __init__(self, cache):
        self.prefix = Path(cache) / "wine-prefix"
        self.profile = self.prefix / "drive_c/users"
        self.system = self.prefix / "drive_c/windows/system32"
        self.with_environment = self.system / "with_environment.exe"  # by its whole name wine starts it in half the time
        self.hold_lock = self.system / "hold_lock.exe"
        self._make()

    @contextmanager
    def kept_running(self):
        """A cmd that waits: as long as it is there, the next program starts in a tenth of the time."""
        with subprocess.Popen(["wine", "cmd", "/q"], env=self.environment(), stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as waiting:
            waiting.stdout.readline()  # the services of wine run: they would hold the pipes of the program that starts them
            yield self
            waiting.stdin.close()

    def environment(self, **more):
        """An environment for wine programs: nothing is inherited but what is given."""
        env = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.prefix),
            "WINEPREFIX": str(self.prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "bcryptprimitives=n;mscoree,mshtml=;winemenubuilder.exe=d",
            "LANG": "C.UTF-8",
        }
        env.update(more)
        return env

    def run(self, *argv, cwd=None, env=None, **options):
        """Runs `wine ARGV...`; returns the CompletedProcess with text output, CR removed. On a busy machine wine 8 now and then
        cannot start a program, be it for us or for a program that it runs: that is tried again. Or it loses a thread of its
        own while this says so: what is there of the line is left out."""
        options.setdefault("timeout", 600)
        for _ in range(5):
            done = subprocess.run(["wine", *map(str, argv)], cwd=cwd, env=self.environment(**(env or {})),
                                  stdin=subprocess.DEVNULL, capture_output=True, **options)
            done.stdout = done.stdout.decode("utf-8", "replace").replace("\r", "")
            done.stderr = re.sub("^wine client error:.*\n?", "", done.stderr.decode("utf-8", "replace").replace("\r", ""),
                                 flags=re.MULTILINE)
            if "Internal error." not in done.stdout + done.stderr:
                break
        return done

    def start(self, *argv, cwd):
        """Starts `wine ARGV...`, with pipes."""
        return subprocess.Popen(["wine", *map(str, argv)], cwd=cwd, env=self.environment(), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def cmd(self, *line, **options):
        """Runs `cmd /c LINE...`."""
        return self.run("cmd", "/c", *line, **options)

    def batch(self, directory, text, **options):
        """Runs TEXT as a batch file in DIRECTORY: the way to several commands in one session."""
        script = Path(directory) / "test.bat"
        script.write_bytes(("@echo off\n" + text).replace("\n", "\r\n").encode())
        return self.cmd("test.bat", cwd=directory, **options)

    @staticmethod
    def path(path):
        """A Linux path as Windows programs see it."""
        return "Z:" + str(path).replace("/", "\\")

    def drive(self, letter, directory):
        """Lets a directory be a drive: "E:"."""
        link = self.prefix / f"dosdevices/{letter.lower()}:"
        link.unlink(missing_ok=True)
        link.symlink_to(directory)

    def _make(self):
        self.prefix.mkdir(parents=True, exist_ok=True)
        with open(self.prefix.parent / "wine-prefix.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.prefix / "ready").exists():
                subprocess.run(["wine", "wineboot", "-i"], env=self.environment(), stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True, timeout=300)
                (self.system / "bcryptprimitives.dll").unlink(missing_ok=True)  # wine's own
            self._compile(SHIM, self.system / "bcryptprimitives.dll", "-shared", "-ladvapi32")
            self._compile(WITH_ENVIRONMENT, self.with_environment, "-municode")
            self._compile(HOLD_LOCK, self.hold_lock, "-municode")
            (self.prefix / "ready").touch()

    @staticmethod
    def _compile(source, made, *flags):
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            subprocess.run([COMPILER, "-O2", "-Wall", "-Werror", "-o", made, source, *flags], check=True)
