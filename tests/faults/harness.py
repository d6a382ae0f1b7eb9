"""Runs a command of gopack again and again on the same small store, lets one system call fail or kills it there, and looks
at what is left.

A `Scenario` (scenarios.py) is a store (and a bundle) in some state and the command that is tried on it. `points()`
records one undisturbed run with strace and names every system call that changes a disk; `Trial.kill` and `Trial.fail`
spoil one of them. What must hold afterwards is the same for all: see `Trial`.
"""

import os
import re
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

# place.py says where the support is.
from place import NEW, OLD, OLDEST, PLATFORM, Broken, Place, contents, current, discard, remains, require
import releases  # noqa: E402
from strace import read_trace  # noqa: E402

CHANGES = (
    "openat,write,pwrite64,rename,renameat,renameat2,symlinkat,linkat,unlinkat,mkdir,mkdirat,fchmod,fchmodat,ftruncate,"
    "fsync,fdatasync,syncfs"
)
SYNCS = ("fsync", "fdatasync", "syncfs")
STATUS = {"ENOSPC": 7, "EDQUOT": 7, "EIO": 1}
REASONS = {"ENOSPC": "No space left on device", "EDQUOT": "quota exceeded", "EIO": "Input/output error"}
INVENTORIES = ("/SHA256SUMS", "/CONTENTS.txt")  # which say what is in a bundle, whatever is current
KILLED = -9


class Missed(Exception):
    """The call that was to fail did not come again with its number."""


@dataclass(frozen=True)
class Point:
    call: str  # a system call
    number: int  # which one of its kind in its thread
    place: str  # the file or directory that it is about, as strace shows it
    only: str = ""  # where set, only calls about this file or directory are counted

    def __str__(self):
        return f"{self.call} number {self.number}" + (f" about {self.only}" if self.only else "")


_LINE = re.compile(r"(\d+) +(\w+)\((.*)")


def _changes_disk(call, arguments):
    if call == "openat":
        return "O_CREAT" in arguments
    return call != "write" or re.match(r"\d+</", arguments) and not re.match(r"[12]<", arguments)


def _path_in(arguments):
    path = re.search(r"<([^>]*)>", arguments)
    return path[1] if path else ""


_CHANCE = re.compile(r"[0-9a-f]+\.tmp\b")  # in names that are different in each run


def _points_in(trace):
    """(point, the same counted at its place, arguments) of each call in `trace`, counted as strace counts when it injects."""
    counts = Counter()
    for line in read_trace(trace):
        if found := _LINE.match(line):
            thread, call, arguments = found.groups()
            path = _path_in(arguments)
            place = _CHANCE.sub("", path)  # as in run_failing
            counts.update([(thread, call), (thread, call, path)])
            yield Point(call, counts[thread, call], place), Point(call, counts[thread, call, path], place, path), arguments


