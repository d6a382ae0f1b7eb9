"""What `minimal --strip` keeps does all that the whole SDK does, to the byte: the oldest release. (test_prove has the newest.)"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import sdks
from conftest import Sdk

RELEASES = ["go1.18.10", *(["go1.26.10"] if sdks.IS_FULL else [])]
PROGRAMS = Path(__file__).with_name("programs")


class Pair:
    """The trees `full` and `minimal` of one release, and the programs in PROGRAMS to try them on."""

    def __init__(self, release, full, minimal):
        self.release, self.full, self.minimal = release, full, minimal

    def both(self, *arguments, **more):
        """The standard output of both, which must be the same."""
        minimal, full = self.minimal.must(*arguments, **more), self.full.must(*arguments, **more)
        assert minimal.stdout == full.stdout
        return minimal.stdout

    def build(self, *arguments, **more):
        """What both build: one file. `minimal` goes first, so that it is the one that compiles."""
        made = []
        for sdk, name in ((self.minimal, "by-minimal"), (self.full, "by-full")):
            sdk.must("build", "-trimpath", "-o", name, *arguments, **more)
            made.append(sdk.work / name)
        assert made[0].read_bytes() == made[1].read_bytes(), f"{arguments} {more}"
        return made[1]


@pytest.fixture(scope="module", params=RELEASES)
def pair(request, runner, tmp_path_factory):
    release = request.param
    base = tmp_path_factory.mktemp(release)
    gopack = runner(base / "store")
    mirror = sdks.mirror(base / "mirror", [sdks.official(release)])
    gopack.must("fetch", release, "-p", "linux/amd64", "--source", mirror)
    trees = {}
    minimal = ["--profile", "minimal+cover", "--strip", "--targets", "host,windows/amd64"]
    for name, profile in (("full", ["--profile", "full"]), ("minimal", minimal)):
        done = gopack.must("trim", "--json", *profile)
        trees[name] = Path(json.loads(done.stdout)["trees"][0]["path"])
    shutil.copytree(PROGRAMS, base / "work")
    # One cache for both: a package of one and of the other has the same action ID only when nothing differs.
    sdk = {profile: Sdk(root, base / "work", base / "cache") for profile, root in trees.items()}
    yield Pair(release, sdk["full"], sdk["minimal"])
    shutil.rmtree(base / "cache", ignore_errors=True)


def test_version(pair):
    assert pair.both("version") == f"go version {pair.release} linux/amd64\n"


def test_hello(pair):
    program = pair.build("./hello")
    done = subprocess.run([program, "a", "b"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (7, "hello [a b]\n")


def test_a_program_that_talks_http(pair):
    """Without a C compiler and, where there is one, with it."""
    program = pair.build("./web", CGO_ENABLED="0")
    assert subprocess.run([program], capture_output=True, text=True).stdout == "200 OK: hello over http\n"


@pytest.mark.skipif(not shutil.which("gcc"), reason="gcc is not installed")
def test_a_program_that_uses_cgo(pair):
    program = pair.build("./c", CGO_ENABLED="1")
    assert subprocess.run([program], capture_output=True, text=True).stdout == "42\n"


def test_test_and_vet(pair):
    for sdk in (pair.minimal, pair.full):
        assert "ok  \tprograms/hello" in sdk.must("test", "-count=1", "-cover", "./hello").stdout
    pair.both("vet", "./hello")
    found = pair.minimal.go("vet", "./wrong")
    assert found.returncode != 0 and "Printf" in found.stderr


def test_cross_build_for_windows(pair):
    program = pair.build("./hello", GOOS="windows", GOARCH="amd64")
    assert program.read_bytes()[:2] == b"MZ"


def test_format(pair):
    (pair.minimal.work / "ugly.go").write_text("package  x\n")
    gofmt = [pair.minimal.root / "bin/gofmt", pair.minimal.work / "ugly.go"]
    assert subprocess.run(gofmt, capture_output=True, text=True).stdout == "package x\n"


def test_it_is_a_fraction_of_the_whole(pair):
    def size(root):
        return sum(path.stat().st_size for path in root.rglob("*") if path.is_file())

    assert size(pair.minimal.root) < 0.6 * size(pair.full.root)
