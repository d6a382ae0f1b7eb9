"""Images of real Go SDKs: what a stick written from them holds, and that Go runs from it."""

import hashlib

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
