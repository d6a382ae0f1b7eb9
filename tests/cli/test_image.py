"""gopack image: the file and what lies beside it, the same bits wherever it is made, and what is refused."""

import hashlib
import json
import os
import shutil
import signal
import struct
import subprocess
import tempfile
from pathlib import Path

import pytest

OLD, NEW = "1.21.3", "1.22.5"
BESIDE = ["stick.img", "stick.img.bmap", "stick.img.json", "stick.img.sha256"]


@pytest.fixture
def store(gopack, releases, tmp_path):
    releases.write_mirror(tmp_path / "mirror", [OLD, NEW], ["linux-amd64", "windows-amd64"])
    gopack.must("fetch", OLD, NEW, "-p", "linux/amd64,windows/amd64", "--source", tmp_path / "mirror")
    gopack.must("trim")
    return gopack


def image(gopack, out, *words, **more):
    return gopack.must("--json", "image", *words, "--out", out, **more).json


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def test_an_image_and_what_lies_beside_it(store, tmp_path):
    out = tmp_path / "images/stick.img"
    out.parent.mkdir()
    document = image(store, out, NEW, "--size", "64M", "--label", "CLASS")
    assert names(out.parent) == BESIDE
    data = out.read_bytes()
    assert len(data) == document["bytes"] == 64 << 20 and document["sha256"] == hashlib.sha256(data).hexdigest()
    assert document["filesystem"] == "exfat" and document["partition_table"] == "mbr" and document["cluster_size"] == 4096
    assert [tree["release"] for tree in document["trees"]] == ["go" + NEW]
    assert document["current"] == document["trees"][0]["id"]
    beside = json.loads((out.parent / "stick.img.json").read_text())
    assert beside | {"image": str(out)} == document
    assert subprocess.run(["sha256sum", "-c", "--quiet", "stick.img.sha256"], cwd=out.parent, check=False).returncode == 0
    text = store.must("image", NEW, "--size", "min", "--out", out).stdout
    assert "of which" in text and f"It starts go{NEW}" in text and "sha256 " in text


@pytest.mark.skipif(not shutil.which("bmaptool"), reason="not installed: bmap-tools")
def test_bmaptool_takes_the_block_map(store, tmp_path):
    out = tmp_path / "stick.img"
    image(store, out, "--size", "256M")
    subprocess.run(["bmaptool", "copy", "--no-sig-verify", out, tmp_path / "copy"], check=True, capture_output=True)
    assert (tmp_path / "copy").read_bytes() == out.read_bytes()
    with open(out, "r+b") as file:
        file.seek(1 << 20)
        file.write(b"damaged")
    assert subprocess.run(["bmaptool", "copy", "--no-sig-verify", out, tmp_path / "copy"], capture_output=True, check=False).returncode


def test_compressed_it_can_be_read_from_any_frame(store, tmp_path):
    out = tmp_path / "stick.img"
    image(store, out, "--size", "65M", "--zstd")
    packed, raw = (tmp_path / "stick.img.zst").read_bytes(), out.read_bytes()
    assert subprocess.run(["zstd", "-dc"], input=packed, stdout=subprocess.PIPE, check=True).stdout == raw
    frames, descriptor, magic = struct.unpack("<IBI", packed[-9:])
    table = packed[-9 - 8 * frames : -9]
    assert (magic, descriptor, frames) == (0x8F92EAB1, 0, 33)
    assert struct.unpack("<II", packed[-17 - 8 * frames : -9 - 8 * frames]) == (0x184D2A5E, 8 * frames + 9)
    begin = 0
    for number, (size, content) in enumerate(struct.iter_unpack("<II", table)):
        if number % 8 == 0:
            frame = subprocess.run(["zstd", "-dc"], input=packed[begin : begin + size], stdout=subprocess.PIPE, check=True).stdout
            assert frame == raw[number << 21 : (number << 21) + content]
        begin += size
    assert begin == len(packed) - 17 - 8 * frames
    run = store("image", "--zstd", "--out", "-")
    assert run.status == 2 and "--zstd" in run.stderr


def test_the_same_bits_in_other_surroundings(store, tmp_path):
    """Another time, zone, locale, directory, mask, home, number of threads, and a store that is a copy in another order."""
    first = image(store, tmp_path / "first.img", "--size", "min")
    copy = tmp_path / "copy of the store"
    shutil.copytree(store.home, copy, symlinks=True)
    (tmp_path / "elsewhere").mkdir()
    environment = store.environment(TZ="America/New_York", LC_ALL="tr_TR.UTF-8", HOME=str(tmp_path / "elsewhere"), GOPACK_HOME=str(copy))
    command = store.command(["-j", "1", "image", "--size", "min", "--out", "second.img"])
    environment["NO_FAKE_STAT"] = "1"  # files keep their times, also below wine
    faketime = shutil.which("faketime")
    if faketime and not store.is_sanitized:  # whose runtime has to be loaded first
        command = [faketime, "2031-02-03 04:05:06", *command]
    subprocess.run(command, check=True, cwd=tmp_path / "elsewhere", env=environment, stdout=subprocess.DEVNULL, preexec_fn=lambda: os.umask(0o077))
    assert (tmp_path / "elsewhere/second.img").read_bytes() == (tmp_path / "first.img").read_bytes()
    piped = subprocess.run(store.command(["image", "--size", "min", "--out", "-"]), check=True, env=store.environment(), stdout=subprocess.PIPE)
    assert hashlib.sha256(piped.stdout).hexdigest() == first["sha256"]


