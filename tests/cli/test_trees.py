"""Which of several trees becomes current, takes the place of others, or is meant."""

import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import NEW, OLD, lose_pointer


def test_the_first_tree_laid_out_becomes_current(fetched):
    [first] = fetched.must("--json", "trim", OLD).json["trees"]
    [second] = fetched.must("--json", "trim", NEW).json["trees"]
    assert (first["current"], second["current"]) == (True, False)
    assert fetched.current(fetched.home) == first["id"]


def test_of_several_the_newest_that_runs_here_becomes_current(fetched, releases, tmp_path):
    releases.write_mirror(tmp_path / "newer", ["1.23.1"], ["windows-amd64"])
    fetched.must("fetch", "1.23.1", "-p", "windows/amd64", "--source", tmp_path / "newer")
    trees = fetched.must("--json", "trim").json["trees"]
    assert [tree["release"] for tree in trees if tree["current"]] == ["go1.23.1" if fetched.is_windows else "go" + NEW]
    assert {tree["profile"] for tree in trees} == {"minimal"}, "a trimmer trims"
    again = fetched.must("--json", "trim", "--profile", "full").json["trees"]
    assert not [tree for tree in again if tree["current"]], "what is current stays"


def test_a_tree_for_more_platforms_takes_the_place_of_the_one_for_fewer(fetched, releases, tmp_path):
    [linux] = fetched.must("--json", "trim", NEW).json["trees"]
    [full] = fetched.must("--json", "trim", NEW, "--profile", "full").json["trees"]
    releases.write_mirror(tmp_path / "more", [NEW], ["windows-amd64"])
    fetched.must("fetch", NEW, "-p", "windows/amd64", "--source", tmp_path / "more")
    said = fetched.must("trim", NEW).stdout
    assert f"it takes the place of {linux['id']}, which is for linux/amd64 alone" in said
    [both] = fetched.must("--json", "trim", NEW).json["trees"]
    assert both["current"] and both["supersedes"] == [linux["id"]] and full["id"] not in both["supersedes"]

    stick = tmp_path / "stick"
    bundled = fetched.must("--json", "bundle", "--target", stick).json
    assert {tree["id"] for tree in bundled["trees"]} == {both["id"], full["id"]} and bundled["current"] == both["id"]
    assert fetched.must("--json", "use", NEW + "+minimal").json["to"] == both["id"]
    assert fetched.must("--json", "rollback").json["to"] == linux["id"], "the way back is there"


def test_a_tree_for_fewer_platforms_does_not_take_the_place_of_the_one_for_more(fetched, releases, tmp_path):
    """Whichever was laid out first."""
    releases.write_mirror(tmp_path / "more", [NEW], ["windows-amd64"])
    fetched.must("fetch", NEW, "-p", "windows/amd64", "--source", tmp_path / "more")
    [both] = fetched.must("--json", "trim", NEW).json["trees"]
    said = fetched.must("trim", NEW, "-p", "linux/amd64").stdout
    [linux] = fetched.must("--json", "trim", NEW, "-p", "linux/amd64").json["trees"]
    assert (linux["superseded_by"], linux["supersedes"], linux["current"]) == ([both["id"]], [], False)
    assert f"{both['id']} does the same for linux/amd64, windows/amd64" in said
    assert fetched.must("--json", "use", NEW).json["to"] == both["id"]
    assert fetched.must("--json", "use", linux["id"]).json["to"] == linux["id"]
    bundled = fetched.must("--json", "bundle", "--target", tmp_path / "stick").json
    assert [tree["id"] for tree in bundled["trees"]] == [both["id"]]
    lose_pointer(fetched.home)
    shutil.rmtree(fetched.home / ".gopack")
    fetched.must("trim", NEW, "-p", "linux/amd64")
    assert [tree["id"] for tree in fetched.must("--json", "list").json["trees"] if tree["current"]] == [both["id"]]


