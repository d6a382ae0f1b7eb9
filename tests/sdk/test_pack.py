"""Packs and deltas of real releases: what comes out is the tree, and an update is a few bytes."""

import filecmp
import json
import os
import subprocess

import pytest
import sdks
from server import Server

# Of the first, Go's runtime is another in both: programs differ nearly everywhere. The second is an ordinary patch release.
PAIRS = {("go1.23.11", "go1.23.12"): 3_000_000}
if os.environ.get("GOPACK_FULL"):
    PAIRS |= {("go1.26.7", "go1.26.8"): 200_000, ("go1.24.12", "go1.24.13"): 1_000_000, ("go1.22.11", "go1.22.12"): 3_000_000,
              ("go1.21.12", "go1.21.13"): None, ("go1.20.13", "go1.20.14"): None, ("go1.25.13", "go1.25.14"): None,
              ("go1.26.9", "go1.26.10"): None, ("go1.18.9", "go1.18.10"): None, ("go1.22.12", "go1.23.12"): None,
              ("go1.25.14", "go1.26.10"): None, ("go1.23.12", "go1.24.13"): None}  # fmt: skip
PROFILES = ["minimal", "developer", "full"] if os.environ.get("GOPACK_FULL") else ["minimal"]


def files_of(directory):
    return sorted(path.relative_to(directory) for path in directory.rglob("*"))


def assert_same_tree(one, other):
    assert files_of(one) == files_of(other)
    paths = [path for path in files_of(one) if (one / path).is_file()]
    assert filecmp.cmpfiles(one, other, paths, shallow=False)[1:] == ([], [])


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_an_update_is_small_and_right(runner, tmp_path, pair, profile):
    """Packed, signed, served, pulled: first the older tree, then the newer one by the delta, where there is one."""
    gopack, other = runner(tmp_path / "builder"), runner(tmp_path / "machine")
    mirror = sdks.mirror(tmp_path / "mirror", [sdks.official(release) for release in pair])
    gopack.must("-q", "fetch", *pair, "--source", mirror)
    gopack.must("-q", "--durability", "fast", "trim", "--profile", profile)
    gopack.must("key", "new", tmp_path / "team")
    packed = json.loads(gopack.must("--json", "pack", "-o", tmp_path / "packs", "--sign", tmp_path / "team.key", "--delta-from", pair[0]).stdout)
    [delta] = packed["deltas"]
    most = PAIRS[pair]
    if most and profile == "minimal":
        assert delta["kept"] and delta["bytes"] <= most
    trust = ["--trust", tmp_path / "team.pub", "--durability", "fast"]
    with Server(tmp_path / "packs") as server:
        for release in pair:
            before = len(server.requests)
            [pulled] = json.loads(other.must("--json", "pull", server.url, release, *trust).stdout)["trees"]
        if delta["kept"]:
            assert pulled["delta_from"] == delta["from"] and len(server.requests) - before <= 6
    assert pulled["id"] == delta["to"]
    assert_same_tree(gopack.home / delta["to"], other.home / delta["to"])
    other.must("verify")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "GOROOT": str(other.home / delta["to"])}
    version = subprocess.run([other.home / delta["to"] / "bin/go", "version"], env=environment, check=True, capture_output=True, text=True)
    assert pair[1] in version.stdout
