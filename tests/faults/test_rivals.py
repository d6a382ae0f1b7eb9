"""Several gopacks at once, and commands that run in trees which somebody wants to remove."""

import subprocess

import pytest
from place import NEW, OLD, OLDEST, PLATFORM, Place
from rivals import race, rush

ROUNDS = 10


@pytest.fixture
def place(tmp_path, releases):
    releases.write_mirror(tmp_path / "mirror", [OLDEST, OLD, NEW], [PLATFORM.replace("/", "-")])
    place = Place(tmp_path / "here", tmp_path / "mirror")
    place.root.mkdir()
    return place


def test_eight_at_once_lose_nothing(place):
    assert race(place, ROUNDS) == []


def test_one_download_for_all(place, server, releases):
    releases.write_mirror(server.root, [NEW], [PLATFORM.replace("/", "-")])
    assert rush(place, server, 2) == []


@pytest.fixture
def running(place):
    """A command in the tree of OLDEST, which nothing else needs, until its input is closed."""
    for version in (OLD, OLDEST):
        place.must("fetch", version, "-p", PLATFORM, "--source", place.mirror)
        place.must("trim", version, "--profile", "minimal")
    # The shell starts a program of its own: that has the lease, too.
    line = ["exec", OLDEST, "--", "sh", "-c", "echo ready; cat; cat VERSION 2>&1; :"]
    process = place.start(*line)
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.wait()


def test_a_tree_in_use_stays(place, running):
    tree = place.trees(place.store)["go" + OLDEST]
    gc = ("--json", "gc", "--trees-except", OLD)
    assert tree not in place.must(*gc, "--dry-run") and tree not in place.must(*gc)
    for line in (["remove", OLDEST], ["remove", OLDEST, tree]):
        refused = place.run(*line)
        assert refused.returncode == 5 and tree in refused.stderr
    assert place.problems(place.store) == set() and tree in place.trees(place.store).values()
    running.communicate("")
    assert tree in place.must(*gc, "--dry-run")
    place.must("remove", OLDEST)
    assert tree not in place.trees(place.store).values()


def test_a_lease_outlives_gopack_and_ends_with_the_command(place, running):
    tree = place.trees(place.store)["go" + OLDEST]
    lock = ["flock", "--nonblock", "--exclusive", place.store / f"{tree}.json", "true"]
    assert subprocess.run(lock, check=False).returncode != 0
    running.communicate("")
    assert subprocess.run(lock, check=False).returncode == 0
