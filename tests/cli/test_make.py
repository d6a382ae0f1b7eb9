"""gopack make: the whole job by one command, or by the section `make` of a project's gopack.yaml."""

import hashlib
import json

import pytest

OLD, NEW = "1.21.3", "1.22.5"


def names(result):
    return [tree["release"] for tree in result.json["trees"]]


@pytest.fixture
def stick(tmp_path):
    return tmp_path / "stick"


def test_one_command_makes_a_stick_that_verifies(gopack, mirror, stick):
    done = gopack.must("make", "1.22", "--source", mirror, "-p", "linux/amd64", "--target", stick)
    assert done.stdout.splitlines()[-1] == f"Try it: {stick}/{'go.exe' if gopack.is_windows else 'go.sh'} version"
    verified = sum(part["files"] for part in gopack.must("--json", "verify", stick).json["verified"])
    assert f"\nVerified: {verified} files, " in done.stdout
    without_digest = {"CONTENTS.txt", "SHA256SUMS", "config.ini", "config.yaml", "shared/gopath/go.env"}
    files = {str(path.relative_to(stick)) for path in stick.rglob("*") if path.is_file() and path.parent.name != ".gopack"}
    files = {name for name in files if not name.startswith("current")}
    assert len(files - without_digest) == verified and without_digest < files
    assert (stick / gopack.current(stick)).is_dir()


def test_a_second_run_updates(gopack, mirror, stick):
    make = ["--json", "make", "--source", mirror, "-p", "linux/amd64", "--target", stick]
    first = gopack.must(*make, OLD)
    assert first.json["copied"] > 0 and not first.json["archives"][0]["was_there"]
    again = gopack.must(*make, OLD)
    assert (again.json["copied"], again.json["removed"]) == (0, 0) and again.json["archives"][0]["was_there"]
    newer = gopack.must(*make, NEW, "--delete")
    assert names(newer) == ["go" + NEW] and newer.json["switched"]
    assert len(list(stick.glob("v_*.json"))) == 1


def test_only_what_is_asked_for_is_bundled(store, mirror, stick):
    """The store has another release laid out."""
    done = store.gopack.must("--json", "make", NEW, "--source", mirror, "-p", "linux/amd64", "--target", stick)
    assert names(done) == ["go" + NEW]
    assert {part["name"] for part in done.json["verified"]} == {store.new, "SHA256SUMS"}


def test_a_file_says_what_a_stick_is(gopack, mirror, stick):
    project = gopack.work / "golden"
    project.mkdir()
    (project / "gopack.yaml").write_text(
        f"source: [{mirror}]\nplatform: linux/amd64\nprofile: full\n"
        "make:\n  releases: [1.21, 1.22]\n  target: ../../stick\n  current: 1.21\n  go_env: [GOPRIVATE=git.example.com]\n"
    )
    done = gopack.must("--json", "make", cwd=project)
    assert names(done) == ["go" + OLD, "go" + NEW]
    assert {tree["profile"] for tree in done.json["trees"]} == {"full"}
    assert done.json["starts"]["release"] == "go" + OLD
    assert "GOPRIVATE=git.example.com" in (stick / "shared/gopath/go.env").read_text()
    flag = gopack.must("--json", "make", NEW, "--current", "1.22", cwd=project)
    assert names(flag) == ["go" + NEW] and flag.json["starts"]["release"] == "go" + NEW


def test_locked_takes_nothing_but_what_the_lock_file_names(gopack, mirror, stick):
    make = ["make", "1.22", "--source", mirror, "-p", "linux/amd64", "--target", stick, "--locked"]
    missing = gopack(*make)
    assert missing.status == 2 and "gopack.lock" in missing.stderr
    gopack.must("fetch", NEW, "-p", "linux/amd64", "--source", mirror, "--lock", "gopack.lock")
    gopack.must(*make)
    (gopack.work / "gopack.lock").write_text((gopack.work / "gopack.lock").read_text().replace(NEW, OLD))
    other = gopack("make", "1.22", *make[2:])
    assert other.status == 3, other.stderr


@pytest.mark.parametrize(
    "arguments, settings, words",
    [
        (["--target", "stick"], "", "no release is named"),
        ([NEW], "", "no target is named"),
        ([NEW], "make:\n  targget: x\n", 'unknown setting "make.targget"'),
        ([NEW], "make: [1.22]\n", "expected `key: value` lines"),
        ([NEW, "--target", "stick", "--go-env", "PATH=x"], "", "PATH"),
    ],
)
def test_mistakes_are_told_before_anything_is_done(gopack, arguments, settings, words):
    (gopack.work / "gopack.yaml").write_text(settings)
    done = gopack("make", *arguments)
    assert done.status == 2 and words in done.stderr
    assert not gopack.home.exists() and not (gopack.work / "stick").exists()


