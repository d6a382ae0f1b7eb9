"""Small releases in a directory, and a store in which they are laid out."""

import pytest

OLD, NEW = "1.21.3", "1.22.5"


@pytest.fixture
def mirror(tmp_path, releases):
    """A directory with the archives of OLD and NEW for linux/amd64."""
    releases.write_mirror(tmp_path / "mirror", [OLD, NEW], ["linux-amd64"])
    return tmp_path / "mirror"


@pytest.fixture
def fetched(gopack, mirror):
    gopack.must("fetch", OLD, NEW, "-p", "linux/amd64", "--source", mirror)
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
def store(fetched):
    fetched.must("trim", "--profile", "minimal")
    return Store(fetched)
