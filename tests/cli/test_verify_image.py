"""gopack verify of images and devices: what gopack and others have made and written to, and what is damaged."""

import os
import random
import shutil
import struct
import subprocess

import images
import pytest
import sticks
from conftest import NEW, OLD

BEGIN = images.FIRST_PARTITION
CASES = [("exfat", "mbr", "4K"), ("exfat", "gpt", "512"), ("exfat", "none", "32K"), ("exfat", "none", "1M"),
         ("fat32", "mbr", "4K"), ("fat32", "gpt", "512"), ("fat32", "none", "32K")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Directories with images, by what they were asked to be: the same trees make the same bits."""
    return tmp_path_factory.mktemp("images"), {}


@pytest.fixture
def image(store, made, tmp_path):
    def image(*words):
        filesystem, table, cluster, size = [*words, *("exfat", "mbr", "4K", "min")[len(words) :]]
        directory, documents = made
        path = directory / f"{filesystem}-{table}-{cluster}-{size}.img"
        if path not in documents:
            options = ("--fs", filesystem, "--partition", table, "--cluster", cluster, "--size", size)
            documents[path] = store.gopack.must("--json", "image", NEW, OLD, *options, "--out", path).json
        image.document = documents[path]
        subprocess.run(["cp", "--sparse=always", path, tmp_path / "x.img"], check=True)
        return tmp_path / "x.img"

    return image


def verify(store, path, *options):
    """The problems of each thing that was verified: (in, path, kind)."""
    result = store.gopack("--json", "verify", *options, path)
    assert result.status == (3 if result.json["problems"] else 0), result.stderr
    return [(problem["in"], problem["path"], problem["kind"]) for problem in result.json["problems"]]


def names(store, path):
    return [one["name"] for one in store.gopack("--json", "verify", path).json["verified"]]


def number(data, offset, size):
    return int.from_bytes(data[offset : offset + size], "little")


class Volume:
    """Where an image that gopack has made has what."""

    def __init__(self, path, begin=BEGIN):
        self.path, self.begin = path, begin
        self.data = bytearray(path.read_bytes())
        self.is_exfat = self.data[begin + 3 : begin + 8] == b"EXFAT"
        field = lambda offset, size: number(self.data, begin + offset, size)  # noqa: E731
        if self.is_exfat:
            self.fat, self.heap = begin + 512 * field(80, 4), begin + 512 * field(88, 4)
            self.root, self.cluster_size = field(96, 4), 512 << field(109, 1)
        else:
            self.fat, self.fat_bytes = begin + 512 * field(14, 2), 512 * field(36, 4)
            self.heap = self.fat + 2 * self.fat_bytes
            self.root, self.cluster_size = field(44, 4), 512 * field(13, 1)

    def cluster(self, number):
        return self.heap + (number - 2) * self.cluster_size

    def flip(self, offset):
        self.data[offset] ^= 1
        self.write()

    def put(self, offset, data):
        self.data[offset : offset + len(data)] = data
        self.write()

    def write(self):
        self.path.write_bytes(self.data)

    def entry(self, name):
        """Where the entries of a file are, by its name in UTF-16 (up to 5 characters of it)."""
        return self.data.index(name.encode("utf-16-le")) // 32 * 32


@pytest.mark.parametrize(("filesystem", "table", "cluster"), CASES)
def test_what_gopack_makes_is_in_order(filesystem, table, cluster, store, image):
    path = image(filesystem, table, cluster)
    result = store.gopack.must("--json", "verify", path).json
    assert result["problems"] == []
    [first, *trees, sums] = result["verified"]
    assert (first["name"], first["files"], first["bytes"]) == (f"{filesystem} filesystem", image.document["files"], image.document["file_bytes"])
    assert sorted(tree["name"] for tree in trees) == sorted([store.old, store.new]) and sums["name"] == "SHA256SUMS"
    text = store.gopack.must("verify", path, "--quick").stdout
    assert f"go{NEW}" in text and "names, sizes and modes OK" in text


def test_it_needs_no_store(store, image, tmp_path):
    path = image()
    assert "OK" in store.gopack.must("verify", path, env={"GOPACK_HOME": str(tmp_path / "nowhere")}).stdout
    assert not (tmp_path / "nowhere").exists()


EXFAT = [
    (lambda v: 510, "master boot record"),
    (lambda v: 446, "master boot record"),
    (lambda v: 446 + 4, "master boot record"),
    (lambda v: v.begin + 3, "boot region"),
    (lambda v: v.begin + 72, "boot region"),
    (lambda v: v.begin + 2 * 512 + 100, "boot region"),
    (lambda v: v.begin + 11 * 512 + 300, "boot region"),
    (lambda v: v.begin + 12 * 512 + 72, "backup boot region"),
    (lambda v: v.fat, "FAT"),
    (lambda v: v.fat + 4 * v.root, "root directory"),
    (lambda v: v.fat + 4 * 2, "allocation bitmap"),
    (lambda v: v.heap, "of the allocation bitmap"),
    (lambda v: v.heap + 1000, "of the allocation bitmap"),
    (lambda v: v.cluster(3) + 200, "up-case table"),
    (lambda v: v.cluster(v.root) + 32 + 24, "allocation bitmap"),
    (lambda v: v.cluster(v.root) + 64, "root directory"),
    (lambda v: v.cluster(v.root) + 64 + 24, "up-case table"),
    (lambda v: v.cluster(v.root) + 96 + 8, "root directory"),
    (lambda v: v.cluster(v.root) + 96 + 32 + 20, "root directory"),
    (lambda v: v.entry("VERSION") + 2, ""),
]
FAT32 = [
    (lambda v: 446 + 4, "master boot record"),
    (lambda v: 446 + 9, "boot sector"),
    (lambda v: v.begin + 510, "boot sector"),
    (lambda v: v.begin + 82, "backup boot sector"),
    (lambda v: v.begin + 13, "boot sector"),
    (lambda v: v.begin + 6 * 512 + 67, "backup boot sector"),
    (lambda v: v.begin + 512 + 484, "information sector"),
    (lambda v: v.begin + 7 * 512, "backup information sector"),
    (lambda v: v.fat, "FAT"),
    (lambda v: v.fat + 4 * v.root, "second FAT"),
    (lambda v: v.fat + 40_000, "of the FAT"),
    (lambda v: v.fat + v.fat_bytes + 40, "second FAT"),
    (lambda v: v.cluster(v.root) + 32 + 11, "root directory"),
    (lambda v: v.cluster(v.root) + 32 + 13, "root directory"),
    (lambda v: v.cluster(v.root) + 32, "root directory"),
    (lambda v: v.cluster(v.root + 1), ".gopack"),
    (lambda v: v.cluster(v.root + 1) + 26, ".gopack"),
]
GPT = [(512, "first"), (512 + 24, "first"), (512 + 40, "first"), (1024 + 32, "first"), (1024 + 16 * 1024 - 1, "first"),
       (-512, "second"), (-512 + 40, "second"), (-512 - 16 * 1024, "second")]


@pytest.mark.parametrize(("filesystem", "i"), [("exfat", i) for i in range(len(EXFAT))] + [("fat32", i) for i in range(len(FAT32))])
def test_a_flipped_bit_of_a_structure_is_named(filesystem, i, store, image):
    position, says = (EXFAT if filesystem == "exfat" else FAT32)[i]
    volume = Volume(image(filesystem, "mbr", "4K", "48M" if filesystem == "exfat" else "min"))
    volume.flip(position(volume))
    found = [path for where, path, kind in verify(store, volume.path, "--quick") if "filesystem" in where and kind == "changed"]
    assert any(says in path for path in found), found


@pytest.mark.parametrize(("offset", "says"), GPT)
def test_a_flipped_bit_of_a_guid_partition_table_is_named(offset, says, store, image):
    path = image("exfat", "gpt")
    volume = Volume(path)
    volume.flip(offset % len(volume.data))
    assert verify(store, path) and all(found == ("exfat filesystem", f"{says} GUID partition table", "changed") for found in verify(store, path))


@pytest.mark.parametrize("filesystem", ["exfat", "fat32"])
def test_a_flipped_bit_of_a_file_is_named(filesystem, store, image):
    volume = Volume(image(filesystem, "none"), 0)
    content = (store.home / store.new / "src/fmt/print.go").read_bytes()
    volume.flip(volume.data.index(content) + len(content) // 2)
    assert [(where, path) for where, path, _ in verify(store, volume.path)] == [(store.new, "src/fmt/print.go")]
    assert verify(store, volume.path, "--quick") == []
    volume = Volume(image(filesystem, "none"), 0)
    volume.flip(volume.data.index(b"#!/bin/sh") + 3)
    assert [where for where, _, _ in verify(store, volume.path)] == ["SHA256SUMS"]


@pytest.mark.parametrize("filesystem", ["exfat", "fat32"])
def test_nothing_that_is_used_changes_unseen(filesystem, store, image):
    """Bits anywhere in what the image uses but FAT32's times and attributes, and the ends of clusters."""
    path = image(filesystem, "none", "512")
    volume = Volume(path, 0)
    used = image.document["used_clusters"] * volume.cluster_size
    chance, whole = random.Random(filesystem), bytes(volume.data)
    seen = 0
    for _ in range(60):
        offset = volume.heap + chance.randrange(used)
        volume.flip(offset)
        seen += bool(verify(store, path))
        volume.data[:] = whole
    assert seen > 50


@pytest.mark.parametrize("filesystem", ["exfat", "fat32"])
def test_a_cut_image_is_named(filesystem, store, image):
    path = image(filesystem)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert ("volume" in [found for _, found, _ in verify(store, path, "--quick")])
    path.write_bytes(whole[: BEGIN + (len(whole) - BEGIN) // 2])
    found = verify(store, path)
    assert (f"{filesystem} filesystem", "volume", "changed") in found
    for size in (0, 1, 511, 512, 4096, BEGIN, BEGIN + 513):
        path.write_bytes(whole[:size])
        assert verify(store, path)


def test_chains_that_cross_run_in_a_circle_or_leave_the_volume(store, image):
    volume = Volume(image("fat32", "none", "512"), 0)
    content = (store.home / store.new / "pkg/tool/linux_amd64/compile").read_bytes()
    first = (volume.data.index(content) - volume.heap) // 512 + 2
    clean = bytes(volume.data)
    for target in (first, first + 10, first - 1, 0, 1, 0x0FFFFF00, 0x0FFFFFFF):
        volume.data[:] = clean
        for fat in (volume.fat, volume.fat + volume.fat_bytes):
            volume.data[fat + 4 * (first + 5) : fat + 4 * (first + 6)] = struct.pack("<I", target)
        volume.write()
        found = verify(store, volume.path)
        path = "pkg/tool/linux_amd64/compile"
        assert ("fat32 filesystem", f"{store.new}/{path}", "changed") in found, target
        assert any(where == store.new and other == path for where, other, _ in found) or target == first + 10


def test_no_image_and_several_partitions(store, tmp_path, image):
    (tmp_path / "notes.txt").write_text("no image\n" * 200)
    run = store.gopack("verify", tmp_path / "notes.txt")
    assert run.status == 2 and "neither an archive of Go nor an image" in run.stderr
    run = store.gopack("verify", "lost.img")
    assert run.status == 2 and "it does not exist" in run.stderr
    (tmp_path / "stick.img.zst").write_bytes(b"\x28\xb5\x2f\xfd")
    run = store.gopack("verify", tmp_path / "stick.img.zst")
    assert run.status == 2 and "unpack it first" in run.stderr
    (tmp_path / "zeros.img").write_bytes(bytes(1 << 20))
    assert verify(store, tmp_path / "zeros.img")[0][:2] == ("filesystem", "master boot record")
    volume = Volume(image())
    volume.put(446 + 16, volume.data[446:462])
    run = store.gopack("verify", volume.path)
    assert run.status == 2 and "2 partitions" in run.stderr and "/dev/sdX1" in run.stderr


def test_a_pointer_that_leads_nowhere(store, image):
    volume = Volume(image("exfat", "none"), 0)
    text = (image.document["current"] + "\n").encode()
    at = next(at for at in range(0, len(volume.data), volume.cluster_size) if volume.data.startswith(text, at))
    volume.put(at, b"v_0000000000000000")
    assert ("current", "v_0000000000000000", "missing") in verify(store, volume.path)


def test_what_was_not_unmounted_is_said_and_no_fault(store, image):
    volume = Volume(image())
    volume.put(BEGIN + 106, b"\2")
    run = store.gopack.must("verify", volume.path)
    assert "not unmounted" in run.stderr


def differing(problems):
    return sorted(problem for problem in problems if "filesystem" not in problem[0])


@pytest.mark.skipif(bool(images.missing()), reason=images.missing())
def test_an_image_that_was_mounted_and_written_to(store, image, tmp_path):
    """It says what verify says of the directory that it is mounted as."""
    path = image("exfat", "mbr", "4K", "+16M")
    with images.device(path) as device:
        with images.mounted(device, tmp_path / "mount", mode="rw") as root:
            tree = root / store.new
            for i in range(300):
                (root / f"of somebody else {i}").write_bytes(b"x" * 3000 * (i % 5))
            for i in range(0, 300, 2):
                (root / f"of somebody else {i}").unlink()
            with open(root / "of somebody else 1", "ab") as file:  # into the holes
                file.write(b"y" * 3_000_000)
        assert verify(store, path) == []
        assert verify(store, device) == []
        with images.mounted(device, tmp_path / "mount", mode="rw") as root:
            (tree / "foreign/deep").mkdir(parents=True)
            (tree / "foreign/deep/file").write_text("x")
            (tree / "src/foreign.go").write_text("x")
            (tree / "src/fmt/print.go").unlink()
            (tree / "VERSION").write_text("longer than it was, by far and with reason\n")
            shutil.rmtree(tree / "src/net")
            shutil.rmtree(root / store.old)
            (root / "go.sh").write_text("changed\n")
            (root / "current.txt").write_text("v_0123456789abcdef\n")
        images.check(device)
        with images.mounted(device, tmp_path / "mount") as root:
            expected = verify(store, root)
        found = verify(store, path)
        assert differing(found) == sorted(expected) and found == [one for one in found if "filesystem" not in one[0]]
        assert {kind for _, _, kind in found} == {"missing", "changed", "foreign"}


@pytest.mark.parametrize("kind", ["exfat", "fat32"])
def test_sticks_that_other_programs_made(kind, store, tmp_path):
    if why := sticks.missing(kind):
        pytest.skip(why)
    stick = sticks.Stick(kind, tmp_path / "stick", 64)
    try:
        store.gopack.must("bundle", "--target", stick.root)
        name = "A name beyond 8.3" + (" äöü 日本" if kind == "exfat" else "")  # fusefat takes ASCII alone
        (stick.root / name).write_text("somebody else's\n")
        stick.take_out()
        assert verify(store, stick.image) == []
        assert names(store, stick.image)[0] == f"{kind} filesystem"
    finally:
        stick.throw_away()


@pytest.mark.skipif(not shutil.which("mcopy"), reason="not installed: mtools")
@pytest.mark.parametrize("cluster", ["1", "8", "64"])
def test_an_image_that_mtools_has_filled(cluster, store, stick, tmp_path):
    path = tmp_path / "made.img"
    path.write_bytes(b"")
    with open(path, "r+b") as file:
        file.truncate(int(cluster) * 512 * 70_000)
    images.run("mkfs.fat", "-F", "32", "-s", cluster, path)
    images.run("mcopy", "-s", "-m", "-i", path, *sorted(stick.iterdir()), "::/")
    assert verify(store, path) == [("current", "current", "missing")] or verify(store, path) == []
    images.run("mdel", "-i", path, f"::/{store.new}/VERSION")
    assert (store.new, "VERSION", "missing") in verify(store, path)
    images.run("fsck.fat", "-n", path)


@pytest.mark.skipif(not shutil.which("sgdisk", path="/usr/sbin:/usr/bin"), reason="not installed: gdisk")
def test_a_guid_partition_table_of_sgdisk(store, image, tmp_path):
    whole = image("exfat", "none").read_bytes()
    path = tmp_path / "disk.img"
    path.write_bytes(bytes(BEGIN) + whole + bytes(4 << 20))
    images.run("sgdisk", "-n", f"1:2048:+{len(whole) // 512}", "-t", "1:0700", path)
    assert verify(store, path) == []


def test_a_pipe_is_read_no_further(store, tmp_path):
    """A FIFO would block for ever."""
    path = tmp_path / "fifo"
    subprocess.run(["mkfifo", path], check=True)
    run = store.gopack("verify", path)
    assert run.status == 2 and "neither" in run.stderr


def diagnosis(store, path, status=0):
    result = store.gopack("--json", "doctor", path)
    assert result.status == status and result.json["layout"] is None, result.stdout
    return {check["name"]: check for check in result.json["checks"]}


@pytest.mark.parametrize(("filesystem", "table", "cluster"), CASES)
def test_doctor_says_what_an_image_has(filesystem, table, cluster, store, image):
    path = image(filesystem, table, cluster)
    before = path.read_bytes()
    checks = diagnosis(store, path)
    assert path.read_bytes() == before
    assert f"{filesystem} with {image.document['files']} files" in checks["content"]["found"]
    assert all(f"go{release} minimal" in checks["content"]["found"] for release in (OLD, NEW))
    assert checks["cluster size"]["ok"] == (cluster != "1M")
    volume = Volume(path, 0 if table == "none" else BEGIN)
    assert checks["alignment"]["ok"] and f"its first cluster at {volume.heap}" in checks["alignment"]["found"]
    assert checks["structures"]["ok"]


def test_doctor_names_what_is_wrong_with_a_medium(store, image, tmp_path):
    path = image("exfat", "mbr", "4K")
    subprocess.run(["truncate", "-s", "+8M", path], check=True)  # a partition that begins 512 bytes later
    data = path.read_bytes()
    (tmp_path / "shifted").write_bytes(data[:446] + data[446:454] + struct.pack("<I", BEGIN // 512 + 1) + data[458:BEGIN] + bytes(512) + data[BEGIN:-512])
    checks = diagnosis(store, tmp_path / "shifted")
    assert not checks["alignment"]["ok"] and "aligns both" in checks["alignment"]["remedy"]
    volume = Volume(path)
    volume.flip(volume.fat + 8)
    checks = diagnosis(store, path, 1)
    assert not checks["structures"]["ok"] and "gopack verify" in checks["structures"]["remedy"]
    (tmp_path / "other").write_bytes(bytes(1 << 20))
    assert "cannot tell" in diagnosis(store, tmp_path / "other")["content"]["found"]
    os.mkfifo(tmp_path / "fifo")
    for path, says in ((tmp_path / "fifo", "neither a directory, a disk nor an image"), ("/dev/null", "neither"), (tmp_path / "no.img", "there is no")):
        result = store.gopack("doctor", path)
        assert result.status == 2 and says in result.stderr