def test_what_others_can_write_names_no_target(gopack, mirror):
    file = gopack.work / "gopack.yaml"
    file.write_text(f"make:\n  releases: ['{NEW}']\n  target: {gopack.work}/elsewhere\n")
    file.chmod(0o666)
    done = gopack("make", "--source", mirror, "-p", "linux/amd64")
    assert done.status == 2 and "make.target" in done.stderr and "no target is named" in done.stderr


def test_damage_in_the_target_is_an_error(gopack, mirror, stick):
    make = ["make", NEW, "--source", mirror, "-p", "linux/amd64", "--target", stick]
    gopack.must(*make)
    tree = next(path for path in stick.glob("v_*") if path.is_dir())
    victim = tree / "VERSION"
    text = victim.read_bytes()
    tree.chmod(0o755)
    victim.chmod(0o644)
    victim.write_bytes(b"X" + text[1:])  # of the same size, which a second run does not read
    done = gopack(*make)
    assert done.status == 3 and f"gopack verify {stick}" in done.stderr


def test_nothing_but_what_was_fetched_is_laid_out(gopack, mirror, stick, tmp_path, releases):
    """The store has an archive of the same release as well, which the lock file does not name."""
    [module] = releases.write_module_proxy(tmp_path / "proxy", [NEW])
    source = f"goproxy+file://{tmp_path}/proxy"
    digest = hashlib.sha256(module.read_bytes()).hexdigest()
    gopack.must("fetch", NEW, "-p", "linux/amd64", "--source", source, "--sha256", digest, "--lock", "gopack.lock")
    gopack.must("fetch", NEW, "-p", "linux/amd64", "--source", mirror, "--lock", tmp_path / "another.lock")
    done = gopack.must("--json", "make", NEW, "--source", source, "-p", "linux/amd64", "--target", stick, "--locked")
    [manifest] = stick.glob("v_*.json")
    [origin] = json.loads(manifest.read_text())["origins"]
    assert origin["file"] == done.json["archives"][0]["file"] and origin["file"].endswith(".zip")


def test_a_run_for_fewer_platforms_keeps_the_others(gopack, stick, tmp_path, releases):
    releases.write_mirror(tmp_path / "mirror", [NEW], ["linux-amd64", "windows-amd64"])
    make = ["--json", "make", NEW, "--source", tmp_path / "mirror", "--target", stick]
    wide = gopack.must(*make, "-p", "linux/amd64,windows/amd64").json["trees"]
    for options in ([], ["--delete"]):
        done = gopack.must(*make, "-p", "linux/amd64", *options).json
        assert [tree["id"] for tree in done["trees"]] == [tree["id"] for tree in wide]
        assert (done["copied"], done["removed"]) == (0, 0)


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--modules", "nix/go.mod"], "go.mod"),
        (["--warm", "std", "--warm-flags", "fast"], "fast"),
        (["--target", "/dev/x"], "devices"),
    ],
)
def test_mistakes_show_before_anything_is_downloaded(gopack, mirror, arguments, words):
    done = gopack("make", NEW, "--source", mirror, "-p", "linux/amd64", "--target", "stick", *arguments)
    assert done.status == 2 and words in done.stderr
    assert not gopack.home.exists() or not list(gopack.downloads.glob("*.tar.gz"))
    assert not (gopack.work / "stick").exists()


def test_what_is_to_be_current_is_known_before_a_target_is_made(gopack, mirror):
    done = gopack("make", NEW, "--source", mirror, "-p", "linux/amd64", "--target", "stick", "--current", "1.21")
    assert done.status == 4, done.stderr
    assert not (gopack.work / "stick").exists()


@pytest.mark.parametrize("target, words", [('""', "no target is named"), ("~/stick", "only shells know")])
def test_targets_in_a_file_that_are_none(gopack, target, words):
    (gopack.work / "gopack.yaml").write_text(f"make:\n  releases: [1.22]\n  target: {target}\n")
    before = sorted(gopack.work.iterdir())
    done = gopack("make")
    assert done.status == 2 and words in done.stderr
    assert sorted(gopack.work.iterdir()) == before


def test_a_lock_file_that_is_not_there(gopack, mirror):
    lock = ["--locked", "--lock", "nope.lock"]
    done = gopack("make", "1.22", "--source", mirror, "-p", "linux/amd64", "--target", "stick", *lock)
    assert done.status == 2 and "there is no lock file nope.lock" in done.stderr
