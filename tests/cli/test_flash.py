"""gopack flash: what is written, by what an image is proved, and what is refused before anything is written."""

import hashlib
import json
import os
import shutil
import subprocess

import images
import pytest

MEGABYTE = 1 << 20


class Place:
    """An image with what lies beside it, and targets of 8 MiB with old content."""

    def __init__(self, gopack, directory):
        self.gopack, self.directory = gopack, directory
        self.image = directory / "stick.img"

    def write_raw(self, size=3 * MEGABYTE, with_digest=True):
        data = os.urandom(size)
        self.image.write_bytes(data)
        if with_digest:
            (self.directory / "stick.img.sha256").write_text(f"{hashlib.sha256(data).hexdigest()}  stick.img\n")
        return data

    def write_map(self, data, ranges, size=None):
        """Of blocks [first, last]; `data` has to be zeros between them."""
        blocks = "".join(f'<Range chksum="{hashlib.sha256(data[first * 4096:(last + 1) * 4096]).hexdigest()}"> {first}-{last} </Range>\n'
                         for first, last in ranges)
        text = (f"<bmap version=\"2.0\"><ImageSize> {size or len(data)} </ImageSize><BlockSize> 4096 </BlockSize>"
                f"<ChecksumType> sha256 </ChecksumType><BmapFileChecksum> {{}} </BmapFileChecksum><BlockMap>{blocks}</BlockMap></bmap>")
        (self.directory / "stick.img.bmap").write_text(text.format(hashlib.sha256(text.format("0" * 64).encode()).hexdigest()))

    def target(self, name="disk", size=8 * MEGABYTE):
        path = self.directory / name
        path.write_bytes((b"old content\n" * (size // 12 + 1))[:size])
        return path

    def flash(self, *targets, image=None, json_=True):
        return self.gopack(*(["--json"] if json_ else []), "flash", image or self.image, *targets, "--allow-file")


@pytest.fixture
def place(gopack, tmp_path):
    return Place(gopack, tmp_path)


def test_several_at_once_each_with_its_result(place):
    data = place.write_raw()
    targets = [place.target(f"disk{number}") for number in range(4)]
    run = place.flash(*targets)
    assert run.status == 0, run.stderr
    document = run.json
    digest = hashlib.sha256(data).hexdigest()
    assert document["image"] == str(place.image) and document["bytes"] == document["mapped_bytes"] == len(data)
    assert document["proved_by"] == "sha256" and document["sha256"] == digest
    assert [device["device"] for device in document["devices"]] == [str(target) for target in targets]
    for device, target in zip(document["devices"], targets):
        assert device["result"] == "whole" and device["bytes"] == len(data) and device["sha256"] == digest
        assert device["seconds"] > 0 and device["megabytes_per_second"] > 0
        written = target.read_bytes()
        assert written[: len(data)] == data and written[len(data) :] == (b"old content\n" * MEGABYTE)[len(data) : 8 * MEGABYTE]
    text = place.flash(targets[0], json_=False)
    assert text.status == 0 and "whole" in text.stdout and digest in text.stdout and f"{targets[0]}: whole" in text.stderr


@pytest.mark.parametrize("size", [1, 4096, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, 2 * MEGABYTE + 513])
def test_images_of_any_size(place, size):
    data = place.write_raw(size)
    target = place.target()
    assert place.flash(target).status == 0
    written = target.read_bytes()
    assert written[:size] == data and set(written[size:MEGABYTE]) <= {0}
    assert place.flash(place.target("tight", size)).status == 0


def test_only_what_the_block_map_names(place):
    data = bytearray(6 * MEGABYTE)
    ranges = [(0, 1), (128, 700), (1200, 1210), (1535, 1535)]
    for first, last in ranges:
        data[first * 4096 : (last + 1) * 4096] = os.urandom((last + 1 - first) * 4096)
    place.image.write_bytes(data)
    place.write_map(data, ranges)
    target = place.target()
    old = target.read_bytes()
    document = place.flash(target).json
    assert document["proved_by"] == "block map" and document["bytes"] == len(data)
    mapped = sum(last + 1 - first for first, last in ranges) * 4096
    assert document["mapped_bytes"] == document["devices"][0]["bytes"] == mapped
    assert document["sha256"] is None and document["bmap_sha256"] in (place.directory / "stick.img.bmap").read_text()
    written = target.read_bytes()
    assert written[:MEGABYTE] == data[:MEGABYTE]
    for first, last in ranges:
        assert written[first * 4096 : (last + 1) * 4096] == data[first * 4096 : (last + 1) * 4096]
    assert written[701 * 4096 : 1200 * 4096] == old[701 * 4096 : 1200 * 4096]


def test_a_map_of_another_image_is_refused_and_a_damaged_one_ignored(place):
    """A sound map of another size says that the image was cut."""
    data = place.write_raw()
    place.write_map(data, [(0, 10)], size=4 * MEGABYTE)
    target = place.target()
    old = target.read_bytes()
    refused = place.flash(target)
    assert refused.status == 3 and f"it has {len(data)} bytes, its block map is of {4 * MEGABYTE}" in refused.error["message"]
    assert target.read_bytes() == old
    (place.directory / "stick.img.bmap").write_text("<bmap>")
    run = place.flash(target)
    assert run.status == 0 and "is ignored" in run.stderr and run.json["proved_by"] == "sha256"
    assert target.read_bytes()[: len(data)] == data


def test_each_confirmation_is_one_word_and_of_a_device_that_is_named(place):
    place.write_raw()
    targets = [place.target("one"), place.target("two")]
    before = [target.read_bytes() for target in targets]
    run = place.gopack("--json", "flash", place.image, targets[0], "--allow-file", "--yes", "A1", targets[1])
    assert run.status == 2 and "--yes A1 is of no device that is named" in run.error["message"]
    assert [target.read_bytes() for target in targets] == before


@pytest.mark.parametrize(("start", "name"), [(b"\x1f\x8b\x08", "gzip"), (b"\xfd7zXZ\x00", "xz"), (b"BZh9", "bzip2"), (b"PK\x03\x04", "zip")])
def test_what_is_packed_otherwise_is_refused(place, start, name):
    place.image.write_bytes(start + bytes(MEGABYTE))
    target = place.target()
    old = target.read_bytes()
    run = place.flash(target)
    assert run.status == 2 and f"it is compressed with {name}" in run.error["message"] and "unpack it first" in run.error["hint"]
    assert target.read_bytes() == old


def test_a_pipe_is_no_image(place):
    os.mkfifo(place.image)
    run = place.flash(place.target())
    assert run.status == 2 and "it is not a file" in run.error["message"]


def test_what_gopack_makes(place, gopack, releases, tmp_path):
    """With its block map, raw and compressed; the filesystem is the image's."""
    releases.write_mirror(tmp_path / "mirror", ["1.22.5"], ["linux-amd64"])
    gopack.must("fetch", "1.22.5", "-p", "linux/amd64", "--source", tmp_path / "mirror")
    gopack.must("trim")
    gopack.must("image", "--size", "32M", "--zstd", "--out", place.image)
    for image in (place.image, tmp_path / "stick.img.zst"):
        target = place.target(size=40 * MEGABYTE)
        with open(target, "r+b") as file:
            file.write(bytes(40 * MEGABYTE))
        run = place.flash(target, image=image)
        assert run.status == 0 and run.json["proved_by"] == "block map" and run.json["mapped_bytes"] < 32 * MEGABYTE
        assert target.read_bytes()[: 32 * MEGABYTE] == place.image.read_bytes()


@pytest.mark.parametrize("words", [["-q"], ["-q", "--no-check", "--stream-size=3145728"]])
def test_compressed_by_others(place, words):
    data = place.write_raw()
    packed = place.directory / "stick.img.zst"
    with open(packed, "wb") as out:
        subprocess.run(["zstd", *words], input=data, stdout=out, check=True)
    target = place.target()
    run = place.flash(target, image=packed)
    assert run.status == 0 and run.json["proved_by"] == "sha256" and target.read_bytes()[: len(data)] == data


def damage(path, offset):
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 1]))


