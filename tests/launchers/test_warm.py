"""The build cache of `gopack bundle --warm`: the first build compiles nothing of the standard library."""

import os
import shutil
import subprocess
import time

import pytest
import sdks
from conftest import clean_env, run
from test_native import GO
from test_pointer_and_data import read_only_mount, snapshot

RELEASES = ["go1.18.10", "go1.21.13", "go1.23.12", "go1.26.10"]
LONG_AGO = 1_262_304_000  # 2010

WEB = """package main

import (
	"fmt"
	"net/http"
)

func main() {
	fmt.Println(http.StatusText(http.StatusTeapot))
}
"""


@pytest.fixture(scope="module", params=RELEASES)
def warmed(request, gopack_binary, tmp_path_factory):
    """A bundle of one release that knows net/http; tests move copies of it."""
    base = tmp_path_factory.mktemp(request.param)
    mirror = sdks.mirror(base / "mirror", [sdks.official(request.param)])
    gopack = [gopack_binary, "-q", "--durability", "fast", "--home", base / "store"]
    environment = clean_env(base)
    for line in (["fetch", request.param, "--source", mirror], ["trim", "--profile", "minimal"],
                 ["bundle", "--target", base / "bundle", "--warm", "net/http", "--warm-flags", "plain"]):
        done = run([*gopack, *line], cwd=base, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
    yield base / "bundle"
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def moved(warmed, tmp_path):
    """A copy somewhere else, all of it as old as a bad clock makes it."""
    root = tmp_path / "another place"
    subprocess.run(["cp", "-a", warmed, root], check=True)
    cache = root / "shared/gopath/cache"
    (cache / "trim.txt").write_text(f"{LONG_AGO}\n")
    for path in cache.rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return root


@pytest.fixture
def work(tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    (work / "go.mod").write_text("module web\n\ngo 1.18\n")
    (work / "main.go").write_text(WEB)
    return work


def entries(cache):
    return {path.name for path in cache.glob("??/*")}


def build(go, work, **environment):
    """The packages that a build compiles."""
    done = run([*go, "build", "-v", "-o", "web", "."], cwd=work, env=clean_env(work, GOPROXY="off", **environment))
    assert done.returncode == 0, done.stderr
    assert run([work / "web"]).stdout == "I'm a teapot\n"
    return done.stderr.split()


@pytest.mark.parametrize("cgo", ["0", "1"])
def test_a_moved_and_old_bundle_compiles_the_program_alone(warmed, moved, work, cgo):
    if cgo == "1" and not shutil.which("gcc"):
        pytest.skip("gcc is not installed")
    cache = moved / "shared/gopath/cache"
    before = entries(cache)
    assert build([moved / "go.sh"], work, CGO_ENABLED=cgo) == ["web"]
    assert before <= entries(cache), "the go command has deleted what it took for old"
    assert abs(int((cache / "trim.txt").read_text()) - time.time()) < 3600


def test_the_go_command_alone_would_delete_what_is_old(warmed, moved, work):
    """What the launcher keeps from happening: otherwise the test before could not fail."""
    cache = moved / "shared/gopath/cache"
    (cache / "gopack-warm").unlink()
    before = entries(cache)
    build([moved / "go.sh"], work)
    assert not before <= entries(cache)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_read_only_bundle_serves_a_data_directory(moved, work, tmp_path):
    before = snapshot(moved)
    go = [*read_only_mount(moved), moved / "go.sh", "--data-dir", tmp_path / "data"]
    assert build(go, work) == ["web"]
    assert snapshot(moved) == before
    assert build(go, work) == []


@pytest.mark.parametrize("launcher", ["go.sh", GO])
def test_a_data_directory_follows_the_bundle(launcher, moved, work, tmp_path):
    """With links to the new place beside what it has built itself."""
    data = ["--data-dir", tmp_path / "data"]
    cache = tmp_path / "data/gopath/cache"
    assert build([moved / launcher, *data], work) == ["web"]
    own = {path for path in cache.glob("??/*") if not path.is_symlink()}
    elsewhere = moved.rename(tmp_path / "third place")
    assert build([elsewhere / launcher, *data], work) == []
    base = elsewhere / "shared/gopath/cache"
    links = {path.name for path in cache.glob("??/*") if path.is_symlink() and path.resolve().is_relative_to(base)}
    assert own and all(path.exists() for path in own) and links == entries(base)
    (work / "main.go").write_text(WEB + "\n// changed\n")
    assert build([elsewhere / launcher, *data], work) == ["web"]
    same = elsewhere / "shared/../shared"
    before = entries(elsewhere / "shared/gopath/cache")
    assert build([elsewhere / "go.sh", "--data-dir", same], work) in (["web"], [])
    assert before <= entries(elsewhere / "shared/gopath/cache")
