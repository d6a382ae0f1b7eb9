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

RELEASES = ["go1.18.10", "go1.21.13", "go1.23.12", "go1.26.10"] if sdks.IS_FULL else ["go1.26.10"]
FLAGS = "go1.18.10"  # whose flags are tried, and all of its standard library
LONG_AGO = 1_262_304_000  # 2010

NET = """package main

import (
	"fmt"
	"net"
)

func main() {
	fmt.Println(net.JoinHostPort("::1", "80"))
}
"""

# Of all corners of the standard library.
PACKAGES = ("archive/zip", "crypto/tls", "database/sql", "encoding/xml", "go/types", "html/template", "image/jpeg",
            "math/big", "net/rpc", "testing/quick")  # fmt: skip

RACE = """package main

import "os/user"

func main() {
	known := make(chan bool)
	var err error
	go func() {
		_, err = user.Current()
		known <- true
	}()
	err = nil
	<-known
	if err != nil {
		panic(err)
	}
}
"""


def warm_bundle(gopack_binary, base, release, profile, *warmings):
    """In `base`: a bundle of one release, warmed as each of (packages, flags, environment) says; below a project of the user's."""
    (base / "go.work").write_text("go 1.99\nuse ./nowhere\n")
    mirror = sdks.mirror(base / "mirror", [sdks.official(release)])
    lines = [(["fetch", release, "--source", mirror], {}), (["trim", "--profile", profile], {})]
    for packages, flags, environment in warmings:
        lines.append((["bundle", "--target", base / "bundle", "--warm", *packages.split(), "--warm-flags", flags], environment))
    for line, environment in lines:
        done = run(["/bin/sh", "-c", 'umask 077; exec "$@"', "sh", gopack_binary, "-q", "--durability", "fast", "--home", base / "store", *line],
                   cwd=base, env=clean_env(base, **environment))  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    return base / "bundle"


@pytest.fixture(scope="module", params=RELEASES)
def warmed(request, gopack_binary, tmp_path_factory):
    """A bundle of one release that knows fmt and net, with and without cgo; tests move copies of it."""
    base = tmp_path_factory.mktemp(request.param)
    yield warm_bundle(gopack_binary, base, request.param, "minimal", ("fmt net", "plain", {}))
    shutil.rmtree(base, ignore_errors=True)


def test_others_may_read_what_was_compiled(warmed):
    """Whatever the umask of who has warmed it is."""
    found = {(path.is_dir(), path.stat().st_mode & 0o055) for path in (warmed / "shared").rglob("*")}
    assert found == {(True, 0o055), (False, 0o044)}


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
    (work / "go.mod").write_text("module program\n\ngo 1.18\n")
    (work / "main.go").write_text(NET)
    return work


def entries(cache):
    return {path.name for path in cache.glob("??/*")}


def compiled(go, work, *flags, **environment):
    """The packages that a build compiles."""
    done = run([*go, "build", "-v", *flags, "-o", "program", "."], cwd=work, env=clean_env(work, GOPROXY="off", **environment))
    assert done.returncode == 0, done.stderr
    return done.stderr.split()


def build(go, work, **environment):
    """As compiled(), of NET, which is run."""
    packages = compiled(go, work, **environment)
    assert run([work / "program"]).stdout == "[::1]:80\n"
    return packages


@pytest.mark.parametrize("cgo", ["0", "1"])
def test_a_moved_and_old_bundle_compiles_the_program_alone(warmed, moved, work, cgo):
    if cgo == "1" and not shutil.which("gcc"):
        pytest.skip("gcc is not installed")
    cache = moved / "shared/gopath/cache"
    before = entries(cache)
    assert build([moved / "go.sh"], work, CGO_ENABLED=cgo) == ["program"]
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
    assert build(go, work) == ["program"]
    assert snapshot(moved) == before
    assert build(go, work) == []


@pytest.mark.parametrize("launcher", ["go.sh", GO])
def test_a_data_directory_follows_the_bundle(launcher, moved, work, tmp_path):
    """With links to the new place beside what it has built itself, and copies of what Go rewrites in place."""
    data = ["--data-dir", tmp_path / "data"]
    cache = tmp_path / "data/gopath/cache"
    assert build([moved / launcher, *data], work) == ["program"]
    own = {path for path in cache.glob("??/*") if not path.is_symlink()}
    elsewhere = moved.rename(tmp_path / "third place")
    assert build([elsewhere / launcher, *data], work) == []
    base = elsewhere / "shared/gopath/cache"
    links = {path.name for path in cache.glob("??/*") if path.is_symlink() and path.resolve().is_relative_to(base)}
    indexes = {name for name in entries(base) if name.endswith("-a")}
    assert own and all(path.exists() for path in own) and indexes <= {path.name for path in own}
    assert links == entries(base) - indexes
    (work / "main.go").write_text(NET + "\n// changed\n")
    assert build([elsewhere / launcher, *data], work) == ["program"]
    same = elsewhere / "shared/../shared"
    before = entries(elsewhere / "shared/gopath/cache")
    assert build([elsewhere / "go.sh", "--data-dir", same], work) in (["program"], [])
    assert before <= entries(elsewhere / "shared/gopath/cache")


def test_the_standard_library_and_the_flags(gopack_binary, work, tmp_path):
    """`--warm std`, here with -trimpath and no C compiler; and -race, which takes one."""
    base = tmp_path / "first place"
    base.mkdir()
    bundle = warm_bundle(gopack_binary, base, FLAGS, "minimal+race", ("std", "trimpath", {"PATH": "/nowhere"}),
                         ("os/user runtime/race", "race", {}))  # fmt: skip
    go = [bundle.rename(tmp_path / "another place") / "go.sh"]
    imports = "".join(f'import _ "{package}"\n' for package in PACKAGES)
    (work / "main.go").write_text(f"package main\n\n{imports}\nfunc main() {{}}\n")
    assert compiled(go, work, "-trimpath", CGO_ENABLED="0") == ["program"]
    (work / "main.go").write_text(RACE)
    assert compiled(go, work, "-race") == ["program"]
    found = run([work / "program"])
    assert found.returncode == 66 and "WARNING: DATA RACE" in found.stderr
