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


class Machine(Sdk):
    """Builds the programs in a directory of its own, without cgo."""

    def compiled(self, program, **environment):
        """The packages of the standard library that the build compiles, and what it says beside that."""
        done = self.must("build", "-v", "-o", "program", f"./{program}", CGO_ENABLED="0", **environment)
        assert subprocess.run([self.work / "program"], capture_output=True, check=False).returncode in (0, 7)
        lines = done.stderr.splitlines()
        return [line for line in lines if " " not in line and not line.startswith("programs")], [line for line in lines if " " in line]


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
    """A machine that has built `web` with 1.26 and an empty share, and the share."""
    machine = machines("go1.26.10")
    share = tmp_path_factory.mktemp("share")
    std, rest = machine.compiled("web", GOCACHEPROG=f"{gopack_binary} cacheprog --local {machine.work}/local --share {share}")
    assert "net/http" in std and rest == []
    return machine, share


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
    assert second.compiled("web", GOCACHEPROG=cacheprog(second.work / "local", share=share)) == ([], [])
    alone = cacheprog(second.work / "local")
    assert second.compiled("web", GOCACHEPROG=alone) == ([], []), "what came from the share is kept"
    assert second.compiled("web", GOCACHE=str(second.work / "local")) == ([], []), "Go itself reads what cacheprog wrote"


def test_a_base_layer_serves_and_is_left_alone(machines, cacheprog, runner, tmp_path):
    first, second, third = (machines("go1.25.14") for _ in range(3))
    assert "fmt" in first.compiled("hello")[0]
    before = snapshot(first.cache)
    with read_only(first.cache):
        prog = cacheprog(second.work / "local", base=first.cache)
        assert second.compiled("hello", GOCACHEPROG=prog) == ([], []), "cacheprog reads what Go itself wrote"
    assert snapshot(first.cache) == before
    (tmp_path / "share").mkdir()
    runner(tmp_path / "store").must("cache", "push", "--local", first.cache, "--share", tmp_path / "share")
    assert third.compiled("hello", GOCACHEPROG=cacheprog(third.work / "local", share=tmp_path / "share")) == ([], [])


def test_push_and_pull_serve_older_releases(machines, runner, tmp_path):
    first, second = (machines("go1.21.13") for _ in range(2))
    assert "fmt" in first.compiled("hello")[0]
    (tmp_path / "share").mkdir()
    gopack = runner(tmp_path / "store")
    gopack.must("cache", "push", "--local", first.cache, "--share", tmp_path / "share")
    gopack.must("cache", "pull", "--local", second.cache, "--share", tmp_path / "share")
    assert second.compiled("hello") == ([], [])


@pytest.mark.skipif(not slow_share.is_possible(), reason="needs root, /dev/fuse and libfuse3-dev")
@pytest.mark.parametrize("end", ["kill", "hang"])
def test_a_share_that_goes_away_breaks_no_build(end, pushed, machines, cacheprog, tmp_path):
    machine = machines("go1.26.10")
    local = machine.work / "local"
    with slow_share.SlowShare(slow_share.compile_to(tmp_path / "slow_share"), tmp_path, milliseconds=20) as share:
        shutil.copytree(pushed[1], share.backing, dirs_exist_ok=True)
        ended = share.when(lambda: len(list(local.glob("??/*-d"))) > 5, end)
        std, rest = machine.compiled("hello", GOCACHEPROG=cacheprog(local, share=share.path))
        ended.join()
    assert "fmt" in std, "the share had not gone"
    assert len(rest) == 1 and "going on without the share" in rest[0]
    gocache.whole_entries(local)
