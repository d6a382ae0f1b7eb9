"""Hostile archives from a source that vouches for them: fetched and laid out, each is refused and nothing comes of it."""

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import threading
from pathlib import Path

import pytest
from files import listing
from strace import read_trace

WRITER = Path(os.environ.get("GOPACK_ATTACKS", Path(__file__).parents[2] / "build/dev/tests/write_attacks"))
MEMORY = 256 << 20  # bytes that the program may need
SECONDS = 10  # of processor time, which does not depend on what else the machine does
PATIENCE = 120  # seconds until a run has failed anyway


class Attack:
    """One archive, served as a release of its own: go1.99.<number>."""

    def __init__(self, number, line, directory):
        name, self.root, self.what, *self.words = line.rstrip("\n").split("\t")
        self.row = name.split("-")[0]
        self.path = directory / name
        self.version = f"1.99.{number}"
        self.file = f"go{self.version}.linux-amd64{'.zip' if name.endswith('.zip') else '.tar.gz'}"


@pytest.fixture(scope="module")
def attacks(tmp_path_factory):
    directory = tmp_path_factory.mktemp("attacks")
    subprocess.run([WRITER, directory], check=True)
    with (directory / "attacks.tsv").open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        return [Attack(number, line, directory) for number, line in enumerate(lines)]


def run(gopack, *arguments):
    """Exit status, what it says, and what it needed."""
    with subprocess.Popen(
        [gopack.binary, "--durability", "fast", *map(str, arguments)],
        env=gopack.environment(),
        cwd=gopack.work,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        message = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        watchdog.cancel()
    return process.returncode, message, usage


def fetch_and_trim(gopack, attack, source):
    fetched = run(gopack, "fetch", attack.version, "-p", "linux/amd64", "--source", source)
    return fetched if fetched[0] != 0 else run(gopack, "trim", attack.version)


def has_landlock():
    create_ruleset, version = 444, 1
    return ctypes.CDLL(None).syscall(create_ruleset, None, 0, version) > 0


@pytest.mark.skipif(not has_landlock(), reason="this system has no Landlock")
def test_unpacking_is_confined(gopack, tmp_path, releases):
    """The thread that reads the archive has given up its rights before it makes the first file."""
    releases.write_mirror(tmp_path / "mirror", ["1.22.5"], ["linux-amd64"])
    gopack.must("fetch", "1.22.5", "-p", "linux/amd64", "--source", tmp_path / "mirror")
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-qq", "-y", "-o", trace, "-e", "trace=landlock_restrict_self,openat"]
    done = subprocess.run([*strace, gopack.binary, "trim", "1.22.5", "--profile", "full"], env=gopack.environment(), check=False)
    assert done.returncode == 0
    confined, made = set(), 0
    for line in read_trace(trace):
        thread = line.split(" ", 1)[0]
        if re.search(r"landlock_restrict_self\(.*\) += 0$", line):
            confined.add(thread)
        elif "/staging/" in line and "/tree" in line and "O_CREAT" in line:
            made += 1
            assert thread in confined, line
    assert made > 30, "nothing was laid out"


def test_each_is_refused_and_leaves_nothing(gopack, tmp_path, attacks):
    source = tmp_path / "source"
    source.mkdir()
    served = [attack for attack in attacks if attack.root == "go"]  # modules come from proxies
    for attack in served:
        (source / attack.file).symlink_to(attack.path)
        digest = hashlib.sha256(attack.path.read_bytes()).hexdigest()
        (source / f"{attack.file}.sha256").write_text(digest)
    (gopack.work / "sentinel").write_text("untouched")
    surroundings = (gopack.work, gopack.user_home, source)
    before = listing(*surroundings)
    memory = seconds = 0
    for attack in served:
        status, message, usage = fetch_and_trim(gopack, attack, source)
        assert status == 6, f"{attack.row}: {attack.what}: {status}: {message}"
        for word in attack.words:
            assert word in message, f"{attack.row}: {attack.what}: {message}"
        assert all(c.isprintable() or c == "\n" for c in message), message
        memory = max(memory, usage.ru_maxrss << 10)
        seconds = max(seconds, usage.ru_utime + usage.ru_stime)
        assert {path.name for path in gopack.home.iterdir()} == {".gopack", "downloads"}
        assert not list((gopack.home / ".gopack/staging").glob("*")), attack.row
        for file in gopack.downloads.iterdir():
            file.unlink()
    assert listing(*surroundings) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "store", "user", "work"]
    print(f"{len(served)} archives refused; at most {memory >> 20} MiB, {seconds:.2f} s")
    assert (memory < MEMORY and seconds < SECONDS) or gopack.is_sanitized


def test_a_huge_program_is_stripped_in_bounded_memory(gopack, releases, tmp_path):
    program = Path("/bin/true")
    root, source = tmp_path / "go", tmp_path / "source"
    source.mkdir()
    for name, data in releases.tree("1.22.5", "linux-amd64").items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    huge = root / "pkg/tool/linux_amd64/link"
    shutil.copyfile(program, huge)
    os.truncate(huge, MEMORY)
    archive = source / "go1.22.5.linux-amd64.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        tar.add(root, "go")
    (source / f"{archive.name}.sha256").write_text(hashlib.sha256(archive.read_bytes()).hexdigest())
    gopack.must("fetch", "1.22.5", "-p", "linux/amd64", "--source", source)
    status, message, usage = run(gopack, "trim", "1.22.5", "--strip")
    assert status == 0, message
    [stripped] = gopack.home.glob("v_*/pkg/tool/linux_amd64/link")
    assert stripped.stat().st_size < program.stat().st_size
    assert usage.ru_maxrss << 10 < MEMORY or gopack.is_sanitized