@pytest.mark.parametrize("proof", ["sha256", "map", "frames"])
@pytest.mark.parametrize("offset", [0, 100000, 3 * MEGABYTE - 1])
def test_a_damaged_image_makes_nothing_that_looks_whole(place, proof, offset):
    data = place.write_raw()
    image = place.image
    if proof == "map":
        place.write_map(data, [(0, 767)])
    damage(image, offset)
    if proof == "frames":
        image = place.directory / "stick.img.zst"
        subprocess.run(["zstd", "-q", "--check", place.image, "-o", image], check=True)
        damage(image, min(offset, image.stat().st_size - 100) or 12)
    target = place.target()
    run = place.flash(target, image=image)
    assert run.status == 3 and run.error["kind"] == "integrity" and "make or copy the image again" in run.error["hint"]
    if "devices" in run.json:
        assert run.json["devices"][0]["result"] == "image" and run.json["devices"][0]["sha256"] is None
        assert target.read_bytes()[:MEGABYTE] == bytes(MEGABYTE)
    else:  # known before
        assert target.read_bytes()[:4] == b"old "


def test_without_anything_beside_it_the_user_is_told(place):
    place.write_raw(with_digest=False)
    run = place.flash(place.target())
    assert run.status == 0 and "no digest is beside" in run.stderr and run.json["proved_by"] == "nothing"
    (place.directory / "stick.img.sha256").write_text(f"{'0' * 64}  other.img\n")
    assert "does not name stick.img" in place.flash(place.target()).stderr


