"""Umask, locale, time zone, clock, a missing HOME, a long path; rights; a read-only or full filesystem; no file locks."""

import os
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest
import slow_share
from conftest import wait_until
from place import NEW, OLD, PLATFORM, Place, contents, current, discard
from scenarios import FETCH
from files import listing
from releases import UNIX_TIME

READ = (("list",), ("env",), ("verify",), ("exec", "--", "go", "version"), ("diff", OLD, NEW))
WRITE = (("fetch", NEW, "-p", PLATFORM, "--source", "{mirror}"), ("trim",), ("use", NEW), ("rollback",), ("gc",),
         ("remove", NEW), ("repair",))  # fmt: skip


@pytest.fixture
def place(tmp_path, releases):
    releases.write_mirror(tmp_path / "mirror", [OLD, NEW], [PLATFORM.replace("/", "-")])
    place = Place(tmp_path / "here", tmp_path / "mirror")
    place.root.mkdir()
    return place


def fill(place):
    for version in (OLD, NEW):
        place.must("fetch", version, "-p", PLATFORM, "--source", place.mirror)
        place.must("trim", version, "--profile", "minimal")


def modeless(home):
    """Contents, and which files are executable."""
    return {name: (mode[0], "x" in mode, text) for name, (mode, text) in contents(home).items()}


ODD = {"LC_ALL": "tr_TR.UTF-8", "LANG": "ja_JP.SJIS", "TZ": "Pacific/Kiritimati", "POSIXLY_CORRECT": "1"}


def test_surroundings_make_no_difference(place, tmp_path):
    fill(place)
    place.must("bundle", "--target", place.target)
    expected = modeless(place.store) | modeless(place.target)
    deep = "/".join(["d" * 100] * 9)
    for name, umask, odd in (("open", 0, {}), ("closed", 0o077, ODD), ("homeless", 0o022, {"HOME": ""}), (deep, 0, {})):
        other = Place(tmp_path / name, place.mirror)
        other.root.mkdir(parents=True)
        lines = [["fetch", OLD, NEW, "-p", PLATFORM, "--source", place.mirror], ["trim", OLD, "--profile", "minimal"], ["trim", NEW, "--profile", "minimal"],
                 ["exec", "--", "go", "version"], ["bundle", "--target", other.target]]  # fmt: skip
        for line in lines:
            done = other.run(*line, before=["sh", "-c", f'umask {umask:o}; exec "$@"', "sh"], environment=odd)
            assert done.returncode == 0, done.stderr
        found = modeless(other.store) | modeless(other.target)
        made_by_exec = {path for path in found if path.startswith("/shared") and path not in expected}
        assert {path: what for path, what in found.items() if path not in made_by_exec} == expected
        for path in other.root.rglob("*"):
            mode = path.lstat().st_mode
            assert stat.S_ISLNK(mode) or not mode & 0o022, f"{path} is writable for others: {stat.filemode(mode)}"


def as_nobody(place, *line):
    if os.geteuid() != 0:
        pytest.skip("giving up rights takes root")
    return place.run(*line, before=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])


def reading_works(place, run):
    for line in READ:
        done = run(place, *line)
        assert done.returncode == 0, f"{line}: {done.stderr}"


def writing_is_refused(place, run, status, reason):
    before = listing(place.root)
    for line in WRITE:
        done = run(place, *(word.format(mirror=place.mirror) for word in line))
        assert done.returncode == status and str(place.root) in done.stderr and reason in done.stderr, (
            f"{line}: {done.returncode} {done.stderr}"
        )
    assert listing(place.root) == before


@pytest.fixture
def public():
    """A directory that everybody may look into; those of pytest are its user's own."""
    directory = Path(tempfile.mkdtemp(prefix="gopack-faults-"))
    directory.chmod(0o755)
    yield directory
    discard(directory)


def test_a_store_of_somebody_else(public, releases):
    releases.write_mirror(public / "mirror", [OLD, NEW], [PLATFORM.replace("/", "-")])
    place = Place(public / "here", public / "mirror")
    place.root.mkdir()
    fill(place)
    reading_works(place, as_nobody)
    writing_is_refused(place, as_nobody, 1, "Permission denied")
    refused = as_nobody(place, "bundle", "--target", place.target)
    assert refused.returncode == 1 and "Permission denied" in refused.stderr


@pytest.fixture
def mounted(place):
    """Mounts a tmpfs at the place's root with options."""
    done = []

    def mount(options):
        line = ["mount", "-t", "tmpfs", "-o", options, "gopack", place.root]
        if subprocess.run(line, capture_output=True, check=False).returncode != 0:
            pytest.skip("mounting takes root")
        done.append(place.root)
        return place

    yield mount
    for path in done:
        subprocess.run(["umount", path], check=True)


