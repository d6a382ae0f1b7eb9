"""`bundle --with-gopack`: gopack itself beside the launchers."""

import os
import shutil

import pytest
from conftest import assert_sums_hold

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


def test_runs_from_there(store, programs, gopack_binary, tmp_path):
    """What lies on a bundle takes the programs beside it along."""
    stick, other = tmp_path / "stick", tmp_path / "other"
    own = "gopack" + (gopack_binary.suffix or "-linux-amd64")
    shutil.copy(gopack_binary, programs / own)
    assert bundle(store, stick, programs).status == 0
    store.gopack.binary = stick / own
    store.gopack.must("bundle", "--target", other, "--with-gopack")
    assert all((other / name).read_bytes() == (stick / name).read_bytes() for name in PROGRAMS)


def test_is_refused_where_there_is_none(store, tmp_path):
    result = bundle(store, tmp_path / "stick", tmp_path / "nowhere")
    assert result.status == 1 and "it is not installed for other systems" in result.stderr and "GOPACK_PROGRAMS" in result.stderr
    assert not (tmp_path / "stick").exists()


def test_a_name_that_is_taken_is_refused(store, programs, tmp_path):
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick/gopack.exe").write_text("mine")
    result = bundle(store, tmp_path / "stick", programs)
    assert result.status == 1 and "gopack.exe is there already" in result.stderr
    assert (tmp_path / "stick/gopack.exe").read_text() == "mine"
