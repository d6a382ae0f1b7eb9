"""Bundles: what is copied, what stays, and that a bundle is a store."""

import fcntl
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from conftest import NEW, OLD, assert_sums_hold, bundle, go_sh, lose_pointer, problems
from files import listing, overwrite, unlink

OF_LINUX = f"go-linux-{ {'x86_64': 'amd64', 'aarch64': 'arm64'}[os.uname().machine] }"
NATIVE = {"go.exe", "gofmt.exe", OF_LINUX}
FILES = NATIVE | {"go.sh", "go.bat", "gofmt.sh", "gofmt.bat", "goenv.sh", "goenv.bat", "goenv.ps1", "choose.sh", "lacking.sh",
                  "project.sh", "stage.sh", "upkeep.sh", "use.sh", "use.bat", "config.yaml", "config.ini", "README.txt",
                  "CONTENTS.txt", "SHA256SUMS"}  # fmt: skip


def test_what_a_bundle_is_made_of(store, stick):
    names = {path.name for path in stick.iterdir() if not path.name.startswith(".")}
    trees = {store.old, store.new, store.old + ".json", store.new + ".json"}
    files = set(FILES)
    if store.gopack.is_windows and OF_LINUX not in names:  # built by itself, gopack.exe brings no launcher for Linux
        files.remove(OF_LINUX)
    assert names == files | trees | {"current.txt" if store.gopack.is_windows else "current", "shared"}
    assert (stick / "shared/gopath/go.env").is_file()
    assert store.gopack.current(stick) == store.old
    for tree in (store.old, store.new):
        ours, theirs = listing(stick / tree), listing(store.home / tree)
        assert [(p.removeprefix(str(stick)), what) for p, what in ours.items()] == [
            (p.removeprefix(str(store.home)), what) for p, what in theirs.items()
        ]
    assert_sums_hold(stick)
    for name in files:
        text = (stick / name).read_bytes()
        assert name in NATIVE or (b"\r\n" in text) == name.endswith((".bat", ".ps1")), name
        executable = name in NATIVE or name.endswith(".sh")
        assert store.gopack.is_windows or os.access(stick / name, os.X_OK) == executable, name


def test_files_have_the_time_of_the_release(store, stick):
    """Two bundles of the same trees are alike. Of several releases the newest counts for what lies beside the trees."""
    times = {path.relative_to(stick): int(path.lstat().st_mtime) for path in stick.rglob("*")
             if path.is_file() and not path.is_symlink() and ".gopack" not in path.parts}
    release = [int((store.home / tree / "VERSION").stat().st_mtime) for tree in (store.old, store.new)]
    for path, time in times.items():
        of_old = path.parts[0].startswith(store.old)
        assert time == (release[0] if of_old else release[1] if path.parts[0].startswith("v_") else max(release)), path


def test_a_second_run_copies_nothing_and_says_so(store, stick):
    before = listing(stick)
    again = bundle(store, stick)
    assert (again["copied"], again["removed"], again["bytes"]) == (0, 0, 0) and again["unchanged"] > 50
    assert "nothing to do" in store.gopack.must("bundle", "--target", stick).stdout
    assert listing(stick) == before


def test_only_what_differs_is_copied(store, stick):
    before = listing(stick)
    unlink(stick / store.new / "src/fmt/print.go")
    overwrite(stick / store.new / "src/foreign.go")
    (stick / "go.sh").write_text("damaged")
    again = bundle(store, stick)
    assert (again["copied"], again["removed"]) == (2, 1)
    assert listing(stick) == before


def test_settings_of_the_user_stay(store, stick):
    for name in ("config.yaml", "config.ini", "shared/gopath/go.env"):
        (stick / name).write_text("# mine\n")
    (stick / "notes.txt").write_text("mine")
    assert bundle(store, stick)["copied"] == 0
    for name in ("config.yaml", "config.ini", "shared/gopath/go.env"):
        assert (stick / name).read_text() == "# mine\n"
    assert (stick / "notes.txt").read_text() == "mine"
    assert_sums_hold(stick)


