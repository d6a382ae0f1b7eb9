"""Verifying and repairing a store."""

import hashlib
import json
import os
import shutil
import subprocess

import pytest
import releases
from conftest import NEW, OLD, damage_mode, lose_pointer, problems
from files import listing, overwrite, unlink


def test_verify_finds_what_is_missing_changed_and_foreign(store):
    assert problems(store) == []
    root = store.home / store.new
    unlink(root / "src/fmt/print.go")
    overwrite(root / "bin/go")
    overwrite(root / "src/fmt/foreign.go")
    damage_mode(store.gopack, root / "VERSION")
    found = [
        (store.new, "VERSION", "changed"),
        (store.new, "bin/go", "changed"),
        (store.new, "src/fmt/foreign.go", "foreign"),
        (store.new, "src/fmt/print.go", "missing"),
    ]
    for arguments in ([], [NEW], [store.new], [store.home], [root], [str(root) + "/"]):
        assert sorted(problems(store, *arguments)) == found
    assert problems(store, OLD) == []
    text = store.gopack("verify")
    assert text.status == 3
    for _, path, kind in found:
        assert any(path in line and kind in line for line in text.stdout.splitlines())


def test_verify_finds_a_changed_file_of_the_same_size(store):
    path = store.home / store.new / "VERSION"
    overwrite(path, path.read_bytes().swapcase())
    assert problems(store) == [(store.new, "VERSION", "changed")]


def test_verify_looks_at_archives(store):
    archive = store.gopack.downloads / f"go{NEW}.linux-amd64.tar.gz"
    for name in (archive, archive.name):
        assert problems(store, name) == []
    whole = archive.read_bytes()
    for damaged in (whole[:-1] + b"x", whole[:-1], whole + b"x"):
        archive.write_bytes(damaged)
        for arguments in ([], [archive], [archive.name]):
            assert problems(store, *arguments) == [(archive.name, archive.name, "changed")]


@pytest.mark.skipif(os.environ.get("GOPACK_BINARY", "").endswith(".exe"), reason="Windows keeps no modes")
def test_files_that_others_may_write_are_found_and_mended(store, tmp_path):
    """What their owner alone may write is what copies and editors leave. One file has two things wrong."""
    store.gopack.must("trim", NEW, "--profile", "full")  # it has the same files
    stick = tmp_path / "stick"
    store.gopack.must("bundle", NEW, "--profile", "minimal", "--target", stick, "--link", "never")
    for place in (store.home, stick):
        root = place / store.new
        for name in ("src/fmt/print.go", "bin/go", "VERSION"):  # names of their own
            text = (root / name).read_bytes()
            unlink(root / name)
            root.joinpath(name).write_bytes(text)
        (root / "VERSION").chmod(0o644)
        (root / "bin/go").chmod(0o775)
        overwrite(root / "src/fmt/print.go")
        (root / "src/fmt/print.go").chmod(0o666)
    for options in ([], ["--quick"]):
        for place in (store.home, stick):
            result = store.gopack("--json", "--home", place, "verify", *options)
            modes = [(each["path"], each["expected"], each["found"]) for each in result.json["problems"] if each["found"] == "writable"]
            assert result.status == 3 and {each["path"] for each in result.json["problems"]} == {"bin/go", "src/fmt/print.go"}
            assert modes == [(name, "read-only", "writable") for name in ("bin/go", "src/fmt/print.go")]
    [repaired] = store.gopack.must("--json", "repair").json["repaired"]
    assert (repaired["id"], repaired["restored"]) == (store.new, 2)
    store.gopack.must("bundle", NEW, "--profile", "minimal", "--target", stick)
    for place in (store.home, stick):
        assert problems(store, place) == []
        assert [oct((place / store.new / name).stat().st_mode & 0o777) for name in ("bin/go", "src/fmt/print.go")] == ["0o555", "0o444"]


