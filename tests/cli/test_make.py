"""gopack make: the whole job by one command, or by the section `make` of a project's gopack.yaml."""

import pytest

OLD, NEW = "1.21.3", "1.22.5"


def names(result):
    return [tree["release"] for tree in result.json["trees"]]


@pytest.fixture
def stick(tmp_path):
    return tmp_path / "stick"


def test_one_command_makes_a_stick_that_verifies(gopack, mirror, stick):
    done = gopack.must("make", "1.22", "--source", mirror, "-p", "linux/amd64", "--target", stick)
    assert done.stdout.splitlines()[-1] == f"Try it: {stick}/go.sh version"
    assert "\nVerified: " in done.stdout
    gopack.must("verify", stick)
    assert (stick / "current").exists()


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