class Trial:
    """A scenario, prepared once; each kill() or fail() works on a copy of it and raises Broken when one of these does
    not hold:

    - `current` names what it named before or what the command makes it, and that is whole;
    - every tree that is listed is whole, or at least no worse than before;
    - the launchers of a bundle start it;
    - the same command then works, and after it and `gc` everything is as if nothing had happened.
    After a failure also: its status and message are right, `current` and what was there are as before, and nothing is
    left over.
    """

    def __init__(self, scenario, directory=None):
        self.scenario = scenario
        self.directory = Path(tempfile.mkdtemp(prefix="gopack-faults-", dir=directory or _fast_directory()))
        mirror = self.directory / "mirror"
        releases.write_mirror(mirror, [OLDEST, OLD, NEW], [PLATFORM.replace("/", "-")])
        self.trace = self.directory / "trace"
        self.before = Place(self.directory / "before", mirror)
        self.before.root.mkdir()
        scenario.prepare(self.before)
        self.home_before = self.before.root / scenario.home
        self.problems = self.before.problems(self.home_before) if self.home_before.exists() else set()
        # Modes and times of what is there are part of the comparison, so the undisturbed run is one like all others.
        whole = self.before.copy(self.directory / "whole")
        whole.must(*scenario.words(whole))
        self.current_after = current(whole.root / scenario.home)
        self.finish(whole)
        self.expected = contents(whole.root / scenario.home)

    def close(self):
        discard(self.directory)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def copy(self):
        work = self.directory / "work"
        if work.exists():
            discard(work)
        return self.before.copy(work)

    def finish(self, place):
        if self.scenario.finish:
            self.scenario.finish(place)
        else:
            place.must(*self.scenario.words(place))
        place.must("--home", place.root / self.scenario.home, "gc")

    def points(self):
        """Every call that changes a disk, and each close of a file that was written."""
        place = self.copy()
        strace = ["strace", "-f", "-y", "-qq", "-o", self.trace, "-e", f"trace={CHANGES},close"]
        require(place.run("-q", *self.scenario.words(place), before=strace).returncode == 0, "strace does not work here")
        found, met, written = [], set(), set()
        for point, at_place, arguments in _points_in(self.trace):
            # strace counts in each thread: of equal numbers the first one is met; the others are told by their place.
            reachable = [p for p in (point, at_place) if (p.call, p.number, p.only) not in met]
            met.update((p.call, p.number, p.only) for p in reachable)
            file = arguments.split(">")[0]  # "3</its/path"
            if not _changes_disk(point.call, arguments) or point.call == "close" and file not in written:
                continue
            if point.call == "write":
                written.add(file)
            elif point.call == "close":
                written.remove(file)
            found += [p for p in reachable if not _CHANCE.search(p.only)][:1]
        return found

    def run_with(self, place, point, injection):
        # Not with --seccomp-bpf: strace 6.1 then delivers no signals.
        strace = ["strace", "-f", "-y", "-qq", "-o", self.trace, "-e", f"trace={point.call}"]
        strace += ["-P", point.only] if point.only else []
        inject = ["-e", f"inject={point.call}:{injection}:when={point.number}"]
        return place.run("-q", *self.scenario.words(place), before=strace + inject)

    def run_failing(self, point, error):
        """A copy, and the run in which that call failed there. Which thread is the last to let go of a file is left to
        chance, so that the call with this number may be another one."""
        for _ in range(5):
            place = self.copy()
            done = self.run_with(place, point, f"error={error}")
            failed = [line for line in self.trace.read_text().splitlines() if "(INJECTED)" in line]
            if any(point.place in _CHANCE.sub("", line) for line in failed):
                return place, done
        raise Missed

    def kill(self, point):
        for _ in range(5):  # as in run_failing
            place = self.copy()
            done = self.run_with(place, point, "signal=KILL")
            if done.returncode == KILLED:
                self.check(place)
                return
            require(done.returncode == 0, "was not killed, but ended with", done.returncode, done.stderr)
        raise Missed

    def fail(self, point, error):
        place, done = self.run_failing(point, error)
        home = place.root / self.scenario.home
        if done.returncode == 0:
            is_optional = ".gopack-probe" in point.place or point.place.endswith(".index.")  # an index only saves work
            require(is_optional or point.call not in (*SYNCS, "close"), "says that all is well though it is not")
        else:
            # What fails while a target is probed is taken for something that it cannot do.
            is_probing = ".gopack-probe" in point.place
            is_right = done.returncode == STATUS[error] or is_probing and done.returncode in STATUS.values()
            require(is_right, "ended with", done.returncode, done.stderr)
            # Another thread's call with that number fails as well: it may be the one that prints, or that tidies up.
            failed = [line for line in self.trace.read_text().splitlines() if "(INJECTED)" in line]
            is_mute = any("write(2<" in line for line in failed)
            says_why = REASONS[error] in done.stderr and str(self.directory) in done.stderr
            require(says_why or is_mute or is_probing and str(self.directory) in done.stderr, "says only", done.stderr)
            require(current(home) == current(self.home_before), "changed what is current")
            if self.scenario.name not in ("gc", "remove", "repair"):
                old, new = contents(self.home_before), contents(home)
                lost = {name for name in old if new.get(name) != old[name] and name not in INVENTORIES}
                require(not lost, "changed", sorted(lost)[:5])
            if self.scenario.name != "gc" and point.call != "unlinkat" and len(failed) == 1:
                require(not remains(home), "left", remains(home))
        self.check(place)

    def check(self, place):
        home = place.root / self.scenario.home
        if (home / ".gopack").exists():
            now = current(home)
            require(now in (current(self.home_before), self.current_after), "current is", now)
            worse = place.problems(home) - self.problems
            require(not worse, "verify finds", sorted(worse)[:5])
            if now:
                require((home / now).is_dir(), now, "is not there")
            if (home / "go.sh").exists():
                self.check_launcher(home, now)
        self.finish(place)
        found = contents(home)
        different = {name for name in found.keys() | self.expected.keys() if found.get(name) != self.expected.get(name)}
        require(not different, "differs in the end:", [(n, found.get(n), self.expected.get(n)) for n in sorted(different)[:3]])

    @staticmethod
    def check_launcher(home, now):
        if now is None:
            return
        line = ["sh", home / "go.sh", "--data-dir", home.parent / "data", "version"]
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        version = (home / now / "VERSION").read_text().split()[0]
        require(done.returncode == 0 and version in done.stdout, "go.sh says", done.stdout, done.stderr)


def _fast_directory():
    """Memory, where there is some: what reaches a disk is another question (power_cut.py)."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def kinds():
    return ["kill", *STATUS]


def natural(point, kind):
    """Whether that error can come of that call."""
    if kind == "kill":
        return point.call != "close"
    return kind == "EIO" or point.call not in ("unlinkat", "fchmod")


def sample(points, each):
    """At most `each` of every system call, evenly."""
    chosen = []
    for call in sorted({point.call for point in points}):
        same = [point for point in points if point.call == call]
        count = min(each, len(same))
        chosen += [same[i * (len(same) - 1) // max(1, count - 1)] for i in range(count)]
    return chosen


def sweep(trial, kind, points):
    """(how many were tried, what was broken, as text)"""
    broken, missed = [], 0
    for point in points:
        try:
            trial.kill(point) if kind == "kill" else trial.fail(point, kind)
        except Missed:
            missed += 1
        except Broken as problem:
            broken.append(f"{trial.scenario.name}, {kind} at {point}: {problem}")
    return len(points) - missed, broken