@pytest.mark.parametrize("downloads", ["there", "damaged", "gone"])
def test_repair_restores_every_file(store, mirror, downloads):
    before = listing(store.home / store.old, store.home / store.new)
    for tree in (store.old, store.new):
        unlink(store.home / tree / "src/fmt/print.go")
        overwrite(store.home / tree / "bin/go")
        damage_mode(store.gopack, store.home / tree / "VERSION")
    overwrite(store.home / store.new / "src/fmt/foreign.go")
    if downloads == "damaged":
        for archive in store.gopack.downloads.glob("*.tar.gz"):
            archive.write_bytes(archive.read_bytes()[:-100])
    if downloads == "gone":
        shutil.rmtree(store.gopack.downloads)
    repaired = store.gopack.must("--json", "repair", "--source", mirror).json["repaired"]
    counts = {tree["id"]: (tree["restored"], tree["removed"]) for tree in repaired}
    assert counts == {store.old: (3, 0), store.new: (3, 1)}
    assert listing(store.home / store.old, store.home / store.new) == before
    assert problems(store) == []
    assert store.gopack.must("repair").stdout == "Nothing to repair.\n"


def test_a_quick_verification_reads_no_contents(store):
    whole = (store.home / store.new / "src/fmt/print.go").read_bytes()
    overwrite(store.home / store.new / "src/fmt/print.go", whole[::-1])
    archive = store.gopack.downloads / f"go{NEW}.linux-amd64.tar.gz"
    archive.write_bytes(archive.read_bytes()[::-1])
    assert store.gopack.must("--json", "verify", "--quick").json["problems"] == []
    assert len(problems(store)) >= 2
    unlink(store.home / store.new / "VERSION")
    archive.write_bytes(b"short")
    found = store.gopack("--json", "verify", "--quick")
    assert found.status == 3
    assert [(one["in"], one["path"], one["kind"]) for one in found.json["problems"]] == [
        (store.new, "VERSION", "missing"), (archive.name, archive.name, "changed")]  # fmt: skip


def test_repair_without_an_archive_says_so(store):
    shutil.rmtree(store.gopack.downloads)
    unlink(store.home / store.new / "VERSION")
    result = store.gopack("--json", "repair", "--source", store.gopack.work)
    assert (result.status, result.error["kind"]) == (4, "unreachable")
    assert f"go{NEW}.linux-amd64.tar.gz" in result.error["message"]


def test_repair_names_scripts_that_another_gopack_has_made(gopack, tmp_path):
    """bin/go of a tree for several Unix platforms is no file of an archive."""
    releases.write_mirror(tmp_path / "mirror", [NEW], ["linux-amd64", "darwin-arm64"])
    gopack.must("fetch", NEW, "-p", "linux/amd64,darwin/arm64", "--source", tmp_path / "mirror")
    [tree] = gopack.must("--json", "trim", NEW).json["trees"]
    file = gopack.home / f"{tree['id']}.json"
    manifest, script = json.loads(file.read_text()), b"#!/bin/sh\n# of another gopack\n"
    [entry] = [entry for entry in manifest["file_list"] if entry["path"] == "bin/go"]
    manifest["bytes"] += len(script) - entry["size"]
    entry |= {"size": len(script), "sha256": hashlib.sha256(script).hexdigest()}
    lines = "".join(f"{int(e['mode'] == '0555')} {e['size']} {e['sha256']} {e['path']}\n" for e in manifest["file_list"])
    manifest["id"] = "v_" + hashlib.sha256(lines.encode()).hexdigest()[:16]
    (gopack.home / f"{manifest['id']}.json").write_text(json.dumps(manifest))
    (gopack.home / tree["id"]).rename(gopack.home / manifest["id"])
    file.unlink()
    lose_pointer(gopack.home)
    (gopack.home / "current.txt").write_text(manifest["id"])
    result = gopack("--json", "repair", "--source", tmp_path / "mirror")
    assert "cannot restore bin/go: another version of gopack has made the scripts of this tree" in result.error["message"]
    assert "gopack trim" in result.error["hint"] and result.status == 3


