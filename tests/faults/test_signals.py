"""Interrupted at spread moments, and a second time while it ends."""

import pytest
from place import NEW, PLATFORM, Place
from signals import interrupt_fetch, interrupt_trim

TIMES = 12


@pytest.fixture
def place(tmp_path, releases):
    releases.write_mirror(tmp_path / "mirror", [NEW], [PLATFORM.replace("/", "-")])
    place = Place(tmp_path / "here", tmp_path / "mirror")
    place.root.mkdir()
    return place


def test_fetch_goes_on_where_it_was_interrupted(place, server, releases):
    releases.write_mirror(server.root, [NEW], [PLATFORM.replace("/", "-")])
    slowest, broken = interrupt_fetch(place, server, TIMES)
    assert not broken, "\n".join(broken)
    assert slowest < 1  # the promise; it takes a thirtieth of that on a machine that has much else to do


def test_an_interrupted_trim_leaves_nothing(place):
    slowest, broken = interrupt_trim(place, TIMES)
    assert not broken, "\n".join(broken)
    assert slowest < 5  # a flush of the filesystem that has begun goes on to its end, and the machine may have much to write
