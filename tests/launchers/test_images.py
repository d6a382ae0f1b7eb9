"""Images of real Go SDKs: what a stick written from them holds, and that Go runs from it."""

import filecmp
import hashlib
import shutil
import zipfile

import images
import pytest
import sdks
import sticks
from conftest import clean_env, run

RELEASE = "go1.23.12"

pytestmark = pytest.mark.skipif(bool(images.missing()), reason=images.missing())


@pytest.fixture
def store(gopack, tmp_path):
    sdks.mirror(tmp_path / "source", [sdks.official(RELEASE)])
    gopack.must("-q", "fetch", RELEASE, "--source", tmp_path / "source")
    gopack.must("-q", "--durability", "fast", "trim", RELEASE)
    return gopack


@pytest.fixture
def make_stick(tmp_path):
    made = []

    def make(kind, megabytes):
        made.append(sticks.Stick(kind, tmp_path / f"stick{len(made)}", megabytes))
        return made[-1]

    yield make
    for stick in made:
        stick.throw_away()


def digests(root):
    """{path: SHA-256} without what commands make themselves."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in images.files_below(root).items() if path != ".gopack/lock"}


def test_an_image_is_what_bundle_puts_on_a_stick(store, make_stick, tmp_path):
    stick = make_stick("exfat", 300)
    store.must("-q", "bundle", "--target", stick.root)
    document = store.must("--json", "image", "--size", "min", "--out", tmp_path / "x.img").json
    with images.device(tmp_path / "x.img") as device:
        assert f"files {document['files']}" in images.check(device)
        with images.mounted(device, tmp_path / "mount") as root:
            assert digests(root) == digests(stick.root)
            assert store.must("--json", "verify", root).json["problems"] == []
    stick.take_out()
    for place in (tmp_path / "x.img", stick.device):
        assert store.must("--json", "verify", place).json["problems"] == []


def file_proxy(directory):
    """A module proxy that has one module."""
    versions = directory / "example.com/greet/@v"
    versions.mkdir(parents=True)
    go_mod = "module example.com/greet\n\ngo 1.18\n"
    with zipfile.ZipFile(versions / "v1.0.0.zip", "w") as archive:
        for name, text in (("go.mod", go_mod), ("greet.go", "package greet\n\nconst Text = \"hello\"\n")):
            archive.writestr(zipfile.ZipInfo(f"example.com/greet@v1.0.0/{name}"), text)
    (versions / "v1.0.0.mod").write_text(go_mod)
    (versions / "v1.0.0.info").write_text('{"Version": "v1.0.0", "Time": "2024-01-02T03:04:05Z"}')
    (versions / "list").write_text("v1.0.0\n")
    return f"file://{directory}"


def test_modules_are_in_it_and_the_same_bits_each_time(store, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "go.mod").write_text("module project\n\ngo 1.18\n\nrequire example.com/greet v1.0.0\n")
    (project / "main.go").write_text('package main\n\nimport "example.com/greet"\n\nfunc main() { println(greet.Text) }\n')
    settings = {"GOPROXY": file_proxy(tmp_path / "proxy"), "GOSUMDB": "off"}
    for name in ("x.img", "y.img"):
        store.must("-q", "image", "--modules", project / "go.mod", "--out", tmp_path / name, "--size", "+300M", env=settings)
    assert filecmp.cmp(tmp_path / "x.img", tmp_path / "y.img", shallow=False)
    assert not list((store.home / ".gopack/staging").iterdir())
    with images.device(tmp_path / "x.img") as device:
        with images.mounted(device, tmp_path / "mount", mode="rw") as root:
            environment = clean_env(tmp_path / "home", GOPROXY="off", GOFLAGS="-mod=mod", GOSUMDB="off")
            done = run(["unshare", "-n", "sh", root / "go.sh", "run", "."], project, environment)
            assert done.stderr.endswith("hello\n"), done.stdout + done.stderr
        images.check(device)


def test_what_was_compiled_is_in_it_and_the_same_bits_wherever(store, tmp_path):
    """Each time from nothing; from the image Go compiles the program alone."""
    elsewhere = tmp_path / "another place" / "store"
    shutil.copytree(store.home, elsewhere, symlinks=True)
    for name, home, environment in (("x.img", store.home, {}), ("y.img", elsewhere, {"TZ": "Asia/Tokyo", "LANG": "C"})):
        described = store.must("--json", "--home", home, "image", "--warm", "net", "--warm-flags", "plain", "--out", tmp_path / name, "--size", "+300M",
                               env=environment).json  # fmt: skip
        assert described["warmed"] == [f"{RELEASE} linux/amd64", f"{RELEASE} linux/amd64 cgo"]
    assert filecmp.cmp(tmp_path / "x.img", tmp_path / "y.img", shallow=False)
    (tmp_path / "main.go").write_text('package main\n\nimport "net"\n\nfunc main() { println(net.JoinHostPort("::1", "80")) }\n')
    with images.device(tmp_path / "x.img") as device:
        with images.mounted(device, tmp_path / "mount", mode="rw") as root:
            built = run(["sh", root / "go.sh", "run", "-v", "main.go"], tmp_path, clean_env(tmp_path / "home"))
            assert built.stderr == "command-line-arguments\n[::1]:80\n", built.stdout + built.stderr
        images.check(device)


def test_go_runs_from_it(store, tmp_path):
    """As from a stick that was written from it, where its caches are."""
    store.must("-q", "image", "--size", "+300M", "--out", tmp_path / "x.img")
    (tmp_path / "main.go").write_text('package main\n\nfunc main() { println("hello") }\n')
    with images.device(tmp_path / "x.img") as device:
        with images.mounted(device, tmp_path / "mount", mode="rw") as root:
            environment = clean_env(tmp_path / "home")
            assert run(["sh", root / "go.sh", "version"], env=environment).stdout.split()[2] == RELEASE
            hello = run(["sh", root / "go.sh", "run", "main.go"], tmp_path, environment)
            assert hello.stderr.endswith("hello\n"), hello.stdout + hello.stderr
            assert store.must("--json", "verify", root).json["problems"] == []
        images.check(device)