def test_repair_restores_all_that_it_can_and_names_the_rest(store, mirror):
    archive = f"go{OLD}.linux-amd64.tar.gz"
    for tree in (store.old, store.new):
        unlink(store.home / tree / "bin/go")  # which no other tree has
        unlink(store.home / tree / "VERSION")
    (store.gopack.downloads / archive).unlink()
    (mirror / archive).unlink()
    lost = "v_0123456789abcdef"
    (store.home / lost).mkdir()
    (store.home / f"{lost}.json").write_text("{}")
    result = store.gopack("--json", "repair", "--source", mirror)
    assert {one["id"]: one["restored"] for one in result.json["repaired"]} == {store.old: 0, store.new: 2}
    assert {name for name, _, _ in problems(store)} == {store.old, lost}
    message = result.error["message"]
    assert result.status == 4 and archive in message
    assert "bin/go" in message and "VERSION" in message and f"{lost}.json" in message
    text = store.gopack("repair", "--source", mirror)
    assert text.status == 4 and f"{lost}.json" in text.stderr


def damage_manifest(store, tree):
    with open(store.home / f"{tree}.json", "r+b") as manifest:
        manifest.seek(1500)
        manifest.write(b"X")


def test_a_damaged_manifest_stops_nothing_else(store):
    store.gopack.must("use", NEW)
    damage_manifest(store, store.old)
    assert [tree["id"] for tree in store.gopack.must("--json", "list").json["trees"]] == [store.new]
    assert problems(store) == [(store.old, f"{store.old}.json", "changed")]
    assert store.gopack.must("--json", "use", "latest").json["to"] == store.new
    before = listing(store.home)
    assert store.gopack.must("--json", "gc").json["removed"] == []
    unrepaired = store.gopack("--json", "repair")
    assert unrepaired.status == 3 and f"{store.old}.json" in unrepaired.error["message"]
    assert problems(store, store.old) == [(store.old, f"{store.old}.json", "changed")]
    for command in (["rollback"], ["use", store.old]):
        refused = store.gopack("--json", *command)
        assert refused.status == 3 and f"gopack remove {store.old}" in refused.error["hint"]
    assert listing(store.home) == before
    assert store.gopack.must("--json", "trim", OLD, "--profile", "minimal").json["trees"][0]["id"] == store.old
    assert problems(store) == []
    damage_manifest(store, store.old)
    assert store.gopack.must("--json", "remove", store.old[:8]).json["removed"] == [store.old]
    assert not list(store.home.glob(store.old + "*")) and problems(store) == []


def test_rollback_leaves_a_tree_whose_manifest_is_damaged(store):
    store.gopack.must("use", NEW)
    damage_manifest(store, store.new)
    before = listing(store.home)
    assert store.gopack.must("--json", "gc", "--downloads").json["removed"] == []
    assert listing(store.home) == before, "what it was made from is not known"
    assert store.gopack.must("--json", "rollback").json["to"] == store.old


@pytest.fixture(params=["gone", "a link", "a file"])
def lost(store, request):
    """The tree that rollback goes to has lost its directory."""
    store.gopack.must("use", NEW)
    place = store.home / store.old
    place.rename(store.home / "elsewhere")
    if request.param == "a link":
        place.symlink_to("elsewhere")
    if request.param == "a file":
        place.write_text("")
    return store.old


@pytest.mark.parametrize("command", ["repair", "trim --profile minimal"])
def test_a_lost_tree_is_found_and_restored(store, lost, command):
    elsewhere = listing(store.home / "elsewhere")
    assert problems(store) == problems(store, lost) == [(lost, lost, "missing")]
    assert store.gopack.must("--json", "gc").json["removed"] == []
    store.gopack.must(*command.split())
    assert problems(store) == [] and listing(store.home / "elsewhere") == elsewhere
    assert {path: found for path, (found, _) in listing(store.home / lost).items()} == {
        path.replace("elsewhere", lost): found for path, (found, _) in elsewhere.items()
    }
    assert oct((store.home / lost).stat().st_mode) == ("0o40755" if store.gopack.is_windows else "0o40555")
    assert store.gopack.must("--json", "rollback").json["to"] == lost


def test_a_lost_tree_can_be_given_up(store, lost):
    assert store.gopack.must("--json", "remove", lost).json["removed"] == [lost]
    assert problems(store) == [] and not list(store.home.glob(lost + "*"))


