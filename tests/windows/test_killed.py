"""gopack.exe ended by force at what it asks of the system: what is current stays whole, and the same command then ends well."""

import shutil
import subprocess
from collections import Counter

import pytest
import releases
import sdks

OLD, NEW = "1.21.3", "1.22.5"
# Requests to wine's server, which opens, renames and removes files, are writes to a pipe.
CALLS = "write,writev,pwrite64,ftruncate,unlink,rename"
POINTS = 400 if sdks.IS_FULL else 8


@pytest.fixture
def ready(gopack, tmp_path):
    """A store with both releases, one laid out and current, and a bundle of it."""
    releases.write_mirror(tmp_path / "mirror", [OLD, NEW], ["linux-amd64"])
    gopack.must("fetch", OLD, NEW, "-p", "linux/amd64", "--source", tmp_path / "mirror")
    gopack.must("trim", OLD)
    gopack.must("bundle", "--target", tmp_path / "stick")
    return gopack


def contents(directory):
    return {path.relative_to(directory): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def current_of(place):
    return (place / "current.txt").read_text().strip()


class Trial:
    """A command that is tried again and again on copies of a store and a bundle."""

    def __init__(self, gopack, stick, line):
        self.gopack, self.stick, self.line = gopack, stick, line
        self.trace = gopack.work / "trace"
        self.saved = gopack.work / "saved"
        self.saved.mkdir()
        for place in (gopack.home, stick):
            self.copy(place, self.saved / place.name)

    def reset(self):
        for place in (self.gopack.home, self.stick):
            subprocess.run(["chmod", "-R", "u+w", place], check=True)
            shutil.rmtree(place)
            self.copy(self.saved / place.name, place)

    @staticmethod
    def copy(source, target):
        subprocess.run(["cp", "-a", source, target], check=True)

    def run(self, *options):
        environment = self.gopack.environment()
        return subprocess.run(["strace", "-f", "-qq", "-o", self.trace, *options, *self.gopack.command(self.line)], env=environment,
                              cwd=self.gopack.work, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)  # fmt: skip

    def points(self):
        """(call, number) of each call of one thread that works on the store, where no other thread has one of that number."""
        done = self.run("-s", "4096", "-e", f"trace={CALLS},newfstatat,stat,lstat")
        assert done.returncode == 0, done.stderr.decode()
        counts, working, points = Counter(), set(), []
        for line in self.trace.read_text(errors="replace").splitlines():
            thread, call = line.split(maxsplit=1)
            name = call.partition("(")[0]
            if name in CALLS.split(","):
                counts[thread, name] += 1
                points += [(thread, name, counts[thread, name])] if thread in working else []
            elif str(self.gopack.home) in call:
                working.add(thread)
        (worker, _) = Counter(thread for thread, _, _ in points).most_common(1)[0]
        return [(name, number) for thread, name, number in points
                if thread == worker and all(number > n for (other, call), n in counts.items() if call == name and other != worker)]


@pytest.mark.parametrize("line", [["trim", NEW], ["use", NEW], ["bundle", NEW, "--target", "STICK"]], ids=lambda line: line[0])
def test_current_stays_whole(ready, line, tmp_path):
    stick = tmp_path / "stick"
    if line[0] != "trim":
        ready.must("trim", NEW)
    whole = {tree.name: contents(tree) for place in (ready.home, stick) for tree in place.glob("v_*")}
    trial = Trial(ready, stick, [stick if word == "STICK" else word for word in line])
    points = trial.points()
    whole |= {tree.name: contents(tree) for place in (ready.home, stick) for tree in place.glob("v_*")}
    killed = 0
    for call, number in points[:: max(1, len(points) // POINTS)]:
        trial.reset()
        trial.run("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}")
        killed += "+++ killed by SIGKILL +++" in trial.trace.read_text(errors="replace")
        for place in (ready.home, stick):
            assert contents(place / current_of(place)) == whole[current_of(place)], f"{line} killed at {call} number {number}"
        ready.must(*trial.line)
        assert not ready("verify").status and not ready("verify", stick).status, f"{line} killed at {call} number {number}"
    assert killed >= 0.8 * min(POINTS, len(points))
