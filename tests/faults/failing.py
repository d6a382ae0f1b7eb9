"""Lets allocation or system call number N of a command fail (fail_nth.c), for N up to the last one."""

import subprocess
from pathlib import Path

from harness import GOPACK, Broken, require

ABORTED = -6  # a library that cannot go on without memory; nothing worse is accepted
IS_SANITIZED = b"__asan_init" in GOPACK.read_bytes()
KINDS = ("call",) if IS_SANITIZED else ("alloc", "call")  # the sanitizer has an allocator of its own


def build_library(directory):
    library = Path(directory) / "fail_nth.so"
    source = Path(__file__).with_name("fail_nth.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def _preload(library):
    """The sanitizer's runtime has to come first."""
    if not IS_SANITIZED:
        return str(library)
    runtime = subprocess.run(["cc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True).stdout
    return f"{Path(runtime.strip()).resolve()}:{library}"


class Failing:
    """The command of a Trial with one thing that fails."""

    def __init__(self, trial, library, kind):
        self.trial = trial
        self.environment = {"LD_PRELOAD": _preload(library), "FAIL_KIND": kind}
        self.kind = kind

    def _run(self, place, number, **more):
        environment = self.environment | {"FAIL_NTH": str(number)} | more
        return place.run("-q", *self.trial.scenario.words(place), environment=environment)

    def count(self):
        report = self.trial.directory / "count"
        done = self._run(self.trial.copy(), 0, FAIL_COUNT=str(report))
        require(done.returncode == 0, done.stderr)
        return int(report.read_text())

    def try_numbers(self, numbers):
        """What was broken; a status of 0 is fine where the command did without."""
        broken = []
        for number in numbers:
            place = self.trial.copy()
            done = self._run(place, number)
            try:
                expected = range(0, 8) if self.kind == "call" else (*range(0, 8), 127, ABORTED)
                require(done.returncode in expected, "ended with", done.returncode, done.stderr[-300:])
                require(done.returncode == 0 or done.stderr, "says nothing")
                self.trial.check(place)
            except Broken as problem:
                broken.append(f"{self.trial.scenario.name}, {self.kind} {number} fails: {problem}")
        return broken