def test_trim_replaces_a_tree_that_lacks_files(store):
    before = listing(store.home)
    unlink(store.home / store.new / "bin/go")
    [trimmed] = store.gopack.must("--json", "trim", NEW, "--profile", "minimal").json["trees"]
    assert not trimmed["was_there"] and listing(store.home) == before
    overwrite(store.home / store.new / "mine.txt")
    [trimmed] = store.gopack.must("--json", "trim", NEW, "--profile", "minimal").json["trees"]
    assert trimmed["was_there"] and (store.home / store.new / "mine.txt").exists()


def test_an_archive_that_is_gone_is_missed_by_nobody(store):
    (store.gopack.downloads / f"go{NEW}.linux-amd64.tar.gz").unlink()
    assert problems(store) == []
    assert store.gopack.must("--json", "repair", "--source", store.gopack.work).json["repaired"] == []


@pytest.mark.parametrize("damage", ["bytes", "size"])
def test_a_damaged_archive_is_fetched_again(store, mirror, damage):
    archive = store.gopack.downloads / f"go{NEW}.linux-amd64.tar.gz"
    before = listing(store.home)
    archive.write_bytes(archive.read_bytes()[:-1] + (b"x" if damage == "bytes" else b""))
    assert problems(store) == [(archive.name, archive.name, "changed")]
    unreachable = store.gopack("--json", "repair", "--source", store.gopack.work)
    assert unreachable.status == 4 and archive.name in unreachable.error["message"]
    assert problems(store) == [(archive.name, archive.name, "changed")]
    repaired = store.gopack.must("--json", "repair", "--source", mirror).json["repaired"]
    assert repaired == [{"name": archive.name, "id": None, "restored": 1, "removed": 0}]
    assert {path: found for path, found in listing(store.home).items() if not path.endswith(".json")} == {
        path: found for path, found in before.items() if not path.endswith(".json")
    }


def test_foreign_and_damaged_text_beside_what_is_gopacks_stops_nothing(store):
    (store.gopack.downloads / "index.json").write_text(" " * 70_000)
    (store.home / f"{store.old}.proof.json").write_text('{"schema": 1, "checks": [1]}')
    (store.home / f"{store.new}.proof.json").write_text('{"schema": 1, "checks": [], "host": 1}')
    assert problems(store) == []
    store.gopack.must("trim", NEW, "--profile", "minimal")


def test_list_marks_what_is_current_and_chooses(store):
    lines = store.gopack.must("list").stdout.splitlines()
    assert [line[0] for line in lines[:2]] == ["*", " "]
    assert [line.lstrip("* ").split()[0] for line in lines[:2]] == ["go" + OLD, "go" + NEW]
    assert [tree["id"] for tree in store.gopack.must("--json", "list", "1.22").json["trees"]] == [store.new]


@pytest.mark.parametrize("pointer", [None, "rubbish"])
def test_a_lost_pointer_is_named_and_restored(store, pointer):
    """By the last switch, as the launchers do."""
    store.gopack.must("use", NEW)
    lose_pointer(store.home)
    if pointer:
        (store.home / "current.txt").write_text(pointer)
    assert problems(store) == [("current", "current", "missing")]
    store.gopack.must("repair")
    assert store.current == store.new and problems(store) == []


def test_a_current_tree_that_is_gone_is_named(store):
    store.gopack.must("use", NEW)
    subprocess.run(["chmod", "-R", "u+w", store.home / store.new], check=True)
    shutil.rmtree(store.home / store.new)
    (store.home / f"{store.new}.json").unlink()
    assert problems(store) == [("current", store.new, "missing")]


def test_a_directory_may_follow_flags_and_must_be_there(store, tmp_path):
    assert f"*  go{OLD}" in store.gopack.must("gc", "--dry-run", store.home).stdout + store.gopack.must(
        "list", "-v", store.home).stdout
    for command in ("verify", "gc", "repair", "list"):
        result = store.gopack("--json", command, tmp_path / "gone")
        assert (result.status, result.error["message"]) == (2, f"there is no directory {tmp_path / 'gone'}"), command
