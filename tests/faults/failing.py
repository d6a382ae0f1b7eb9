"""Lets one allocation or system call of a command fail (fail_nth.c), at each place in the program that makes one."""

import os
import subprocess
from collections import namedtuple
from pathlib import Path

from files import listing
from harness import Missed, Trial
from place import Broken, contents, remains, require

KINDS = ("alloc", "call")
# What a failure may end with; 127 is the system's loader, when it gets no memory.
STATUSES = {"alloc": (0, 1, 127), "call": range(0, 8)}
Point = namedtuple("Point", "place number")  # a stack of callers, and which one of the calls that come from there

# Of the sanitizer's run-time, which insists on being the first library; no other failure has the status 99.
SANITIZER = "verify_asan_link_order=0:exitcode=99"


def build_library(directory):
    library = Path(directory) / "fail_nth.so"
    source = Path(__file__).with_name("fail_nth.c")
    options = ["-O1", "-shared", "-fPIC", "-fexceptions", "-Wall", "-Wextra", "-Werror"]
    subprocess.run(["cc", *options, "-o", library, source], check=True)
    return library


class Failing:
    """The command of a Trial with one thing that fails."""

    def __init__(self, trial, library, kind):
        self.trial = trial
        self.kind = kind
        self.places, self.stack = trial.directory / "places", trial.directory / "stack"
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAIL_KIND": kind,
            "FAIL_LIST": str(self.places),
            "FAIL_STACK": str(self.stack),
            "ASAN_OPTIONS": f"{os.environ.get('ASAN_OPTIONS', '')}:{SANITIZER}",
        }
        self.place = trial.copy()
        self.undisturbed = self._run()
        require(self.undisturbed.returncode == 0, self.undisturbed.stderr)
        self.home = self.place.root / trial.scenario.home
        self.made = self._made()
        self.counts = [line.split() for line in self.places.read_text().splitlines()]
        del self.environment["FAIL_LIST"]
        self.place = trial.copy()
        self.before = self._state()
        self.sound = set()  # the states that were found sound: there are few, and many failures that lead to them

    def _state(self):
        return frozenset(listing(self.place.root).items())

    def _made(self):
        """What the command has made; its leftovers are taken away by `gc`."""
        left = tuple(str(path).removeprefix(str(self.home)) for path in remains(self.home))
        return {name: what for name, what in contents(self.home).items() if not name.startswith(left)}

    def _run(self, **environment):
        words = self.trial.scenario.words(self.place)
        return self.place.run("-q", *words, environment=self.environment | environment)

    def points(self):
        """The first allocation of each place; every system call, for each may be about another file."""
        is_each = self.kind == "call"
        return [Point(place, n + 1) for place, count in self.counts for n in range(int(count) if is_each else 1)]

    def _judge(self, done):
        require(done.returncode in STATUSES[self.kind], "ended with", done.returncode, done.stderr[-300:])
        require(done.returncode == 0 or done.stderr, "says nothing")
        if done.returncode == 0:  # fine where the command did without
            # What these could not read they have written as well.
            is_more = self.trial.scenario.name in ("repair", "bundle")
            require(is_more or done.stdout == self.undisturbed.stdout, "says", done.stdout)
            require(self._made() == self.made, "says that all is well though it is not")

    def _fail(self, point):
        """The run in which that call failed. Which thread comes first, and so who allocates, is left to chance."""
        for _ in range(5):
            done = self._run(FAIL_AT=point.place, FAIL_NTH=str(point.number))
            if self.stack.stat().st_size > 0:
                return done
            self.place = self.trial.copy()
        raise Missed

    def _try(self, point):
        done = self._fail(point)
        state = self._state()
        try:
            self._judge(done)
            if state not in self.sound:
                self.trial.check(self.place)
                self.sound.add(state)
                state = None
        finally:
            if state != self.before:
                self.place = self.trial.copy()

    def try_points(self, points):
        """(how many were tried, what was broken, as text)"""
        broken, missed = [], 0
        for point in points:
            try:
                self._try(point)
            except Missed:
                missed += 1
            except Broken as problem:
                what = f"{self.trial.scenario.name}, {self.kind} {point.number} at {point.place} fails: {problem}"
                broken.append(f"{what}\n{self.stack.read_text()}")
        return len(points) - missed, broken


def distinct_points(scenarios, library, kind):
    """(scenario, its points; of allocations, those whose place no scenario before it has)."""
    known = set()
    for scenario in scenarios:
        with Trial(scenario) as trial:
            points = Failing(trial, library, kind).points()
        yield scenario, [point for point in points if point.place not in known]
        if kind == "alloc":  # calls are told apart by what they are about, too
            known.update(point.place for point in points)
