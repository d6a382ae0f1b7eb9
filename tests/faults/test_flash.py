"""Sticks that behave badly: each is named, none is called whole, and the others get their image."""

import hashlib
import json
import os
import signal
import subprocess
import sys

import faulty_disk
import pytest
from conftest import wait_until
from faulty_disk import MEGABYTE, FaultyDisk

SIZE = 15 * MEGABYTE
IMAGE = 9 * MEGABYTE + 12345

pytestmark = pytest.mark.skipif(not faulty_disk.is_possible(), reason="needs root and /dev/fuse")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    return faulty_disk.compile_to(tmp_path_factory.mktemp("faulty") / "faulty_disk")


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "stick.img"
    data = os.urandom(IMAGE)
    path.write_bytes(data)
    (tmp_path / "stick.img.sha256").write_text(f"{hashlib.sha256(data).hexdigest()}  stick.img\n")
    return path


def looks_like_nothing(disk):
    return disk.backing.read_bytes()[:MEGABYTE] == bytes(MEGABYTE)


def test_the_order_of_writes(gopack, image, server, tmp_path):
    """The first MiB goes first, comes last, and only when all else is on the medium."""
    with FaultyDisk(server, tmp_path / "disk", SIZE) as disk:
        run = gopack.must("--json", "flash", image, disk.path, "--allow-file")
        assert run.json["devices"][0]["result"] == "whole"
        done = disk.done()
        assert disk.backing.read_bytes()[:IMAGE] == image.read_bytes()
    head = [number for number, write in enumerate(done) if write and write[0] < MEGABYTE]
    others = [number for number, write in enumerate(done) if write and MEGABYTE <= write[0] < IMAGE]
    wiped = [number for number in head if number < others[0]]
    written = [number for number in head if number > others[-1]]
    assert sorted(wiped + written) == head and sum(done[number][1] for number in wiped) == MEGABYTE
    assert sum(done[number][1] for number in written) == MEGABYTE
    for before, after in ((wiped, others), (others, written)):
        assert None in done[before[-1] : after[0]]
    assert done[-1] is None


# Where is_kept, its end alone shows it; where not, the image that was read back does.
@pytest.mark.parametrize(("fault", "number", "result", "says", "is_kept"), [
    ("lose", 5 * MEGABYTE, "fake", "its last 4096 bytes do not keep", True),
    ("wrap", 4 * MEGABYTE, "fake", "at byte 3141632", True),
    ("wrap", 8 * MEGABYTE, "fake", "at byte 7335936", True),
    ("wrap", 5 * MEGABYTE, "fake", "behind byte 5242880", False),
    ("wrap", 9 * MEGABYTE, "fake", "behind byte 9437184", False),
    ("lose-middle", 7 * MEGABYTE, "fake", "keeps nothing from byte 7340032 on", False),
    ("lose-middle", 9 * MEGABYTE + 100, "damaged", "read back differently", False),
    ("flip", 3 * MEGABYTE + 77, "damaged", "1 of 9 pieces", False),
    ("flip", 77, "damaged", "first MiB", False),
    ("keep-head", 4096, "damaged", "first MiB", None),
    ("end", 8 * MEGABYTE, "failed", "it ends after", None),
    ("gone-write", SIZE // 2, "failed", "cannot write", None),
    ("gone-read", SIZE // 2, "failed", "cannot read", None),
])  # fmt: skip
def test_each_is_named_and_the_others_get_their_image(gopack, image, server, tmp_path, fault, number, result, says, is_kept):
    fine = tmp_path / "fine"
    with open(fine, "wb") as file:
        file.truncate(SIZE)
    with FaultyDisk(server, tmp_path / "disk", SIZE, fault, number) as disk:
        run = gopack("--json", "flash", image, disk.path, fine, "--allow-file")
        bad, good = run.json["devices"]
        assert (bad["result"], good["result"]) == (result, "whole"), bad
        assert says in bad["reason"] and bad["sha256"] is None and run.status == (1 if result == "failed" else 3)
        assert fine.read_bytes()[:IMAGE] == image.read_bytes()
        if is_kept:
            assert disk.backing.read_bytes()[:4] == b"old "
        elif is_kept is False:
            assert looks_like_nothing(disk)


@pytest.mark.parametrize("fault", ["stall-write", "stall-read"])
def test_one_that_does_not_answer_is_given_up(gopack, image, server, tmp_path, fault):
    fine = tmp_path / "fine"
    with open(fine, "wb") as file:
        file.truncate(SIZE)
    with FaultyDisk(server, tmp_path / "disk", SIZE, fault, 0) as disk:
        run = gopack.start("--json", "flash", image, disk.path, fine, "--allow-file", "--stall-timeout", "2")
        lines = []
        for line in iter(run.stdout.readline, ""):  # until the document is whole: no system ends what waits for a device
            lines.append(line)
            if line == "}\n":
                break
        text = "".join(lines)
        stalled, good = json.loads(text)["devices"]
        assert stalled["result"] == "stalled" and stalled["sha256"] is None and good["result"] == "whole"
        assert fine.read_bytes()[:IMAGE] == image.read_bytes()
        disk.kill()
        assert run.wait() == 1
        run.communicate()


def test_memory_does_not_grow_with_the_number_of_devices(gopack, tmp_path):
    image = tmp_path / "stick.img"
    image.write_bytes(os.urandom(20 * MEGABYTE))
    targets = [tmp_path / f"disk{number}" for number in range(30)]
    for target in targets:
        with open(target, "wb") as file:
            file.truncate(20 * MEGABYTE)
    measure = ("import os, sys; child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ); "
               "_, status, usage = os.wait4(child, 0); print(usage.ru_maxrss); sys.exit(status != 0)")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", measure, gopack.binary, "-q", "flash", image, *targets, "--allow-file"],
                          env=gopack.environment(), stdout=subprocess.PIPE, text=True, check=True)  # fmt: skip
    assert int(done.stdout.split()[-1]) < 64 << 10  # KiB
    assert all(target.read_bytes() == image.read_bytes() for target in targets)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_ended_in_the_middle_it_looks_like_nothing(gopack, image, server, tmp_path, how):
    """One device stands still, so that the others cannot be ready: the image is larger than what is on its way."""
    with open(image, "r+b") as file:
        file.truncate(100 * MEGABYTE)
    fine = tmp_path / "fine"
    with open(fine, "wb") as file:
        file.write(b"old content")
        file.truncate(128 * MEGABYTE)
    (tmp_path / "stick.img.sha256").unlink()
    with FaultyDisk(server, tmp_path / "disk", 128 * MEGABYTE, "stall-write", 50 * MEGABYTE) as disk:
        run = gopack.start("--json", "flash", image, disk.path, fine, "--allow-file")
        wait_until(lambda: (50 * MEGABYTE) in [write[0] for write in disk.done() if write])
        run.send_signal(how)
        disk.answer()
        output, errors = run.communicate()
        assert looks_like_nothing(disk) and fine.read_bytes()[:MEGABYTE] == bytes(MEGABYTE)
    if how == signal.SIGKILL:
        assert run.returncode == -how
        return
    assert run.returncode == 130
    assert [device["result"] for device in json.loads(output)["devices"]] == ["interrupted"] * 2
    assert errors.count("not whole") == 2
