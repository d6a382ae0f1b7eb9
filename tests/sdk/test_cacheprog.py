"""`gopack cacheprog` and `gopack cache` with real Go: what one machine has compiled no other one compiles again."""

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import gocache
import pytest
import sdks
import slow_share
from conftest import Sdk

PROGRAMS = Path(__file__).with_name("programs")
# What the program needs of the standard library that is compiled without the runtime, in seconds.
LEAVES = "internal/abi", "internal/chacha8rand", "internal/stringslite", "internal/sync", "math", "unicode/utf8"


class Machine(Sdk):
    """Builds a program in a directory of its own, without cgo."""

    def compiled(self, *packages, **environment):
        """The packages of the standard library that the build compiles, and what it says beside that."""
        lines = self.must("build", "-v", *packages, CGO_ENABLED="0", **environment).stderr.splitlines()
        return [line for line in lines if " " not in line and not line.startswith("programs")], [line for line in lines if " " in line]

    def compiled_for_program(self, **environment):
        compiled = self.compiled("-o", "program", "./hello", **environment)
        assert subprocess.run([self.work / "program"], capture_output=True, check=False).returncode == 7
        return compiled


@pytest.fixture(scope="module")
def machines(runner, tmp_path_factory):
    """machines(release): a new machine with the release and nothing else."""
    base = tmp_path_factory.mktemp("machines")
    trees = {}

    def make(release):
        if release not in trees:
            gopack = runner(base / f"store-{release}")
            gopack.must("fetch", release, "-p", "linux/amd64", "--source", sdks.mirror(base / f"mirror-{release}", [sdks.official(release)]))
            trees[release] = Path(json.loads(gopack.must("trim", "--json", "--profile", "minimal").stdout)["trees"][0]["path"])
        work = base / f"machine-{len(list(base.iterdir()))}"
        shutil.copytree(PROGRAMS, work)
        return Machine(trees[release], work, work / "cache")

    yield make
    subprocess.run(["rm", "-rf", base], check=True)


@pytest.fixture
def cacheprog(gopack_binary):
    def command(local, base=None, share=None):
        layers = [("--local", local), ("--base", base), ("--share", share)]
        return " ".join([f"{gopack_binary} cacheprog", *(f"{name} {path}" for name, path in layers if path)])

    return command


@pytest.fixture(scope="module")
def pushed(machines, gopack_binary, tmp_path_factory):
    """A machine that has built with 1.26 and an empty share, and the share."""
    machine = machines("go1.26.10")
    share = tmp_path_factory.mktemp("share")
    std, rest = machine.compiled_for_program(GOCACHEPROG=f"{gopack_binary} cacheprog --wait --local {machine.work}/local --share {share}")
    assert "fmt" in std and rest == []
    return machine, share


@pytest.fixture(scope="module")
def slow_server(tmp_path_factory):
    return slow_share.compile_to(tmp_path_factory.mktemp("slow") / "slow_share")


@contextmanager
def read_only(path):
    if os.geteuid() == 0:
        subprocess.run(["mount", "--bind", path, path], check=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", path], check=True)
    try:
        yield
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", path], check=True)


def snapshot(directory):
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in directory.rglob("*")}


def test_a_second_machine_compiles_nothing(pushed, machines, cacheprog):
    machine, share = pushed
    assert gocache.whole_entries(share) == gocache.whole_entries(machine.work / "local")
    second = machines("go1.26.10")
    assert second.compiled_for_program(GOCACHEPROG=cacheprog(second.work / "local", share=share)) == ([], [])
    alone = cacheprog(second.work / "local")
    assert second.compiled_for_program(GOCACHEPROG=alone) == ([], []), "what came from the share is kept"
    assert second.compiled_for_program(GOCACHE=str(second.work / "local")) == ([], []), "Go itself reads what cacheprog wrote"


def test_a_base_layer_serves_and_is_left_alone(machines, cacheprog, runner, tmp_path):
    first, second, third = (machines("go1.25.14") for _ in range(3))
    assert "fmt" in first.compiled_for_program()[0]
    before = snapshot(first.cache)
    with read_only(first.cache):
        prog = cacheprog(second.work / "local", base=first.cache)
        assert second.compiled_for_program(GOCACHEPROG=prog) == ([], []), "cacheprog reads what Go itself wrote"
    assert snapshot(first.cache) == before
    (tmp_path / "share").mkdir()
    runner(tmp_path / "store").must("cache", "push", "--local", first.cache, "--share", tmp_path / "share")
    assert third.compiled_for_program(GOCACHEPROG=cacheprog(third.work / "local", share=tmp_path / "share")) == ([], [])


def test_push_and_pull_serve_older_releases(machines, runner, tmp_path):
    first, second = (machines("go1.21.13") for _ in range(2))
    assert "fmt" in first.compiled_for_program()[0]
    (tmp_path / "share").mkdir()
    gopack = runner(tmp_path / "store")
    gopack.must("cache", "push", "--local", first.cache, "--share", tmp_path / "share")
    gopack.must("cache", "pull", "--local", second.cache, "--share", tmp_path / "share")
    assert second.compiled_for_program() == ([], [])


@pytest.mark.skipif(not slow_share.is_possible(), reason="needs root and /dev/fuse")
@pytest.mark.parametrize("end", ["kill", "hang"])
def test_a_share_that_goes_away_breaks_no_build(end, pushed, machines, cacheprog, slow_server, tmp_path):
    machine = machines("go1.26.10")
    local = machine.work / "local"
    with slow_share.SlowShare(slow_server, tmp_path, milliseconds=20) as share:
        shutil.copytree(pushed[1], share.backing, dirs_exist_ok=True)
        ended = share.when(lambda: len(list(local.glob("??/*-d"))) > 5, end)
        std, rest = machine.compiled(*LEAVES, GOCACHEPROG=cacheprog(local, share=share.path))
        ended.join()
    assert "math" in std, "the share had not gone"
    assert len(rest) == 1 and "going on without the share" in rest[0]
    gocache.whole_entries(local)
