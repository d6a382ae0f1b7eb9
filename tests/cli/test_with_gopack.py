"""`bundle --with-gopack`: gopack itself beside the launchers."""

import json
import os
import shutil
import subprocess

import pytest
from conftest import NEW, assert_sums_hold, problems

PROGRAMS = ("gopack.exe", "gopack-linux-amd64", "gopack-linux-arm64")


@pytest.fixture
def programs(tmp_path):
    """A directory as packages have one; what lies beside the programs is none of them."""
    directory = tmp_path / "programs"
    directory.mkdir()
    for name in (*PROGRAMS, "README"):
        (directory / name).write_bytes(name.encode() * 1000)
    return directory


def bundle(store, target, programs):
    return store.gopack("bundle", "--target", target, "--with-gopack", env={"GOPACK_PROGRAMS": str(programs)})


def test_lies_beside_the_launchers_and_stays(store, programs, tmp_path):
    stick = tmp_path / "stick"
    assert bundle(store, stick, programs).status == 0
    for _ in range(2):  # the second time without the option
        for name in PROGRAMS:
            assert (stick / name).read_bytes() == (programs / name).read_bytes() and os.access(stick / name, os.X_OK)
            assert f"  {name}\n" in (stick / "SHA256SUMS").read_text()
        assert not (stick / "README").exists()
        assert_sums_hold(stick)
        store.gopack.must("bundle", "--target", stick)
    (programs / "gopack.exe").write_bytes(b"a newer one")
    assert bundle(store, stick, programs).status == 0
    assert (stick / "gopack.exe").read_bytes() == b"a newer one"
    assert_sums_hold(stick)
    store.gopack.must("verify", stick)


def test_damage_is_found_and_mended_by_the_same_option(store, programs, tmp_path):
    stick = tmp_path / "stick"
    assert bundle(store, stick, programs).status == 0
    (stick / "gopack.exe").write_bytes(b"damaged")
    (stick / "gopack-notes.txt").write_text("mine")
    store.gopack.must("bundle", "--target", stick)
    assert problems(store, stick) == [("SHA256SUMS", "gopack.exe", "changed")]
    refused = store.gopack("repair", stick)
    assert refused.status == 3 and f"gopack bundle --target {stick} --with-gopack" in refused.stderr
    assert bundle(store, stick, programs).status == 0
    assert problems(store, stick) == [] and "gopack-notes" not in (stick / "SHA256SUMS").read_text()


def test_in_an_image(store, programs, tmp_path):
    image = tmp_path / "stick.img"
    store.gopack.must("image", "--fs", "fat32", "--partition", "none", "--out", image, "--with-gopack", env={"GOPACK_PROGRAMS": str(programs)})
    described = json.loads((tmp_path / "stick.img.json").read_text())
    assert [program["name"] for program in described["programs"]] == sorted(PROGRAMS) and not described["has_modules"]
    for name in PROGRAMS:
        content = subprocess.run(["mtype", "-i", image, f"::{name}"], capture_output=True, check=True).stdout
        assert content == (programs / name).read_bytes()
    sums = subprocess.run(["mtype", "-i", image, "::SHA256SUMS"], capture_output=True, check=True, text=True).stdout
    assert all(f"  {name}\n" in sums for name in PROGRAMS)


def test_of_a_stick_as_a_file(gopack, mirror, programs, tmp_path):
    (gopack.work / "gopack.yaml").write_text(f"make:\n  releases: [{NEW}]\n  target: {tmp_path}/stick\n  with_gopack: true\n")
    gopack.must("make", "--source", mirror, "-p", "linux/amd64", env={"GOPACK_PROGRAMS": str(programs)})
    assert all((tmp_path / "stick" / name).exists() for name in PROGRAMS)


def test_runs_from_there(store, programs, gopack_binary, tmp_path):
    """What lies on a bundle takes the programs beside it along."""
    if store.gopack.is_sanitized:
        pytest.skip("with a sanitizer the program is larger than any that is released")
    stick, other = tmp_path / "stick", tmp_path / "other"
    own = "gopack" + (gopack_binary.suffix or "-linux-amd64")
    shutil.copy(gopack_binary, programs / own)
    assert bundle(store, stick, programs).status == 0
    store.gopack.binary = stick / own
    store.gopack.must("bundle", "--target", other, "--with-gopack")
    assert all((other / name).read_bytes() == (stick / name).read_bytes() for name in PROGRAMS)


def test_is_refused_where_there_is_none(store, tmp_path):
    result = bundle(store, tmp_path / "stick", tmp_path / "nowhere")
    assert result.status == 1 and f"in {tmp_path}/nowhere" in result.stderr and "GOPACK_PROGRAMS" in result.stderr
    assert not (tmp_path / "stick").exists()


def test_a_name_that_is_taken_is_refused(store, programs, tmp_path):
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick/gopack.exe").write_text("mine")
    result = bundle(store, tmp_path / "stick", programs)
    assert result.status == 1 and "gopack.exe is there already" in result.stderr
    assert (tmp_path / "stick/gopack.exe").read_text() == "mine"