def test_trim_says_what_is_current(fetched):
    def last_line(*line):
        return fetched.must("trim", *line).stdout.splitlines()[-1]

    def trees():
        return {tree["release"]: tree["id"] for tree in fetched.must("--json", "list").json["trees"]}

    first = last_line(OLD)
    old = trees()["go" + OLD]
    assert first == f"go{OLD} minimal ({old}) is current"
    second = last_line(NEW)
    new = trees()["go" + NEW]
    assert second == f"go{OLD} minimal ({old}) stays current: `gopack use {new}` chooses go{NEW} minimal ({new})"
    fetched.must("use", NEW)
    again = fetched.must("trim", NEW).stdout
    assert again.splitlines()[-1] == f"go{NEW} minimal ({new}) stays current"
    assert "already there" in again and "keep" not in again and "clusters" not in again, "that was told when it was new"
    assert "current" not in fetched.must("trim", NEW, "--dry-run").stdout


@pytest.mark.parametrize("command", ["use", "env", "exec -- true", "remove", "report", "bundle --target {stick}"])
def test_a_release_that_is_only_fetched_is_to_be_laid_out(command, fetched, tmp_path):
    command, *options = command.format(stick=tmp_path / "stick").split()
    refused = fetched("--json", command, "1.22", *options)
    assert (refused.status, refused.error["kind"]) == (1, "failed")
    assert f'no tree matches "1.22": go{NEW} is fetched, but not laid out' in refused.error["message"]
    assert refused.error["hint"] == "lay it out: `gopack trim 1.22`"
    fetched.must("trim", NEW)
    refused = fetched("--json", command, "1.22+full", *options)
    assert refused.status == 1 and refused.error["hint"] == "lay it out: `gopack trim 1.22 --profile full`"
    refused = fetched("--json", command, "1.22+mine", *options)
    assert refused.status == 1 and refused.error["hint"] == "lay it out: `gopack trim 1.22 --profile FILE`", "its file's name is not known"
    refused = fetched("--json", command, "1.23", *options)
    assert refused.status == 4
    assert refused.error["hint"].endswith("for another one run `gopack fetch 1.23`, then `gopack trim 1.23`")


def test_a_release_that_is_not_there_is_to_be_fetched(fetched):
    refused = fetched("--json", "trim", "1.20")
    assert (refused.status, refused.error["kind"]) == (4, "unreachable")
    assert refused.error["hint"] == f"fetch it first: `gopack fetch 1.20`; available near it: go{OLD}, go{NEW}"


def test_a_stick_with_the_older_tree_gets_the_one_that_supersedes_it(fetched, releases, tmp_path):
    stick = tmp_path / "stick"
    [linux] = fetched.must("--json", "trim", NEW).json["trees"]
    fetched.must("trim", OLD)
    assert fetched.must("--json", "bundle", "--target", stick, "--current", OLD).json["starts"]["release"] == "go" + OLD
    fetched.must("--home", stick, "use", NEW)  # the owner's choice
    releases.write_mirror(tmp_path / "more", [NEW], ["windows-amd64"])
    fetched.must("fetch", NEW, "-p", "windows/amd64", "--source", tmp_path / "more")
    fetched.must("trim", NEW)
    bundled = fetched.must("--json", "bundle", "--target", stick).json
    assert bundled["starts"]["platforms"] == ["linux/amd64", "windows/amd64"] and bundled["current"] != linux["id"]
    assert (stick / "current.txt").read_text().strip() == bundled["current"] and not (stick / "current").is_symlink()


@pytest.mark.parametrize("command", ["list", "use", "env", "exec -- true", "bundle --target {stick}", "report", "remove --dry-run"])
def test_selectors_name_profile_and_platform(command, fetched, releases, tmp_path):
    command, *options = command.format(stick=tmp_path / "stick").split()
    releases.write_mirror(tmp_path / "more", [OLD], ["windows-amd64"])
    fetched.must("trim")
    fetched.must("trim", "--profile", "full")
    fetched.must("fetch", OLD, "-p", "windows/amd64", "--source", tmp_path / "more")
    fetched.must("trim", OLD)
    for wanted in (NEW + "+minimal", "1.22+full", "1.21/windows-amd64", "1.21+minimal/windows/amd64", "1.21..1.22+full/linux-amd64"):
        done = fetched(command, wanted, *options)
        assert done.status == 0, (wanted, done.stderr)
    for wanted, status in (("1.22/windows-amd64", 4), ("1.21+full/windows-amd64", 1), ("1.22+minimal+race", 1)):
        done = fetched("--json", command, wanted, *options)
        assert done.status == status and f'no tree matches "{wanted}"' in done.error["message"], wanted
    assert fetched(command, "1.22/amd64", *options).status == 2


