"""Small releases in a directory, a store in which they are laid out, and a bundle of it."""

import json
import os
import subprocess

import pytest
import releases
from files import overwrite

OLD, NEW = "1.21.3", "1.22.5"


@pytest.fixture(scope="session")
def prepared(gopack_in, tmp_path_factory):
    """Made once, for copies: `mirror`, the store `fetched` from it, and `store`, where both are laid out."""
    directory = tmp_path_factory.mktemp("prepared")
    releases.write_mirror(directory / "mirror", [OLD, NEW], ["linux-amd64"])
    gopack = gopack_in(directory)
    gopack.must("fetch", OLD, NEW, "-p", "linux/amd64", "--source", directory / "mirror")
    copy(gopack.home, directory / "fetched")
    for release in (OLD, NEW):  # the first one becomes current
        gopack.must("trim", release)
    return directory


@pytest.fixture(scope="session")
def prepared_here(gopack_in, prepared, tmp_path_factory):
    """The same for the system that gopack runs on."""
    directory = tmp_path_factory.mktemp("prepared_here")
    gopack = gopack_in(directory)
    if not gopack.is_windows:
        return prepared
    releases.write_mirror(directory / "mirror", [OLD, NEW], ["windows-amd64"])
    gopack.must("fetch", OLD, NEW, "-p", "windows/amd64", "--source", directory / "mirror")
    gopack.must("trim", OLD)
    gopack.must("trim", NEW)
    return directory


def copy(source, target):
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True)


@pytest.fixture
def mirror(tmp_path, prepared):
    """A directory with the archives of OLD and NEW for linux/amd64."""
    copy(prepared / "mirror", tmp_path)
    return tmp_path / "mirror"


@pytest.fixture
def fetched(gopack, prepared):
    copy(prepared / "fetched", gopack.home)
    return gopack


class Store:
    """The store of a Gopack with the names of its trees: `old` (which is current) and `new`."""

    def __init__(self, gopack):
        self.gopack = gopack
        trees = {tree["release"]: tree["id"] for tree in gopack.must("--json", "list").json["trees"]}
        self.old, self.new = trees["go" + OLD], trees["go" + NEW]

    @property
    def home(self):
        return self.gopack.home

    @property
    def current(self):
        [tree] = [tree["id"] for tree in self.gopack.must("--json", "list").json["trees"] if tree["current"]]
        return tree


@pytest.fixture
def store(gopack, prepared):
    copy(prepared / "store", gopack.home)
    return Store(gopack)


class Hook:
    """Sets the post-switch hook to a script, for Windows to `batch`, where that is not the same."""

    def __init__(self, store, directory):
        self.store, self.directory = store, directory
        self.event = directory / "event"

    def __call__(self, script, batch=None):
        gopack = self.store.gopack
        command = f"sh '{self.directory}/hook.sh'"
        (self.directory / "hook.sh").write_text(script)
        if gopack.is_windows:
            command = gopack.to_windows(self.directory / "hook.bat")
            (self.directory / "hook.bat").write_text(f"@echo off\n{batch or script}\n", newline="\r\n")
        (gopack.work / "gopack.yaml").write_text(f"hooks:\n  post_switch: {command}\n")
        gopack.must("allow")

    def record(self):
        """Has it write what it is given."""
        self(f"cat >'{self.event}'", f'set /p event=\necho %event%>{self.store.gopack.to_windows(self.event)}')

    def recorded(self):
        """As JSON, which is taken away."""
        event = json.loads(self.store.gopack.from_windows(self.event.read_text()))
        self.event.unlink()
        return event


@pytest.fixture
def hook(store, tmp_path):
    return Hook(store, tmp_path)


@pytest.fixture
def stick(store, tmp_path):
    store.gopack.must("bundle", "--target", tmp_path / "stick")
    return tmp_path / "stick"


def go_sh(stick):
    """What starts Go. Windows writes it to FAT, where all files are executable; what wine writes none is."""
    if os.environ.get("GOPACK_BINARY", "").endswith(".exe"):
        subprocess.run(["find", stick, "-type", "f", "-exec", "chmod", "a+x", "{}", "+"], check=True)
    return [stick / "go.sh"]


def current_tree(gopack):
    return gopack.home / gopack.current(gopack.home)


def lose_pointer(place):
    """Nothing says any more what is current in a store or a bundle."""
    for name in ("current", "current.txt"):
        (place / name).unlink(missing_ok=True)


def damage_mode(gopack, path):
    """Makes a file of a tree executable. Windows keeps no such modes: there other content damages it."""
    if gopack.is_windows:
        overwrite(path)
    else:
        path.chmod(0o555)


def fails(gopack, status, *arguments, **options):
    """Runs what has to end with that status."""
    result = gopack(*arguments, **options)
    assert result.status == status, result.stdout + result.stderr
    return result


def problems(store, *arguments):
    result = store.gopack("--json", "verify", *arguments)
    assert result.status == (3 if result.json["problems"] else 0)
    return [(problem["in"], problem["path"], problem["kind"]) for problem in result.json["problems"]]


def bundle(store, target, *options):
    return store.gopack.must("--json", "bundle", "--target", target, *options).json


def assert_sums_hold(stick):
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=stick, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
