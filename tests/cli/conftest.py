"""Small releases in a directory, a store in which they are laid out, and a bundle of it."""

import os
import subprocess

import pytest
import releases

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


@pytest.fixture
def hook(store, tmp_path):
    """Sets the post-switch hook to a script."""

    def write(script):
        (tmp_path / "hook.sh").write_text(script)
        (store.gopack.work / "gopack.yaml").write_text(f"hooks:\n  post_switch: sh '{tmp_path}/hook.sh'\n")
        store.gopack.must("allow")

    return write


@pytest.fixture
def stick(store, tmp_path):
    store.gopack.must("bundle", "--target", tmp_path / "stick")
    return tmp_path / "stick"


def go_sh(stick):
    """Started by itself; what wine writes nobody can start, as on FAT."""
    return ["sh", stick / "go.sh"] if os.environ.get("GOPACK_BINARY", "").endswith(".exe") else [stick / "go.sh"]


def problems(store, *arguments):
    result = store.gopack("--json", "verify", *arguments)
    assert result.status == (3 if result.json["problems"] else 0)
    return [(problem["in"], problem["path"], problem["kind"]) for problem in result.json["problems"]]


def bundle(store, target, *options):
    return store.gopack.must("--json", "bundle", "--target", target, *options).json


def assert_sums_hold(stick):
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=stick, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