def test_diff_compares_trees_by_their_profiles(fetched):
    fetched.must("trim", NEW)
    fetched.must("trim", NEW, "--profile", "full")
    difference = fetched.must("--json", "diff", "1.22+full", "1.22+minimal").json
    assert difference["before"]["name"].startswith(f"go{NEW} full (v_") and difference["after"]["name"].startswith(f"go{NEW} minimal (v_")


def test_a_profile_that_gives_the_same_files_makes_no_other_tree(fetched):
    """The tree is chosen by the name of the profile that made it."""
    [first] = fetched.must("--json", "trim", NEW, "--profile", "minimal").json["trees"]
    (fetched.work / "mine.yaml").write_text("name: mine\nextends: minimal\n")
    for index in ("there", "gone"):
        if index == "gone":
            for file in fetched.downloads.glob("*.index"):
                file.unlink()
        for word, profile in (("mine.yaml", "mine"), ("minimal+fips", "minimal+fips")):
            [again] = fetched.must("--json", "trim", NEW, "--profile", word).json["trees"]
            assert (again["id"], again["was_there"], again["profile"], again["asked_profile"]) == (first["id"], True, "minimal", profile)
            said = fetched.must("trim", NEW, "--profile", word).stdout
            assert f"{profile} gives the same files as minimal ({first['id']}): choose it as {NEW}+minimal\n" in said
    assert fetched.must("--json", "use", f"{NEW}+minimal").json["to"] == first["id"]
    assert "gives the same files" not in fetched.must("trim", NEW, "--profile", "minimal").stdout


def test_a_report_goes_into_what_is_open_and_nowhere_else_below_dev(store, tmp_path):
    refused = store.gopack("--json", "report", "-o", "/dev/no-such.html")
    assert refused.status == 2 and "stands for devices" in refused.error["message"] and not Path("/dev/no-such.html").exists()
    for place in ("/dev/stdout", "/dev/fd/1"):
        kind = Path(place).lstat()
        assert "<html" in store.gopack.must("report", OLD, "-o", place).stdout
        assert Path(place).lstat().st_ino == kind.st_ino or place == "/dev/fd/1"
        with open(tmp_path / "page", "w") as page:
            subprocess.run([store.gopack.binary, "--home", store.home, "report", OLD, "-o", place], stdout=page, check=True)
        assert "<html" in (tmp_path / "page").read_text()
    assert store.gopack("report", "-o", "/dev/null").status == 0 and Path("/dev/null").is_char_device()


def test_no_store_is_made_below_dev(gopack, mirror):
    refused = gopack("--json", "--home", "/dev/no-such", "fetch", OLD, "-p", "linux/amd64", "--source", mirror)
    assert refused.status == 2 and "stands for devices" in refused.error["message"] and not Path("/dev/no-such").exists()


def test_words_after_dashes_are_arguments(store, tmp_path):
    """Of commands that have no rest of their own; they are never options, nor values of those before."""
    gopack = store.gopack
    assert gopack.must("--json", "use", "--", NEW).json["to"] == store.new
    bundled = gopack.must("--json", "bundle", "--target", tmp_path / "stick", "--", OLD)
    assert [tree["id"] for tree in bundled.json["trees"]] == [store.old]
    assert [tree["id"] for tree in gopack.must("--json", "list", OLD, "--", NEW).json["trees"]] == [store.old, store.new]
    assert gopack.must("--json", "verify", "--quick", "--", tmp_path / "stick").json["problems"] == []
    assert gopack.must("exec", OLD, "--", "echo", tmp_path / "stick").stdout == f"{tmp_path}/stick\n"
    [tree] = gopack.must("--json", "trim", "-p", "linux/amd64", "--", NEW).json["trees"]
    assert tree["id"] == store.new
    (gopack.work / "--quick").write_text("no image")
    refused = gopack("verify", "--", "--quick")
    assert refused.status != 0 and "--quick" in refused.stderr
    assert gopack.must("exec", NEW, "--", "go", "version").stdout.startswith("go version go" + NEW)
