"""One tree for three systems, in a bundle that travels."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import sdks

RELEASE = "go1.26.10"
PLATFORMS = ["darwin-arm64", "linux-amd64", "windows-amd64"]
PROGRAMS = Path(__file__).with_name("programs")
MAGIC = {"linux": b"\x7fELF", "windows": b"MZ", "darwin": b"\xcf\xfa\xed\xfe"}


class Stick:
    def __init__(self, root, tree, work):
        self.root, self.tree, self.work = root, tree, work

    def go(self, *arguments, **more):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.work / "home"), "GOPROXY": "off"} | more
        return subprocess.run([self.root / "go.sh", *arguments], env=environment, cwd=self.work / "programs",
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)  # fmt: skip


@pytest.fixture(scope="module")
def stick(runner, tmp_path_factory):
    """A bundle of the tree, moved to a path with spaces after it was made."""
    base = tmp_path_factory.mktemp("platforms")
    gopack = runner(base / "store")
    mirror = sdks.mirror(base / "mirror", [sdks.official(RELEASE, platform) for platform in PLATFORMS])
    gopack.must("fetch", RELEASE, "-p", "all", "--source", mirror)
    [tree] = json.loads(gopack.must("--json", "trim", "--profile", "minimal").stdout)["trees"]
    assert tree["platforms"] == ["darwin/arm64", "linux/amd64", "windows/amd64"]
    gopack.must("bundle", "--target", base / "made here")
    (base / "moved to").mkdir()
    (base / "made here").rename(base / "moved to/a stick")
    shutil.rmtree(base / "store", ignore_errors=True)
    (base / "work/home").mkdir(parents=True)
    shutil.copytree(PROGRAMS, base / "work/programs")
    return Stick(base / "moved to/a stick", tree["id"], base / "work")


def test_layout(stick):
    root = stick.root / stick.tree
    programs, tools = (sorted(path.name for path in (root / name).iterdir()) for name in ("bin", "pkg/tool"))
    assert programs == ["darwin_arm64", "go", "go.exe", "gofmt", "gofmt.exe", "linux_amd64"]
    assert tools == ["darwin_arm64", "linux_amd64", "windows_amd64"]
    for platform in PLATFORMS:
        system, arch = platform.split("-")
        suffix = ".exe" if system == "windows" else ""
        tools = {path.name for path in (root / "pkg/tool" / f"{system}_{arch}").iterdir()}
        assert {f"{tool}{suffix}" for tool in ("asm", "cgo", "compile", "link", "vet")} <= tools
    for path, magic in (("bin/go.exe", "windows"), ("bin/linux_amd64/go", "linux"), ("bin/darwin_arm64/go", "darwin")):
        assert (root / path).read_bytes().startswith(MAGIC[magic])


def test_version_through_the_launcher(stick):
    done = stick.go("version")
    assert (done.returncode, done.stdout) == (0, f"go version {RELEASE} linux/amd64\n"), done.stderr


def test_what_starts_go_in_goroot_finds_it(stick):
    """go/importer and go/build start bin/go, Makefiles $(go env GOROOT)/bin/gofmt."""
    corpus = Path(__file__).parents[2] / "lib/prove/corpus"
    done = stick.go("-C", corpus, "run", "./starting")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "net/http func net/http.Get(url string) (resp *net/http.Response, err error)\nmain [main.go]\n"
    root = stick.go("env", "GOROOT").stdout.strip()
    alone = {"PATH": "/usr/bin:/bin", "HOME": str(stick.work / "another home"), "GOCACHE": "off"}
    done = subprocess.run([f"{root}/bin/go", "env", "GOROOT", "GOARCH"], env=alone, capture_output=True, text=True)
    assert done.stdout.splitlines() == [root, "amd64"], done.stderr
    done = subprocess.run([f"{root}/bin/gofmt"], input="package  p", env=alone, capture_output=True, text=True)
    assert done.stdout == "package p\n", done.stderr


def test_it_builds_for_every_system_and_leaves_nothing_at_home(stick):
    for system, arch in (platform.split("-") for platform in PLATFORMS):
        done = stick.go("build", "-o", f"hello-{system}", "./hello", GOOS=system, GOARCH=arch)
        assert done.returncode == 0, done.stderr
        assert (stick.work / "programs" / f"hello-{system}").read_bytes().startswith(MAGIC[system])
    done = subprocess.run([stick.work / "programs/hello-linux", "x"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (7, "hello [x]\n")
    assert not list((stick.work / "home").iterdir())


def test_the_moved_bundle_is_whole(stick, runner):
    verified = json.loads(runner(stick.root).must("--json", "verify").stdout)
    assert verified["problems"] == [] and [item["name"] for item in verified["verified"]] == [stick.tree, "SHA256SUMS"]
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=stick.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