def test_selectors_and_profiles_choose(store, tmp_path):
    store.gopack.must("trim", NEW, "--profile", "full")
    chosen = bundle(store, tmp_path / "a", "1.22", "--profile", "minimal")
    assert [tree["id"] for tree in chosen["trees"]] == [store.new] and chosen["current"] == store.new
    assert len(bundle(store, tmp_path / "b", "1.22")["trees"]) == 2
    assert store.gopack("bundle", "--profile", "standard", "--target", tmp_path / "c").status == 1
    assert not (tmp_path / "c").exists()


def test_trees_that_are_not_chosen_stay_unless_told(store, stick):
    bundle(store, stick, NEW)
    assert (stick / store.old).is_dir()
    store.gopack.must("--home", stick, "use", NEW)
    deleted = bundle(store, stick, NEW, "--delete")
    assert deleted["removed"] > 10 and not list(stick.glob(store.old + "*"))
    assert_sums_hold(stick)
    assert len(store.gopack.must("--json", "--home", stick, "list").json["trees"]) == 1


def starts(stick):
    done = subprocess.run([*go_sh(stick), "version"], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    return done.stdout.split()[2]


def test_what_is_chosen_becomes_current(store, stick):
    """An update of a stick: the new release is copied, the stick starts it, and nothing else is left."""
    said = store.gopack.must("bundle", NEW, "--target", stick, "--delete").stdout.splitlines()
    assert said[-1] == f"{stick} starts go{NEW} minimal ({store.new}) for linux/amd64"
    assert starts(stick) == "go" + NEW and not list(stick.glob(store.old + "*"))
    assert bundle(store, stick, OLD)["current"] == store.old
    assert bundle(store, stick, "1.21..1.22")["current"] == store.new, "of several the newest"
    chosen = bundle(store, stick, OLD, NEW, "--current", OLD)
    assert (chosen["current"], chosen["switched"], chosen["copied"]) == (store.old, True, 0) and starts(stick) == "go" + OLD
    refused = store.gopack("--json", "bundle", NEW, "--target", stick, "--current", OLD)
    assert refused.status == 4 and starts(stick) == "go" + OLD
    refused = store.gopack("--json", "bundle", NEW, "--target", stick, "--current", store.old)
    assert refused.status == 2 and f"{store.old} is not among the chosen trees" in refused.error["message"]


@pytest.mark.parametrize("switch", [["{stick}/use.sh", NEW], ["{gopack}", "--home", "{stick}", "use", NEW]], ids=["use.sh", "use"])
def test_the_choice_of_the_sticks_owner_stays(switch, store, stick, tmp_path):
    assert starts(stick) == "go" + OLD
    store.gopack.put(tmp_path / "gopack")
    words = [word.format(stick=stick, gopack=tmp_path / "gopack") for word in switch]
    subprocess.run(words, check=True, env=store.gopack.environment())
    again = bundle(store, stick)
    assert (again["current"], again["own_choice"], again["switched"]) == (store.new, True, False)
    last = store.gopack.must("bundle", "--target", stick).stdout.splitlines()[-1]
    assert last.startswith(f"{stick} starts go{NEW} minimal") and "as before: --current SELECTOR chooses another one" in last
    assert bundle(store, stick, "--current", OLD)["current"] == store.old


@pytest.mark.skipif(os.environ.get("GOPACK_BINARY", "").endswith(".exe"), reason="Windows has no such modes")
def test_its_readme_says_how_it_is_deleted(store, stick):
    [command] = re.findall(r"^  (chmod .* rm .*)$", (stick / "README.txt").read_text(), re.MULTILINE)
    user = "nobody" if os.geteuid() == 0 else None  # nothing stops root
    with tempfile.TemporaryDirectory(dir="/tmp") as directory:
        place = Path(directory)
        place.chmod(0o777)
        subprocess.run(["cp", "-a", stick, place], check=True)
        if user:
            subprocess.run(["chown", "-R", user, place / "stick"], check=True)
        alone = subprocess.run(["rm", "-rf", place / "stick"], user=user, capture_output=True)
        assert alone.returncode != 0 and (place / "stick").is_dir(), "it takes more than that"
        subprocess.run(["sh", "-c", command.replace("DIR", f"'{place}/stick'")], user=user, check=True)
        assert not (place / "stick").exists()


def test_a_new_bundle_starts_what_the_store_does(store, tmp_path):
    store.gopack.must("use", OLD)
    new = bundle(store, tmp_path / "new")
    assert (new["current"], new["own_choice"], new["switched"]) == (store.old, False, True)
    last = store.gopack.must("bundle", "--target", tmp_path / "new").stdout.splitlines()[-1]
    assert last == f"{tmp_path}/new starts go{OLD} minimal ({store.old}) for linux/amd64"


def test_a_choice_whose_tree_goes_goes_as_well(store, stick):
    store.gopack.must("--home", stick, "use", NEW)
    store.gopack.must("remove", NEW)
    kept = bundle(store, stick)
    assert (kept["current"], kept["starts"]["release"]) == (store.new, "go" + NEW), "it stays where it is"
    assert bundle(store, stick, "--delete")["current"] == store.old and not list(stick.glob(store.new + "*"))


@pytest.mark.parametrize("target", ["/dev/sdb1", "/dev/gopack/stick"])
def test_what_stands_for_devices_is_not_a_target(store, target):
    refused = store.gopack("--json", "bundle", "--target", target)
    assert refused.status == 2 and "below /dev" in refused.error["message"] and not Path(target).exists()


def test_what_the_target_is_is_said(store, medium):
    done = store.gopack("bundle", "--target", medium / "stick")
    assert f"{medium}/stick is on " in done.stderr and "MB free" in done.stderr and "(tmpfs, part of this system)" in done.stderr
    assert "read back" in done.stdout and "Safe to unplug" not in done.stdout, "memory is not a medium"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_mount_point_without_a_medium_is_warned_of(store):
    with tempfile.TemporaryDirectory(dir="/mnt") as directory:
        said = store.gopack.must("bundle", OLD, "--target", Path(directory) / "stick").stderr
        subprocess.run(["chmod", "-R", "u+w", directory], check=True)
    assert f"no medium is mounted at {directory}/stick: the bundle goes to " in said


def is_leased(manifest):
    with open(manifest) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_a_bundle_keeps_only_its_trees_from_others(store, stick, mirror):
    """While it is at work on a slow target, here one that waits for somebody else."""
    with open(stick / ".gopack/lock") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        running = store.gopack.start("--lock-timeout", "100", "bundle", NEW, "--target", stick)
        while not is_leased(store.home / f"{store.new}.json"):
            assert running.poll() is None, running.communicate()
            time.sleep(0.005)
        now = ["--json", "--lock-timeout", "0"]
        store.gopack.must(*now, "fetch", OLD, "-p", "linux/amd64", "--source", mirror)
        full = store.gopack.must(*now, "trim", OLD, "--profile", "full").json["trees"][0]["id"]
        assert store.gopack.must(*now, "remove", full).json["removed"] == [full]
        assert store.gopack.must(*now, "use", NEW).json["to"] == store.new
        refused = store.gopack(*now, "remove", NEW)
        assert refused.status == 5 and "gopack bundle" in refused.error["hint"]
    assert running.wait() == 0, running.communicate()
    running.communicate()
    assert problems(store, stick) == []


def test_a_bundle_is_a_store(store, stick):
    def run(*arguments):
        return store.gopack.must("--json", "--home", stick, *arguments).json

    assert [tree["id"] for tree in run("list")["trees"]] == [store.old, store.new]
    assert run("verify")["problems"] == []
    assert run("use", NEW)["to"] == store.new
    assert run("rollback")["to"] == store.old
    done = subprocess.run([*go_sh(stick), "version"], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert done.stdout == f"go version go{OLD} linux/amd64\n", done.stderr
    assert run("gc")["removed"] == []
    assert_sums_hold(stick)
    overwrite(stick / store.new / "VERSION")
    assert store.gopack("verify", stick).status == 3
    assert store.current == store.old


def test_commands_take_the_directory_of_a_bundle(store, stick, tmp_path):
    """As their first word; with a selector's name only as a path."""
    def ids(*line, cwd=None):
        return [tree["id"] for tree in store.gopack.must("--json", *line, cwd=cwd).json["trees"]]

    store.gopack.must("trim", NEW, "--profile", "full")
    assert ids("list", stick) == [store.old, store.new] == ids("list", stick.name, cwd=stick.parent)
    assert store.gopack.must("--json", "use", stick, NEW).json["to"] == store.new
    assert store.gopack.must("--json", "rollback", stick).json["to"] == store.old
    if not store.gopack.is_windows:  # the trees are for Linux
        assert store.gopack.must("--json", "env", stick).json["set"]["GOROOT"] == str(stick / store.old)
        assert store.gopack.must("exec", stick, NEW, "--", "go", "version").stdout == f"go version go{NEW} linux/amd64\n"
    assert store.gopack.must("--json", "gc", stick).json["removed"] == []
    assert store.gopack.must("--json", "remove", stick, NEW).json["removed"] == [store.new]
    stick.rename(stick.with_name("1.22"))
    assert len(ids("list", "1.22", cwd=stick.parent)) == 2, "a selector"
    assert ids("list", "./1.22", cwd=stick.parent) == [store.old]
    refused = store.gopack("--json", "gc", tmp_path)
    assert refused.status == 1 and f"there is no store in {tmp_path}" in refused.error["message"]
    assert store.current == store.old


def test_a_damaged_tree_does_not_get_onto_the_stick(store, tmp_path):
    overwrite(store.home / store.new / "VERSION")
    result = store.gopack("--json", "bundle", NEW, "--target", tmp_path / "stick")
    assert (result.status, result.error["kind"]) == (3, "integrity")
    assert store.new in result.error["message"] and not list((tmp_path / "stick").glob("v_*"))


def test_a_bundle_whose_manifest_is_lost_starts_until_the_new_tree_is_there(store, tmp_path):
    stick = tmp_path / "stick"
    store.gopack.must("bundle", OLD, "--target", stick)
    (stick / f"{store.old}.json").unlink()
    overwrite(store.home / store.new / "VERSION")
    assert store.gopack("bundle", NEW, "--target", stick, "--delete").status == 3
    done = subprocess.run([*go_sh(stick), "version"], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert done.stdout == f"go version go{OLD} linux/amd64\n", done.stderr


def test_a_text_pointer_stays_a_text_pointer(store, stick):
    """As on a filesystem without symbolic links."""
    lose_pointer(stick)
    (stick / "current.txt").write_text(store.old + "\n")
    assert bundle(store, stick)["copied"] == 0
    store.gopack.must("--home", stick, "use", NEW)
    assert (stick / "current.txt").read_text() == store.new + "\n"
    assert not (stick / "current").is_symlink()
    store.gopack.must("--home", stick, "rollback")
    assert (stick / "current.txt").read_text() == store.old + "\n"


def test_the_way_to_the_target_may_be_new_and_odd(store, tmp_path):
    target = tmp_path / "new/a b 'c' é"
    bundle(store, target)
    assert_sums_hold(target)
    done = subprocess.run([*go_sh(target), "version"], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert done.stdout == f"go version go{OLD} linux/amd64\n", done.stderr


@pytest.fixture
def medium():
    """A directory of a file system that is not the root's: what lies above its mount point is no part of paths on Windows."""
    if not Path("/dev/shm").is_mount():
        pytest.skip("/dev/shm is not a mount point here, as in a chroot")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as directory:
        yield Path(directory)
        subprocess.run(["chmod", "-R", "u+w", directory], check=True)  # trees are read-only


def test_paths_that_are_too_long_for_windows_are_warned_of(gopack, releases, medium):
    releases.write_mirror(medium / "mirror", [NEW], ["windows-amd64"])
    gopack.must("fetch", NEW, "-p", "windows/amd64", "--source", medium / "mirror")
    gopack.must("trim")
    assert "Windows" not in gopack.must("bundle", "--target", medium / "near").stderr
    target = medium / ("d" * 200)
    said = gopack.must("bundle", "--target", target).stderr
    found = re.search(r"on Windows the longest path has (\d+) characters, of which 259 are allowed: (E:.*)", said)
    files = (path for tree in target.glob("v_*/") for path in tree.rglob("*") if path.is_file())
    longest = max((str(path.relative_to("/dev/shm")) for path in files), key=len)
    assert found[2] == "E:\\" + longest.replace("/", "\\") and int(found[1]) == len(found[2])
