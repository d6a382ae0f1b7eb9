"""Where faults are tried: a directory with a small store and a bundle, what is done there, and what must hold of it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "support"))
from files import listing  # noqa: E402

GOPACK = Path(os.environ.get("GOPACK_BINARY", TESTS.parent / "build/dev/apps/gopack/gopack")).resolve()
OLDEST, OLD, NEW = "1.20.3", "1.21.3", "1.22.5"
PLATFORM = "linux/amd64"
SANITIZERS = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")
TIMEOUT = 60  # seconds after which a run has failed


class Broken(AssertionError):
    """A promise that did not hold."""


def require(condition, *what):
    if not condition:
        raise Broken(" ".join(map(str, what)))


@dataclass(frozen=True)
class Place:
    """A directory of a trial's own with a store and, for some, a bundle."""

    root: Path
    mirror: Path

    @property
    def store(self):
        return self.root / "store"

    @property
    def target(self):
        return self.root / "stick"

    def environment(self):
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.root),
            "GOPACK_HOME": str(self.store),
            "GOPROXY": "off",
            "LANG": "C.UTF-8",
            **{name: os.environ[name] for name in SANITIZERS if name in os.environ},
        }

    def run(self, *arguments, before=(), environment=None):
        """Runs gopack, after the words `before`: strace and its options."""
        return subprocess.run(
            [*map(str, before), GOPACK, "--jobs", "1", *map(str, arguments)],
            env=self.environment() | (environment or {}),
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )

    def start(self, *arguments, before=()):
        return subprocess.Popen(
            [*map(str, before), GOPACK, "--jobs", "2", *map(str, arguments)],
            env=self.environment(),
            cwd=self.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def must(self, *arguments):
        done = self.run(*arguments)
        require(done.returncode == 0, *arguments, "ended with", done.returncode, done.stdout, done.stderr)
        return done.stdout

    def json(self, *arguments):
        return json.loads(self.must("--json", *arguments))

    def trees(self, home):
        return {tree["release"]: tree["id"] for tree in self.json("--home", home, "list")["trees"]}

    def problems(self, home):
        done = self.run("--json", "--home", home, "verify")
        require('"problems"' in done.stdout, "verify ended with", done.returncode, done.stdout, done.stderr)
        return {(p["in"], p["path"]) for p in json.loads(done.stdout)["problems"]}

    def copy(self, root):
        subprocess.run(["cp", "-a", "--reflink=auto", self.root, root], check=True)
        return Place(root, self.mirror)


def discard(path):
    if os.geteuid() != 0:  # trees are read-only
        subprocess.run(["chmod", "-R", "u+w", path], check=True)
    shutil.rmtree(path)


def current(home):
    link = home / "current"
    return os.readlink(link) if link.is_symlink() else None


def contents(home):
    """What must be the same in the end; the history tells of interrupted switches, too."""
    return {
        name.removeprefix(str(home)): what
        for name, what in listing(home).items()
        if not name.endswith("/.gopack/history")
    }


def remains(home):
    """What a failure must not leave behind."""
    places = [home, home / ".gopack", home / ".gopack/staging", home / "shared/gopath"]
    names = [path for place in places if place.is_dir() for path in place.iterdir()]
    return [path for path in names if path.name.endswith(".tmp") or path.parent.name == "staging"]