def test_refused_before_anything_is_written(place):
    place.write_raw()
    fine, small = place.target("fine"), place.target("small", 2 * MEGABYTE)
    os.symlink(fine, place.directory / "link")
    refused = [
        ([fine, small], 7, "it has 2097152 bytes, the image has 3145728"),
        ([fine, fine], 2, "it is named twice"),
        ([fine, place.directory / "link"], 2, "it is named twice"),
        ([fine, place.image], 2, "it is the image itself"),
        ([fine, place.directory], 2, "it is not a disk"),
        ([fine, "/dev/null"], 2, "it is not a disk"),
        ([fine, place.directory / "missing"], 1, "No such file"),
    ]
    for targets, status, says in refused:
        run = place.flash(*targets)
        assert run.status == status and says in run.error["message"], targets
        assert fine.read_bytes().startswith(b"old content")
    run = place.gopack("flash", place.image, fine)
    assert run.status == 2 and "it is a file" in run.stderr and "--allow-file" in run.stderr
    assert place.gopack("flash", place.image).status == 2
    assert place.gopack("flash", place.image, fine, "--allow-file", "--stall-timeout", "soon").status == 2
    empty = place.directory / "empty.img"
    empty.touch()
    assert "empty" in place.flash(fine, image=empty).error["message"]
    assert fine.read_bytes().startswith(b"old content")


def test_the_list_names_every_disk_of_this_machine(place):
    listed = {disk["device"]: disk for disk in place.gopack.must("--json", "flash", "--list").json["disks"]}
    known = json.loads(subprocess.run(["lsblk", "-Jbdo", "PATH,SIZE,RM,HOTPLUG,RO,TYPE"], capture_output=True, check=True).stdout)
    for disk in known["blockdevices"]:
        if disk["type"] == "disk" and not disk["path"].startswith(("/dev/zram", "/dev/nbd", "/dev/ram")):
            assert listed[disk["path"]]["bytes"] == disk["size"]
            assert not listed[disk["path"]]["candidate"] or disk["rm"] or disk["hotplug"]
    root = subprocess.run(["findmnt", "-no", "SOURCE", "/"], capture_output=True, text=True, check=True).stdout.strip()
    if root in listed:
        assert not listed[root]["candidate"] and "/" in listed[root]["uses"]
        run = place.gopack("flash", place.image, root, "--yes", listed[root]["confirm"], "--allow-file")
        assert run.status == 2 and "the system's disk" in run.stderr
    assert "device" in place.gopack.must("flash", "--list").stdout or not listed


@pytest.mark.skipif(images.missing() != "", reason=images.missing())
def test_a_loop_device(place):
    data = place.write_raw()
    target = place.target(size=8 * MEGABYTE)
    with images.device(target, 0) as device:
        run = place.gopack("flash", place.image, device, "--yes", device.rsplit("/", 1)[1])
        assert run.status == 2 and "built in" in run.stderr
        descriptor = os.open(device, os.O_RDONLY | os.O_EXCL)
        run = place.flash(device)
        assert run.status == 5 and "in use" in run.error["message"]
        os.close(descriptor)
        assert target.read_bytes().startswith(b"old content")
        run = place.flash(device)
        assert run.status == 0 and run.json["devices"][0]["result"] == "whole"
        subprocess.run(["cmp", "-n", str(len(data)), place.image, device], check=True)


@pytest.mark.skipif(images.missing() != "", reason=images.missing())
def test_a_mounted_one_is_refused(place, tmp_path):
    place.write_raw()
    target = tmp_path / "filesystem"
    with open(target, "wb") as file:
        file.truncate(64 * MEGABYTE)
    with images.device(target, 0) as device:
        subprocess.run([shutil.which("mkfs.exfat", path="/usr/sbin:/sbin:/usr/bin"), device], check=True, stdout=subprocess.DEVNULL)
        with images.mounted(device, tmp_path / "mounted"):
            run = place.flash(device)
            assert run.status == 5 and "in use" in run.error["message"]