def test_a_read_only_store(mounted):
    place = mounted("size=50m")
    fill(place)
    # Landlock lets go of what it has confined to a while after the program has ended.
    remount = ["mount", "-o", "remount,ro", place.root]
    wait_until(lambda: subprocess.run(remount, capture_output=True, check=False).returncode == 0)
    reading_works(place, Place.run)
    writing_is_refused(place, Place.run, 7, "Read-only file system")


def refused_for_room(place, *line):
    before = listing(place.store)
    done = place.run(*line)
    assert done.returncode == 7 and str(place.root) in done.stderr, done.stderr
    assert listing(place.store) == before
    return done.stderr


def test_room_is_looked_for_first(mounted):
    """The archive takes 0.9 MB, a tree 0.8."""
    place = mounted("size=1500k")
    fetch = ["fetch", NEW, "-p", PLATFORM, "--source", place.mirror]
    ballast = place.root / "ballast"
    ballast.write_bytes(bytes(700_000))
    assert "MB are needed there" in refused_for_room(place, *fetch)
    ballast.unlink()
    place.must(*fetch)
    ballast.write_bytes(bytes(200_000))
    assert "MB are needed there" in refused_for_room(place, "trim", "--profile", "minimal")
    ballast.unlink()


def test_inodes_are_looked_for_first(mounted):
    place = mounted("size=20m,nr_inodes=40")
    place.must("fetch", NEW, "-p", PLATFORM, "--source", place.mirror)
    assert "files are to be made there" in refused_for_room(place, "trim", "--profile", "minimal")


def test_what_nearly_does_not_fit(mounted):
    place = mounted("size=3m,nr_inodes=200")
    place.must("fetch", NEW, "-p", PLATFORM, "--source", place.mirror)
    place.must("trim", "--profile", "minimal")
    assert current(place.store) and place.problems(place.store) == set()


@pytest.mark.parametrize(
    ("fault", "reason", "lines"),
    [
        ("error=ENOLCK", "No locks available", (FETCH, ("use", OLD), ("gc",), ("remove", OLD), ("trim",))),
        ("delay_enter=6s", "does not answer", (("gc",),)),  # as a file server that is away; strace waits for it
    ],
    ids=["missing", "hanging"],
)
def test_a_filesystem_without_file_locks(place, fault, reason, lines):
    """Nothing is changed where another gopack could be at work unseen."""
    fill(place)
    before = listing(place.root)
    strace = ["strace", "-f", "-qq", "-o", place.mirror / "trace", "-e", f"inject=flock:{fault}"]
    for line in lines:
        done = place.run(*(word.format(mirror=place.mirror) for word in line), before=strace)
        assert done.returncode == 7 and f"{place.store}/.gopack/lock: " in done.stderr, (line, done.stderr)
        assert reason in done.stderr and "doctor" in done.stderr, (line, done.stderr)
    assert listing(place.root) == before


@pytest.mark.skipif(not slow_share.is_possible(), reason="needs root and /dev/fuse")
def test_a_file_server_that_never_answers_a_lock(place, tmp_path):
    """The program ends all the same, and so do those that read what it prints; it keeps no other lock."""
    fill(place)
    server = slow_share.compile_to(tmp_path / "slow_share")
    with slow_share.SlowShare(server, tmp_path, milliseconds=0, locks="hang") as share:
        (share.path / ".gopack").mkdir()
        done = place.run("bundle", "--target", share.path)
        assert done.returncode == 7 and f"{share.path}/.gopack/lock: the file server does not answer" in done.stderr
        place.must("--lock-timeout", "0", "gc")


def made(place):
    """What the store holds, and the times of what lies in its trees."""
    times = {str(path.relative_to(place.store)): path.stat().st_mtime for path in place.store.glob("v_*/**/*") if path.is_file()}
    return contents(place.store), times


def test_no_clock_makes_a_difference(place, tmp_path):
    """Neither one that is wrong nor one that jumps between two commands."""
    lines = [["fetch", OLD, NEW, "-p", PLATFORM, "--source", place.mirror], ["trim", "--profile", "minimal"],
             ["use", NEW], ["gc"], ["verify"]]  # fmt: skip
    for line in lines:
        place.must(*line)
    expected = made(place)
    assert set(expected[1].values()) == {float(UNIX_TIME)}
    for years in ((1980, 1980), (2107, 2107), (2107, 1980), (1980, 2107)):
        other = Place(tmp_path / "-".join(map(str, years)), place.mirror)
        other.root.mkdir()
        for number, line in enumerate(lines):
            done = other.run(*line, before=["faketime", "-m", f"{years[number % 2]}-01-01 00:00:00"])
            assert done.returncode == 0, (years, line, done.stderr)
        assert made(other) == expected, years
