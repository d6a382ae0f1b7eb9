"""What tests of the program share: the program itself, a web server, releases to serve."""

import fcntl
import functools
import json
import os
import re
import shlex
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
sys.path.insert(0, str(TESTS / "support"))
import releases as releases_support  # noqa: E402
import sdks  # noqa: E402
import server as server_support  # noqa: E402
import wine as wine_support  # noqa: E402

DEFAULT_BINARY = TESTS.parent / "build/dev/apps/gopack/gopack"
# What a machine may lack that no package brings, as the reasons of skipped tests name it.
NOT_TO_BE_HAD = re.compile(r"root|sanitizer|Landlock|binfmt_misc|cannot mount|/dev/")
TIMEOUT = 120  # seconds after which a run has failed
WINDOWS_PATH = re.compile(r"Z:((?:\\{1,2}(?:(?!Z:\\)[^\\/:*?\"<>|\n'`])+)*\\{0,2})")  # below the root of this system
PASSED_ON = ("ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS")


def wait_until(condition):
    """For what another process is about to do and tells nobody; the time it takes decides nothing."""
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


@dataclass(frozen=True)
class Result:
    status: int
    stdout: str
    stderr: str

    @property
    def json(self):
        return json.loads(self.stdout)

    @property
    def error(self):
        """{"kind", "message", "hint"} of a run with --json that failed."""
        return self.json["error"]


