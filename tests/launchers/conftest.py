"""A real bundle with real Go SDKs, and the shells to use it from."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import sdks  # noqa: E402
import wine as wine_support  # noqa: E402

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

TEST = 'package main\n\nimport "testing"\n\nfunc TestNothing(t *testing.T) { t.TempDir() }\n'

# Shows what reaches it, for seen().
PROBE = """package main

import (
	"fmt"
	"os"
)

func main() {
	for _, argument := range os.Args[1:] {
		fmt.Printf("argument %x\\n", argument)
	}
	for _, variable := range os.Environ() {
		fmt.Printf("variable %x\\n", variable)
	}
	if len(os.Args) != 2 || os.Args[1] != "version" {
		os.Exit(7)
	}
}
"""
BY = ("-q", "--durability", "fast", "--home")
HEX = "0123456789abcdef"
TREE = "v_" + HEX


def make_bundle(gopack_binary, base, old):
    """In `base`: a store with NEW for Linux and Windows (current) and `old` for Linux, and its bundle. The store is a copy
    of one that is laid out once for all test files by each gopack."""
    kept, key = sdks.CACHE / f"trimmed-{old}", sdks.sha256(gopack_binary)[:16]
    with sdks.locked(kept.name):
        if not (kept / key).exists():
            subprocess.run(["rm", "-rf", kept], check=True)
            lay_out(gopack_binary, kept / "part", old)
            (kept / "part").rename(kept / key)
        (base / "store").mkdir()
        for path in (kept / key / "store").iterdir():  # archives are read alone
            subprocess.run(["cp", "-al" if path.name == "downloads" else "-a", path, base / "store"], check=True)
    must([gopack_binary, *BY, base / "store", "bundle", "--target", base / "bundle"], base)
    return base / "bundle"


def lay_out(gopack_binary, base, old):
    base.mkdir(parents=True)
    archives = [sdks.official(NEW, "linux-amd64"), sdks.official(NEW, "windows-amd64"), sdks.official(old, "linux-amd64")]
    mirror = sdks.mirror(base / "mirror", archives)
    for release, platforms in ((NEW, "linux/amd64,windows/amd64"), (old, "linux/amd64")):
        must([gopack_binary, *BY, base / "store", "fetch", release, "-p", platforms, "--source", mirror], base)
        must([gopack_binary, *BY, base / "store", "trim", release, "--profile", "minimal"], base)


def must(argv, base):
    done = run(argv, cwd=base, env=clean_env(base))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def bundle(gopack_binary, tmp_path_factory):
    """The bundle all tests start from."""
    return make_bundle(gopack_binary, tmp_path_factory.mktemp("material"), OLD)


@pytest.fixture(scope="session")
def warm(bundle, tmp_path_factory):
    """A build cache that knows the packages of HELLO for both systems, and what its test and `go vet` take; without it each
    build takes half a minute. This is a copy with fresh times, of what is made once a machine."""
    kept, data = sdks.CACHE / f"tested-hello-{NEW}", sdks.CACHE / "hello.part"
    with sdks.locked(kept.name):
        if not kept.exists():
            shutil.rmtree(data, ignore_errors=True)
            work = tmp_path_factory.mktemp("hello")
            write_hello(work)
            (work / "main_test.go").write_text(TEST)
            for goos, lines in {"linux": ("build -o linux .", "vet .", "test ."), "windows": ("build -o windows .",)}.items():
                for line in lines:
                    done = run([bundle / "go.sh", "--data-dir", data, *line.split()], cwd=work, env=clean_env(data, GOOS=goos))
                    assert done.returncode == 0, done.stderr
            (data / "gopath/cache").rename(kept)
            shutil.rmtree(data)
    return shutil.copytree(kept, tmp_path_factory.mktemp("warm") / "cache", copy_function=shutil.copyfile)


@pytest.fixture(scope="session")
def probe(bundle, warm, tmp_path_factory):
    """The directory of PROBE as a program for both systems: `probe` and `probe.exe`."""
    data, work = tmp_path_factory.mktemp("probe-data"), tmp_path_factory.mktemp("probe")
    (work / "main.go").write_text(PROBE)
    (data / "gopath").mkdir()
    (data / "gopath/cache").symlink_to(warm)
    for goos, name in (("linux", "probe"), ("windows", "probe.exe")):
        done = run([bundle / "go.sh", "--data-dir", data, "build", "-o", name, "main.go"], cwd=work,
                   env=clean_env(data, GOOS=goos))
        assert done.returncode == 0, done.stderr
    return work


@pytest.fixture
def shows(bundle, probe, tmp_path):
    """Makes bundles whose Go is PROBE: what a launcher hands over is seen at once."""

    def make(where=None):
        root = Path(where or tmp_path / "shows")
        tree = root / TREE
        (tree / "bin").mkdir(parents=True)
        for platform in ("linux_amd64", "windows_amd64"):
            (tree / "pkg/tool" / platform).mkdir(parents=True)
            (tree / "pkg/tool" / platform / "asm").write_text("of " + platform)
        for path in bundle.iterdir():
            if path.is_file() and not path.name.startswith("v_"):
                shutil.copy(path, root)
        for program in probe.glob("probe*"):
            for name in ("go", "gofmt"):
                os.link(program, tree / "bin" / (name + program.suffix))
        (tree / "VERSION").write_text(NEW + "\n")
        (root / "current.txt").write_text(TREE + "\n")
        return root

    return make


def seen(done):
    """The arguments and the environment that PROBE has seen."""
    texts = {"argument": [], "variable": []}
    for line in done.stdout.splitlines():
        kind, _, text = line.partition(" ")
        if kind in texts:
            texts[kind].append(bytes.fromhex(text).decode("utf-8", "surrogateescape"))
    return texts["argument"], dict(text.split("=", 1) for text in texts["variable"])


def current_of(bundle):
    """The name of the tree that its pointer says, of whatever kind that is."""
    link = bundle / "current"
    return os.readlink(link) if link.is_symlink() else (bundle / "current.txt").read_text().strip()


class Stick:
    """A copy of the bundle that a test may change."""

    def __init__(self, root, name):
        self.root = root
        self.tree = name

    @property
    def current(self):
        return current_of(self.root)

    def point(self, text):
        """Gives the bundle a text pointer with this content instead of any other."""
        (self.root / "current").unlink(missing_ok=True)
        (self.root / "current.txt").write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def stick(bundle, warm, tmp_path):
    """Makes copies of the bundle at any path. Trees are links to those of `bundle`; `whole` makes them directories, of
    hard links, that a test may change. All copies share one build cache."""

    def make(where=None, whole=False):
        root = Path(where or tmp_path / "stick")
        root.mkdir(parents=True)
        trees = [path for path in bundle.glob("v_*") if path.is_dir()]
        subprocess.run(["cp", "-a", *(path for path in bundle.iterdir() if path not in trees), root], check=True)
        for tree in trees:
            if whole:
                subprocess.run(["cp", "-al", tree, root], check=True)
                subprocess.run(["find", root / tree.name, "-type", "d", "-exec", "chmod", "u+w", "{}", "+"], check=True)
            else:
                (root / tree.name).symlink_to(tree)
        (root / "shared/gopath/cache").symlink_to(warm)
        return Stick(root, current_of(root))

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
    with wine_support.Wine(sdks.CACHE).kept_running() as running:
        yield running


def clean_env(home, **more):
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", **more}


def run(argv, cwd=None, env=None, **options):
    return subprocess.run(list(map(str, argv)), cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, errors="surrogateescape", timeout=600, check=False, **options)


def bound_shell(s, script, *options):
    """A plain sh that goenv.sh has bound with OPTIONS runs SCRIPT. What is added to the result are the script's arguments."""
    return ["sh", "-c", f'eval "$(sh "$0/goenv.sh" {shlex.join(map(str, options))})"; {script}', s.root]


def write_hello(directory):
    Path(directory, "go.mod").write_text("module hello\n\ngo 1.18\n")
    Path(directory, "main.go").write_text(HELLO)
