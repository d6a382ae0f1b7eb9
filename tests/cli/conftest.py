"""Small releases in a directory, and a store in which they are laid out."""

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