class Gopack:
    """Runs the program with a home directory and a store of its own; nothing else of the caller's is inherited."""

    is_windows = False

    def __init__(self, binary, directory):
        self.binary = binary
        self.user_home = directory / "user"
        self.home = directory / "store"
        self.work = directory / "work"
        self.user_home.mkdir()
        self.work.mkdir()

    @property
    def settings(self):
        """The user's."""
        return self.user_home / ".config/gopack/gopack.yaml"

    @property
    def downloads(self):
        return self.home / "downloads"

    @staticmethod
    def current(place):
        """What the pointer of a store or a bundle leads to."""
        return os.readlink(place / "current")

    @staticmethod
    def from_windows(text):
        """What gopack.exe has written, with paths as this system has them."""
        return text

    @staticmethod
    def to_windows(value):
        """A path as gopack.exe knows it."""
        return str(value)

    @property
    def is_sanitized(self):
        """Built with a sanitizer, which needs memory and makes system calls of its own."""
        return any(mark in self.binary.read_bytes() for mark in (b"__asan_init", b"__tsan_init"))

    def environment(self, **more):
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.user_home),
            "GOPACK_HOME": str(self.home),
            "GOPROXY": "off",
            "LANG": "C.UTF-8",
        }
        return environment | {name: os.environ[name] for name in PASSED_ON if name in os.environ} | more

    def command(self, arguments):
        return [self.binary, *map(str, arguments)]

    def put(self, path):
        """Makes the program a file that shells of this system start."""
        path.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, self.command([])))} "$@"\n')
        path.chmod(0o755)

    def __call__(self, *arguments, env=None, cwd=None):
        done = subprocess.run(
            self.command(arguments),
            env=self.environment(**(env or {})),
            cwd=cwd or self.work,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=TIMEOUT,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def must(self, *arguments, **options):
        """Runs what has to succeed."""
        result = self(*arguments, **options)
        assert result.status == 0, result.stdout + result.stderr
        return result

    @staticmethod
    @contextmanager
    def locked(path):
        """As by another gopack that is at work."""
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def start(self, *arguments, env=None):
        """For runs that are to be stopped; the caller waits for the end."""
        return subprocess.Popen(
            self.command(arguments),
            env=self.environment(**(env or {})),
            cwd=self.work,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


class WindowsGopack(Gopack):
    """gopack.exe under wine. Tests name paths as this system has them, and read them so."""

    is_windows = True
    wine = None  # the same for all

    @property
    def settings(self):
        return self.user_home / "AppData/Roaming/gopack/gopack.yaml"

    def environment(self, **more):
        set_by_wine = {
            "APPDATA": self.user_home / "AppData/Roaming",
            "LOCALAPPDATA": self.user_home / "AppData/Local",
            "USERPROFILE": self.user_home,
        }
        environment = {name: value for name, value in super().environment().items() if name not in ("PATH", "HOME")}
        environment |= {f"SET_{name}": value for name, value in (set_by_wine | more).items()}
        return self.wine.environment(**{name: self.to_windows(value) for name, value in environment.items()})

    def command(self, arguments):
        return ["wine", self.wine.with_environment, self.binary, *map(self.to_windows, arguments)]

    def __call__(self, *arguments, **options):
        result = super().__call__(*arguments, **options)
        return Result(result.status, self.from_windows(result.stdout), self.from_windows(result.stderr))

    @staticmethod
    def current(place):
        return (place / "current.txt").read_text().strip()

    @contextmanager
    def locked(self, path):
        words = ["wine", self.wine.hold_lock, self.to_windows(path)]
        with subprocess.Popen(words, env=self.wine.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            assert holder.stdout.readline().strip() == b"locked"
            yield
            holder.stdin.close()

    @staticmethod
    def to_windows(value):
        if "file:///" in str(value):
            return str(value).replace("file:///", "file:///Z:/")
        option, is_option, path = str(value).partition("=")
        if is_option and option.startswith("--") and path.startswith("/"):
            return f"{option}={wine_support.Wine.path(path)}"
        return wine_support.Wine.path(value) if str(value).startswith("/") else str(value)

    @staticmethod
    def from_windows(text):
        return WINDOWS_PATH.sub(lambda path: path[1].replace("\\\\", "/").replace("\\", "/"), text)


def pytest_collection_modifyitems(items):
    """With gopack.exe, tests that wine_support.failing() lists have to fail, so that the list stays right."""
    if not os.environ.get("GOPACK_BINARY", "").endswith(".exe"):
        return
    listed = wine_support.failing()
    for item in items:
        file = f"{item.path.relative_to(TESTS)}::"
        names = {file + item.originalname, file + item.name.replace(" ", "_")}
        for test, reason in listed.items():
            if test in names or (test.endswith("*") and any(name.startswith(test[:-1]) for name in names)):
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True, run=not reason.startswith("not tried")))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    """With GOPACK_NO_SKIP, which ./check sets, a test that is skipped for want of a program has failed."""
    report = (yield).get_result()
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("GOPACK_NO_SKIP"):
        reason = report.longrepr[2]
        if not NOT_TO_BE_HAD.search(reason):
            report.outcome = "failed"
            report.longrepr = f"{reason}; with GOPACK_NO_SKIP that is a failure"


@pytest.fixture(scope="session")
def gopack_binary():
    binary = Path(os.environ.get("GOPACK_BINARY", DEFAULT_BINARY)).resolve()
    assert os.access(binary, os.X_OK), f"{binary} is not there: build it, or name it in GOPACK_BINARY"
    return binary


@pytest.fixture(scope="session")
def gopack_in(gopack_binary):
    """Makes a Gopack in a directory."""
    if gopack_binary.suffix != ".exe":
        yield functools.partial(Gopack, gopack_binary)
        return
    with wine_support.Wine(sdks.CACHE).kept_running() as WindowsGopack.wine:
        yield functools.partial(WindowsGopack, gopack_binary)


@pytest.fixture
def gopack(gopack_in, tmp_path):
    return gopack_in(tmp_path)


@pytest.fixture
def releases():
    """The maker of small releases (tests/support/releases.py)."""
    return releases_support


@pytest.fixture
def server(tmp_path):
    """A server of an empty directory, `server.root`."""
    root = tmp_path / "www"
    root.mkdir()
    with server_support.Server(root) as running:
        yield running