def test_what_is_asked_for_changes_the_ids(store, tmp_path):
    one = image(store, tmp_path / "1.img", OLD, "--size", "min")
    other = image(store, tmp_path / "2.img", NEW, "--size", "min")
    late = image(store, tmp_path / "3.img", OLD, "--size", "min", env={"SOURCE_DATE_EPOCH": "1800000000"})
    assert len({document["volume_serial"] for document in (one, other, late)}) == 3
    assert len({document["disk_id"] for document in (one, other, late)}) == 3


@pytest.mark.parametrize(("words", "status", "says"), [
    (["--size", "2M"], 7, "are needed"),
    (["--size", "3T"], 7, "more than 2 TiB"),
    (["--size", "3T", "--partition", "none", "--cluster", "512"], 7, "cannot address"),
    (["--cluster", "5K"], 2, "unknown cluster size"),
    (["--size", "large"], 2, "unknown size"),
    (["--label", "a label too long"], 2, "unknown label"),
    (["--fs", "ntfs"], 2, "--fs"),
    (["--modules", "main.go"], 2, "no go.mod or go.work file main.go"),
    (["1.19"], 4, "1.19"),
])
def test_refused_before_anything_is_written(words, status, says, store, tmp_path):
    out = tmp_path / "images/stick.img"
    out.parent.mkdir()
    out.write_text("what was there\n")
    run = store("image", *words, "--out", out)
    assert run.status == status and says in run.stderr
    assert names(out.parent) == ["stick.img"] and out.read_text() == "what was there\n"


def test_no_compressed_image_stays_beside_another_one(store, tmp_path):
    """It would be flashed for the new one."""
    out = tmp_path / "images/stick.img"
    out.parent.mkdir()
    image(store, out, OLD, "--size", "min", "--zstd")
    assert names(out.parent) == [*BESIDE, "stick.img.zst"]
    image(store, out, NEW, "--size", "min")
    assert names(out.parent) == BESIDE


def test_zeros_take_no_room(store, tmp_path):
    """Nor do those of the FAT, which a block map has."""
    document = image(store, tmp_path / "x.img", "--size", "4G", "--cluster", "512")
    assert document["mapped_bytes"] > 32 << 20
    assert (tmp_path / "x.img").stat().st_blocks * 512 < 8 << 20


def test_places_that_are_no_file(store, tmp_path):
    run = store("image", "--out", "")
    assert run.status == 2 and "name is empty" in run.stderr
    for place, says in ((tmp_path, "is a directory"), ("/dev/null", "not a file"), (tmp_path / "no/x.img", "does not exist")):
        run = store("image", "--out", place)
        assert run.status == 2 and says in run.stderr
    run = store("image", "--out", "/dev/no-such-disk")
    assert run.status == 2 and "stands for devices" in run.stderr and "gopack flash" in run.stderr
    assert not list(Path("/dev").glob("*no-such-disk*"))
    assert store("--json", "image", "--out", "-").error["kind"] == "usage"
    run = store("image", "--out", tmp_path / "x.img", env={"SOURCE_DATE_EPOCH": "yesterday"})
    assert run.status == 2 and "SOURCE_DATE_EPOCH" in run.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_mount_point_without_a_medium_is_warned_of(store):
    with tempfile.TemporaryDirectory(dir="/mnt") as directory:
        said = store.must("image", OLD, "--size", "min", "--out", Path(directory) / "x.img").stderr
    assert f"no medium is mounted at {directory}: the image goes to " in said


def test_a_damaged_tree_becomes_no_image(store, tmp_path):
    [tree] = [tree for tree in store.must("--json", "list").json["trees"] if tree["release"] == "go" + NEW]
    path = store.home / tree["id"] / "src/fmt/print.go"
    path.chmod(0o644)
    path.write_bytes(bytes(path.stat().st_size))
    run = store("image", NEW, "--size", "min", "--out", tmp_path / "x.img")
    assert run.status == 3 and "src/fmt/print.go" in run.stderr and "gopack repair" in run.stderr
    assert not list(tmp_path.glob("*x.img*"))


def test_interrupted_it_leaves_nothing(store, tmp_path):
    """In the middle: the FAT of a large volume takes seconds to write."""
    out = tmp_path / "images"
    out.mkdir()
    with store.start("image", "--size", "2T", "--cluster", "4K", "--out", out / "stick.img") as process:
        while not names(out):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode == 130
    assert names(out) == []
