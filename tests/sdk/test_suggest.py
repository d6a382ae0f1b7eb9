"""`gopack profile suggest --trace`: the profile that it proposes serves the command that it watched."""

import json
import shutil
from pathlib import Path

import pytest
import sdks
from conftest import Sdk

RELEASE = "go1.23.12"
PROGRAMS = Path(__file__).with_name("programs")


@pytest.fixture(scope="module")
def store(runner, tmp_path_factory):
    base = tmp_path_factory.mktemp("suggest")
    gopack = runner(base / "store")
    gopack.must("fetch", RELEASE, "-p", "linux/amd64", "--source", sdks.mirror(base / "mirror", [sdks.official(RELEASE)]))
    yield gopack
    shutil.rmtree(base, ignore_errors=True)


@pytest.mark.parametrize(
    ("command", "capabilities", "targets", "keep"),
    [
        ("test -short -cover ./hello sort", {"build", "test", "cover"}, ["host"], ["src/sort/*"]),
        ("build -o built.exe ./hello", {"build", "cross"}, ["host", "windows/amd64"], []),
    ][: None if sdks.IS_FULL else 1],
)
def test_what_is_suggested_is_enough(store, tmp_path, command, capabilities, targets, keep):
    shutil.copytree(PROGRAMS, tmp_path / "work")
    words = command.split()
    settings = {"CGO_ENABLED": "0", "GOPATH": str(tmp_path), "GOENV": "off"} | (
        {"GOOS": "windows"} if "built.exe" in words else {})  # fmt: skip
    traced = ["sh", "-c", f"cd '{tmp_path}/work' && exec go {command}"]
    suggested = json.loads(store.must("--json", "profile", "suggest", RELEASE, "--trace", "--", *traced, **settings).stdout)
    assert (set(suggested["capabilities"]), suggested["targets"], suggested["keep"]) == (capabilities, targets, keep)
    (tmp_path / "mine.yaml").write_text(suggested["profile"])
    [tree] = json.loads(store.must("--json", "trim", "--profile", tmp_path / "mine.yaml").stdout)["trees"]
    Sdk(Path(tree["path"]), tmp_path / "work", tmp_path / "cache").must(*words, **settings)
    assert not list((store.home / ".gopack/staging").iterdir())


def test_a_command_that_fails_suggests_nothing(store):
    failed = store("--json", "profile", "suggest", RELEASE, "--trace", "--", "go", "vet", "./nothing", GOPATH="/nowhere")
    assert failed.returncode == 1
    assert "ends with 1" in json.loads(failed.stdout)["error"]["message"] and "go.mod" in failed.stderr
