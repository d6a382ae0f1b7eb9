"""What is accepted means the same to another reader: Python's tarfile and zipfile find the names, sizes, contents and modes
that gopack lays out. Archives of several writers, what looks odd and does no harm, and damage that gopack accepts."""

import gzip
import hashlib
import io
import json
import random
import stat
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
import releases
from test_attacks import WRITER

CORPUS = Path(__file__).parents[1] / "fuzz/corpus/archive"
UNSAFE = 6
MUTANTS = 20  # of each archive of the corpus
BLOCK = 512


def as_tar_gz(data):
    return data if data.startswith((b"PK", b"\x1f\x8b")) else gzip.compress(data, mtime=0)


def by_python(data):
    """{path below go/: (size, SHA-256, mode in the archive)} of the files."""
    if data.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(data))
        files = [(i.filename, archive.read(i), i.external_attr >> 16) for i in archive.infolist() if not i.is_dir()]
    else:
        archive = tarfile.open(fileobj=io.BytesIO(data), mode="r:gz")
        files = [(i.name, archive.extractfile(i).read(), i.mode) for i in archive if not i.isdir()]
    assert all(name.startswith("go/") for name, _, _ in files)
    found = {name[3:]: (len(data), hashlib.sha256(data).hexdigest(), mode) for name, data, mode in files}
    assert len(found) == len(files)
    return found


class Reader:
    """Lets gopack fetch and lay out archives, each as a release of its own: go1.99.<number>."""

    def __init__(self, gopack, source):
        self.gopack, self.source, self.count = gopack, source, 0
        source.mkdir()

    def read(self, data):
        """As by_python, of the manifest and of what lies on disk; None where gopack refuses."""
        self.count += 1
        version = f"1.99.{self.count}"
        path = self.source / f"go{version}.linux-amd64{'.zip' if data.startswith(b'PK') else '.tar.gz'}"
        path.write_bytes(data)
        path.with_name(path.name + ".sha256").write_text(hashlib.sha256(data).hexdigest())
        self.gopack.must("fetch", version, "-p", "linux/amd64", "--source", self.source)
        done = self.gopack("--json", "--durability", "fast", "trim", version, "--profile", "full")
        path.unlink()
        if done.status == UNSAFE:
            return None
        assert done.status == 0, done.stdout + done.stderr
        [tree] = done.json["trees"]
        root = self.gopack.home / tree["id"]
        listed = json.loads(root.with_suffix(".json").read_text())["file_list"]
        manifest = {file["path"]: (file["size"], file["sha256"], int(file["mode"], 8)) for file in listed}
        laid = {str(path.relative_to(root)): on_disk(path) for path in root.rglob("*") if not path.is_dir()}
        assert manifest == laid
        return manifest


def on_disk(path):
    content = path.read_bytes()
    return len(content), hashlib.sha256(content).hexdigest(), stat.S_IMODE(path.lstat().st_mode)


def expected(files):
    """Modes come from the path alone."""
    return {name: (size, digest, 0o555 if releases.is_executable(name) else 0o444)
            for name, (size, digest, _) in files.items()}  # fmt: skip


@pytest.fixture
def reader(gopack, tmp_path):
    return Reader(gopack, tmp_path / "source")


def by_gnu_tar(tmp_path):
    """A release by another writer, in each of the formats that it has."""
    for name, data in releases.tree("1.22.5", "linux-amd64").items():
        path = tmp_path / "go" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o755 if releases.is_executable(name) else 0o644)
    for form in ("pax", "gnu", "ustar"):
        yield subprocess.run(["tar", "-C", tmp_path, "--format", form, "-cz", "go"], check=True, capture_output=True).stdout


def test_releases(reader, tmp_path):
    made = [releases.tar_gz("1.22.5", "linux-amd64"), releases.tar_gz("1.21.0", "linux-amd64"),
            releases.release_zip("1.22.5", "linux-amd64"), *by_gnu_tar(tmp_path)]  # fmt: skip
    for data in made:
        files = by_python(data)
        assert len(files) > 50
        assert reader.read(data) == expected(files)
        assert all(bool(mode & 0o111) == releases.is_executable(name) for name, (_, _, mode) in files.items())


def test_what_looks_odd(reader, tmp_path):
    subprocess.run([WRITER, tmp_path], check=True)
    harmless = sorted((tmp_path / "harmless").iterdir())
    assert len(harmless) >= 5
    for path in [*harmless, *sorted(CORPUS.iterdir())]:
        data = as_tar_gz(path.read_bytes())
        assert reader.read(data) == expected(by_python(data)), path.name


def mutants(data, chance):
    """With one byte changed; in a tar's header the checksum follows."""
    if not data.startswith(b"PK"):
        data = gzip.decompress(as_tar_gz(data))
    for _ in range(MUTANTS):
        mutant = bytearray(data)
        at = chance.randrange(4, len(data))  # what begins as no archive is not even fetched
        mutant[at] = chance.choice([0, 1, ord("/"), ord("0"), ord("7"), 0x80, chance.randrange(256)])
        start = at // BLOCK * BLOCK
        if data[start + 257 : start + 262] == b"ustar":
            mutant[start + 148 : start + 156] = b" " * 8
            mutant[start + 148 : start + 156] = b"%06o\0 " % sum(mutant[start : start + BLOCK])
        yield as_tar_gz(bytes(mutant))


def test_damage_that_is_accepted(reader):
    chance = random.Random(1)
    accepted = 0
    for path in sorted(CORPUS.iterdir()):
        for data in mutants(path.read_bytes(), chance):
            found = reader.read(data)
            if found is not None:
                accepted += 1
                assert found == expected(by_python(data)), f"{path.name}: {data.hex()}"
    assert reader.count // 5 < accepted < reader.count, "the damage was too small, or too great"
