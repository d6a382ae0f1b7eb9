"""Images of arbitrary trees, as exFAT's own checker and an independent implementation of it see them."""

import os
import random
import shutil
import subprocess
from pathlib import Path

import images
import pytest

FULL = bool(os.environ.get("GOPACK_FULL"))
SCRIPTS = ["abcdefghijklmnopqrstuvwxyz0123456789-_. ", "äöüßéèñçøå", "абвгдежзийклмноп", "αβγδεζηθικλμ", "日本語漢字かな", "𠀀𠀁𠀂𐌰𐌱"]
TIMES = [315532800, 315532801, 1_700_000_000, 1_754_000_001, 4_102_444_799]  # exfat-fuse takes 2100 for a leap year
CLUSTERS = ["512", "4K", "32K", "128K"]


@pytest.fixture
def write(tmp_path):
    program = os.environ.get("GOPACK_WRITE_IMAGE", Path(__file__).parents[2] / "build/dev/tests/write_image")

    def write(files, *, filesystem="exfat", table="none", cluster="4K", size="min", label="TREES"):
        out = tmp_path / "x.img"
        lines = "".join(f"{path}\t{size}\t{time}\n" for path, (size, time) in files.items())
        done = subprocess.run([program, out, filesystem, table, cluster, size, label], input=lines.encode(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return out

    return write


def content_of(path, size):
    line = path.encode() + b"\n"
    return (line * (size // len(line) + 1))[:size]


class Names:
    """Random ones that no two of which fall together."""

    def __init__(self, chance):
        self.chance, self.taken = chance, set()

    def new(self, below):
        while True:
            letters = self.chance.choice(SCRIPTS) if self.chance.random() < 0.4 else SCRIPTS[0]
            name = "".join(self.chance.choices(letters, k=self.chance.choice([1, 3, 8, 15, 16, 30, 31, 45, 60])))
            name = "n" + name.strip(" .")[:60] + "x"
            path = f"{below}/{name}" if below else name
            if path.casefold() not in self.taken and len(path.encode()) < 900:
                self.taken.add(path.casefold())
                return path


def random_tree(seed):
    chance = random.Random(seed)
    names, directories, files = Names(chance), [""], {}
    for _ in range(chance.choice([0, 1, 5, 60])):
        directories.append(names.new(chance.choice(directories)))
    for _ in range(chance.choice([1, 10, 200, 1500])):
        size = chance.choice([0, 1, 511, 512, 513, 4095, 4096, 4097, 40_000])
        files[names.new(chance.choice(directories))] = (size, chance.choice(TIMES))
    return files


def assert_equal(root, files):
    found = images.files_below(root)
    assert sorted(found) == sorted(files)
    for path, (size, time) in files.items():
        assert found[path] == content_of(path, size), path
        assert int((root / path).stat().st_mtime) // 2 == time // 2, path


@pytest.mark.skipif(bool(images.missing()), reason=images.missing())
@pytest.mark.parametrize("seed", range(500 if FULL else 12))
def test_a_random_tree_is_what_others_read(seed, write, tmp_path):
    files = random_tree(seed)
    image = write(files, cluster=CLUSTERS[seed % len(CLUSTERS)], size="+2M" if seed % 3 else "min")
    with images.device(image, 0) as device:
        assert f"files {len(files)}" in images.check(device)
        with images.mounted(device, tmp_path / "mount") as root:
            assert_equal(root, files)


@pytest.mark.skipif(bool(images.missing()), reason=images.missing())
def test_large_directories_long_names_and_colliding_hashes(write, tmp_path):
    """Two names of 255 units; 20,000 entries, some of which have one name hash; a directory of many clusters."""
    files = {f"many/{i:05}-{'abc' * (i % 7)}": (i % 3, TIMES[2]) for i in range(20_000)}
    files |= {"x" * 255: (5000, TIMES[2]), "y" * 251 + ".txt": (0, TIMES[3])}
    image = write(files, cluster="512")
    with images.device(image, 0) as device:
        assert "files 20002" in images.check(device)
        with images.mounted(device, tmp_path / "mount") as root:
            assert_equal(root, files)


@pytest.mark.skipif(bool(images.missing()), reason=images.missing())
def test_a_large_volume_is_sparse_and_sound(write, tmp_path):
    files = {"a/b": (5000, TIMES[2])}
    image = write(files, size="4G", cluster="512")
    assert image.stat().st_size == 4 << 30 and image.stat().st_blocks * 512 < 50 << 20
    with images.device(image, 0) as device:
        images.check(device)
        with images.mounted(device, tmp_path / "mount") as root:
            assert_equal(root, files)


@pytest.mark.skipif(bool(images.missing()), reason=images.missing())
def test_others_may_write_to_it(write, tmp_path):
    """What grows, shrinks and goes leaves a sound filesystem."""
    files = {f"tree/{i}": (6000, TIMES[2]) for i in range(300)}
    image = write(files, size="+8M", cluster="4K")
    with images.device(image, 0) as device:
        with images.mounted(device, tmp_path / "mount", mode="rw") as root:
            for i in range(0, 300, 2):
                (root / f"tree/{i}").unlink()
            for i in range(400):
                (root / f"tree/new name that takes several entries {i}").write_bytes(b"x" * 5000)
            with open(root / "tree/1", "ab") as grown:
                grown.write(b"y" * 50_000)
        assert "files 550" in images.check(device)
        with images.mounted(device, tmp_path / "mount") as root:
            assert (root / "tree/1").read_bytes() == content_of("tree/1", 6000) + b"y" * 50_000
            assert (root / "tree/3").read_bytes() == content_of("tree/3", 6000)


def mcopy(image, offset, directory):
    """{path: content} by mtools; it knows no characters beyond the basic plane."""
    directory.mkdir()
    images.run("mcopy", "-s", "-m", "-n", "-i", f"{image}@@{offset}", "::/", f"{directory}/", check=False)
    return images.files_below(directory)


@pytest.mark.skipif(not shutil.which("mcopy"), reason="not installed: mtools")
@pytest.mark.parametrize("seed", range(500 if FULL else 8))
def test_a_random_tree_on_fat32_is_what_mtools_reads(seed, write, tmp_path):
    files = {path: value for path, value in random_tree(seed).items() if all(ord(c) < 0x10000 for c in path)}
    table = ["none", "mbr", "gpt"][seed % 3]
    image = write(files, filesystem="fat32", table=table, cluster=["512", "1K"][seed % 2])
    assert images.run("fsck.fat", "-n", image) if table == "none" else True
    found = mcopy(image, 0 if table == "none" else images.FIRST_PARTITION, tmp_path / "files")
    assert sorted(found) == sorted(files)
    assert all(found[path] == content_of(path, size) for path, (size, _) in files.items())


@pytest.mark.skipif(not shutil.which("mcopy"), reason="not installed: mtools")
def test_short_names_of_many_that_begin_alike(write, tmp_path):
    files = {f"many/a long name {i}.go": (i % 3, TIMES[2]) for i in range(3000)}
    files |= {"README.TXT": (9, TIMES[2]), "readme.txt.go": (1, TIMES[2]), "A~1": (2, TIMES[2]), "a long name": (3, TIMES[2])}
    image = write(files, filesystem="fat32", cluster="512")
    images.run("fsck.fat", "-n", image)
    found = mcopy(image, 0, tmp_path / "files")
    assert found == {path: content_of(path, size) for path, (size, _) in files.items()}
    listed = images.run("mdir", "-b", "-i", image, "::/")
    assert "README.TXT" in listed


@pytest.mark.skipif(not shutil.which("sgdisk", path="/usr/sbin:/usr/bin"), reason="not installed: gdisk")
@pytest.mark.parametrize("filesystem", ["exfat", "fat32"])
def test_a_guid_partition_table_is_sound(filesystem, write):
    image = write({"a": (5000, TIMES[2])}, filesystem=filesystem, table="gpt")
    assert "No problems found" in images.run("sgdisk", "-v", image)
    assert "0700  gopack" in images.run("sgdisk", "-p", image)
    record = image.read_bytes()[446:462]  # the protective one, as UEFI 2.10 has it (table 5.4)
    assert record[:8] == b"\x00\x00\x02\x00\xee\xff\xff\xff"
