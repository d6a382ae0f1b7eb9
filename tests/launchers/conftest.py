"""A real bundle with real Go SDKs, and the shells to use it from."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import wine as wine_support  # noqa: E402

CACHE = Path(os.environ.get("GOPACK_TEST_CACHE", "/var/cache/gopack-test"))
LAUNCHERS = Path(__file__).parents[2] / "lib/bundle/launchers"
NEW, OLD = "go1.26.10", "go1.22.12"

SHELLS = {"dash": ["dash"], "bash": ["bash"], "busybox": ["busybox", "sh"], "zsh": ["zsh", "-f"]}

HELLO = """package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Println("hello", os.Args[1:])
	os.Exit(7)
}
"""


def toolchain(release, platform):
    return CACHE / "mod/golang.org" / f"toolchain@v0.0.1-{release}.{platform}"


def _ignore(directory, names):
    return [n for n in names if n == "testdata" or n.endswith("_test.go")]


def _tree(bundle, release, platforms, profile):
    """Lays a release out as gopack does: one tree for all platforms, executables marked, a manifest beside it."""
    name = "v_" + hashlib.sha256(f"{release} {platforms}".encode()).hexdigest()[:16]
    root = bundle / name
    shutil.copytree(toolchain(release, platforms[0]), root, ignore=_ignore, copy_function=shutil.copyfile)
    for platform in platforms[1:]:
        for part in ("bin", "pkg/tool"):
            shutil.copytree(toolchain(release, platform) / part, root / part, dirs_exist_ok=True,
                            copy_function=shutil.copyfile)
    for part in ("bin", "pkg/tool"):
        for file in (root / part).rglob("*"):
            file.chmod(0o755)
    manifest = {"schema": 1, "id": name, "release": release, "platforms": [p.replace("-", "/") for p in platforms],
                "profile": profile, "files": []}
    (bundle / (name + ".json")).write_text(json.dumps(manifest, indent=2))
    return name


@pytest.fixture(scope="session")
def bundle(tmp_path_factory):
    """The bundle all tests start from: NEW for Linux and Windows (current), OLD for Linux."""
    bundle = tmp_path_factory.mktemp("material") / "bundle"
    (bundle / "shared/gopath").mkdir(parents=True)
    for file in LAUNCHERS.iterdir():
        text = file.read_bytes()
        if file.suffix == ".bat":
            text = text.replace(b"\n", b"\r\n")
        target = bundle / "shared/gopath/go.env" if file.name == "go.env" else bundle / file.name
        target.write_bytes(text)
        if file.suffix == ".sh":
            target.chmod(0o755)
    current = _tree(bundle, NEW, ["linux-amd64", "windows-amd64"], "standard")
    _tree(bundle, OLD, ["linux-amd64"], "minimal")
    (bundle / "current").symlink_to(current)
    return bundle


@pytest.fixture(scope="session")
def warm(bundle, tmp_path_factory):
    """A build cache that knows the packages of HELLO for both systems; without it each build takes half a minute."""
    data, work = tmp_path_factory.mktemp("warm"), tmp_path_factory.mktemp("hello")
    write_hello(work)
    for goos in ("linux", "windows"):
        done = run([bundle / "go.sh", "--data-dir", data, "build", "-o", work / goos, "."], cwd=work,
                   env=clean_env(data, GOOS=goos))
        assert done.returncode == 0, done.stderr
    return data / "gopath/cache"


class Stick:
    """A copy of the bundle that a test may change."""

    def __init__(self, root, name):
        self.root = root
        self.tree = name

    def point(self, text):
        """Gives the bundle a text pointer with this content instead of the link."""
        (self.root / "current").unlink(missing_ok=True)
        (self.root / "current.txt").write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def stick(bundle, warm, tmp_path):
    """Makes copies of the bundle at any path: trees and build cache as hard links, all else copied."""

    def make(where=None):
        root = Path(where or tmp_path / "stick")
        root.mkdir(parents=True)
        subprocess.run(["cp", "-a", *(p for p in bundle.iterdir() if not p.name.startswith("v_")), root], check=True)
        subprocess.run(["cp", "-al", *bundle.glob("v_*"), root], check=True)
        subprocess.run(["cp", "-al", warm, root / "shared/gopath/cache"], check=True)
        return Stick(root, os.readlink(root / "current"))

    return make


@pytest.fixture
def home(tmp_path):
    """A home directory that has to stay empty."""
    home = tmp_path / "home"
    home.mkdir()
    yield home
    assert not list(home.rglob("*"))


@pytest.fixture(params=SHELLS)
def shell(request):
    argv = SHELLS[request.param]
    if not shutil.which(argv[0]):
        pytest.skip(f"{argv[0]} is not installed")
    return argv


@pytest.fixture(scope="session")
def wine():
    if wine_support.missing():
        pytest.skip(f"not installed: {wine_support.missing()}")
    return wine_support.Wine(CACHE)


def clean_env(home, **more):
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", **more}


def run(argv, cwd=None, env=None, **options):
    return subprocess.run(list(map(str, argv)), cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, errors="surrogateescape", timeout=600, check=False, **options)


def write_hello(directory):
    Path(directory, "go.mod").write_text("module hello\n\ngo 1.22\n")
    Path(directory, "main.go").write_text(HELLO)
