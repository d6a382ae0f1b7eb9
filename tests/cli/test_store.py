"""Switching, verifying, repairing and tidying a store."""

import hashlib
import json
import os
import shutil
import signal
import subprocess

import pytest
import releases
from conftest import NEW, OLD
from files import listing, overwrite, unlink
from strace import read_trace
from terminal import Terminal


def problems(store, *arguments):
    result = store.gopack("--json", "verify", *arguments)
    assert result.status == (3 if result.json["problems"] else 0)
    return [(problem["in"], problem["path"], problem["kind"]) for problem in result.json["problems"]]


def test_use_and_rollback_go_to_and_fro(store):
    assert store.current == store.old
    before = listing(store.home / store.old, store.home / store.new)
    steps = [
        ("use " + NEW, store.new), ("rollback", store.old), ("rollback", store.new), ("use 1.21", store.old),
        ("use " + store.new[:8], store.new), ("use latest", store.new), ("rollback", store.old),
    ]  # fmt: skip
    for line, expected in steps:
        switch = store.gopack.must("--json", *line.split()).json
        assert switch["to"] == expected == store.current
        assert (store.home / "current").readlink().name == expected
    assert listing(store.home / store.old, store.home / store.new) == before


def test_using_what_is_current_does_nothing(store):
    before = listing(store.home)
    assert store.gopack.must("--json", "use", OLD).json["changed"] is False
    assert listing(store.home) == before
    store.gopack.must("use", NEW)
    store.gopack.must("use", NEW)
    assert store.gopack.must("--json", "rollback").json["to"] == store.old


@pytest.fixture
def hook(store, tmp_path):
    """Sets the post-switch hook to a script."""

    def write(script):
        (tmp_path / "hook.sh").write_text(script)
        (store.gopack.work / "gopack.yaml").write_text(f"hooks:\n  post_switch: sh '{tmp_path}/hook.sh'\n")
        store.gopack.must("allow")

    return write


def test_the_hook_gets_the_switch_as_json(store, hook, tmp_path):
    hook(f"cat >'{tmp_path}/event'; readlink '{store.home}/current' >'{tmp_path}/current'; echo hello")
    result = store.gopack.must("--json", "use", NEW)
    assert result.json["to"] == store.new
    event = json.loads((tmp_path / "event").read_text())
    assert event == {
        "schema": 1, "event": "post_switch", "home": str(store.home), "from": store.old, "to": store.new,
        "release": "go" + NEW, "platforms": ["linux/amd64"], "profile": "minimal", "path": str(store.home / store.new),
    }  # fmt: skip
    assert (tmp_path / "current").read_text().strip() == store.new
    (tmp_path / "event").unlink()
    store.gopack.must("use", NEW)
    assert not (tmp_path / "event").exists(), "nothing was switched"
    store.gopack.must("rollback")
    assert json.loads((tmp_path / "event").read_text())["to"] == store.old


def test_a_failing_hook_fails_the_switch(store, hook):
    hook("exit 9")
    result = store.gopack("--json", "use", NEW)
    assert (result.status, result.error["kind"]) == (1, "failed")
    assert "status 9" in result.error["message"] and "gopack rollback" in result.error["hint"]
    assert store.current == store.new


def test_a_failing_hook_can_bring_the_old_tree_back(store, hook):
    hook("exit 9")
    result = store.gopack("--json", "use", NEW, "--rollback-on-failure")
    assert (result.status, result.error["kind"]) == (1, "failed")
    assert store.old in result.error["hint"]
    assert store.current == store.old


@pytest.mark.parametrize(("options", "current"), [([], "new"), (["--rollback-on-failure"], "old")])
def test_a_hook_ends_with_the_command(store, hook, tmp_path, options, current):
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    hook(f"echo >'{begun}'; sleep 600")
    running = store.gopack.start("use", NEW, *options)
    begun.read_text()
    running.send_signal(signal.SIGTERM)
    assert running.communicate()[0] == "" and running.returncode == 130
    assert store.current == getattr(store, current)


def test_a_hook_has_no_terminal(store, hook, tmp_path):
    """What asks there for a password fails at once; as a program in the background it would stop for good."""
    hook(f"read answer </dev/tty || echo none >'{tmp_path}/answer'")
    with Terminal([store.gopack.binary, "use", NEW], store.gopack.environment(), store.gopack.work) as terminal:
        assert terminal.process.wait(timeout=60) == 0
    assert (tmp_path / "answer").read_text() == "none\n"


def test_what_a_hook_leaves_running_holds_nothing(store, hook, tmp_path):
    hook(f"sleep 600 2>/dev/null & echo $! >'{tmp_path}/left'")
    store.gopack.must("use", NEW)
    try:
        store.gopack.must("--lock-timeout", "0", "use", NEW)
    finally:
        os.kill(int((tmp_path / "left").read_text()), signal.SIGKILL)


def test_a_hook_may_change_the_store(store, hook):
    hook(f"cd / && exec '{store.gopack.binary}' --lock-timeout 0 use {OLD}")
    store.gopack.must("use", NEW)
    assert store.current == store.old


def test_going_back_leaves_what_another_gopack_has_chosen(store, hook):
    newest = store.gopack.must("--json", "trim", NEW, "--profile", "standard").json["trees"][0]["id"]
    hook(f"cd / && '{store.gopack.binary}' --lock-timeout 0 use {newest}; exit 9")
    result = store.gopack("--json", "use", store.new, "--rollback-on-failure")
    assert result.status == 1 and "status 9" in result.error["message"]
    assert f"{store.old} was not made current again" in result.error["hint"]
    assert store.current == newest


def test_a_command_that_is_watched_ends_with_gopack(store, tmp_path):
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    watched = ["sh", "-c", f"echo >'{begun}'; exec sleep 600 >&-"]
    running = store.gopack.start("profile", "suggest", NEW, "--trace", "--", *watched)
    begun.read_text()
    running.send_signal(signal.SIGTERM)
    assert running.communicate()[0] == "" and running.returncode == 130


def test_a_proof_ends_with_gopack(store, tmp_path):
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    overwrite(store.home / store.old / "bin/go", f"#!/bin/sh\necho >'{begun}'\nexec sleep 600 >&- 2>&-\n".encode())
    running = store.gopack.start("prove", store.old)
    begun.read_text()
    running.send_signal(signal.SIGTERM)
    assert running.communicate()[0] == "" and running.returncode == 130


def test_verify_finds_what_is_missing_changed_and_foreign(store):
    assert problems(store) == []
    root = store.home / store.new
    unlink(root / "src/fmt/print.go")
    overwrite(root / "bin/go")
    overwrite(root / "src/fmt/foreign.go")
    (root / "VERSION").chmod(0o555)
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


@pytest.mark.parametrize("downloads", ["there", "damaged", "gone"])
def test_repair_restores_every_file(store, mirror, downloads):
    before = listing(store.home / store.old, store.home / store.new)
    for tree in (store.old, store.new):
        unlink(store.home / tree / "src/fmt/print.go")
        overwrite(store.home / tree / "bin/go")
        (store.home / tree / "VERSION").chmod(0o555)
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
    assert store.gopack.must("repair").stdout == "nothing to repair\n"


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
    (gopack.home / "current").unlink()
    (gopack.home / "current").symlink_to(manifest["id"])
    result = gopack("--json", "repair", "--source", tmp_path / "mirror")
    assert "cannot restore bin/go: another version of gopack has made the scripts of this tree" in result.error["message"]
    assert "gopack trim" in result.error["hint"] and result.status == 3


def test_repair_restores_all_that_it_can_and_names_the_rest(store, mirror):
    archive = f"go{OLD}.linux-amd64.tar.gz"
    for tree in (store.old, store.new):
        unlink(store.home / tree / "src/fmt/print.go")
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
    assert "src/fmt/print.go" in message and "VERSION" in message and f"{lost}.json" in message
    text = store.gopack("repair", "--source", mirror)
    assert text.status == 4 and f"{lost}.json" in text.stderr


OLDEST = "1.20.3"
UNUSED = "1.19.1"  # fetched, and no tree is made from it


def archive_of(version):
    return f"go{version}.linux-amd64.tar.gz"


def archives_in(store):
    return {path.name for path in store.gopack.downloads.glob("*.tar.gz")}


@pytest.fixture
def many(store, mirror, releases):
    """A third tree, which is neither current nor where rollback goes, and an archive of which there is no tree."""
    releases.write_mirror(mirror, [UNUSED, OLDEST, OLD, NEW], ["linux-amd64"])
    store.gopack.must("fetch", UNUSED, OLDEST, "-p", "linux/amd64", "--source", mirror)
    store.gopack.must("trim", OLDEST, "--profile", "minimal")
    store.gopack.must("use", NEW)
    trees = {tree["release"]: tree["id"] for tree in store.gopack.must("--json", "list").json["trees"]}
    store.oldest = trees["go" + OLDEST]
    return store


def test_gc_drops_only_what_nothing_refers_to(many):
    before = listing(many.home)
    (many.home / ".gopack/staging/7").mkdir(parents=True)
    (many.home / ".gopack/staging/7/left").write_text("by a crash")
    oldest = archive_of(OLDEST)
    (many.gopack.downloads / "go1.18.1.linux-amd64.tar.gz.json").write_text("a record without archive")
    for name in (f".{oldest}.json.0123abcd.tmp", f"{oldest}.part", f"{oldest}.part.json", "v0.0.1-go1.20.3.linux-amd64.zip"):
        (many.gopack.downloads / name).write_text("by a crash")
    mine = ["thesis.pdf", "go1.20.3.notes.json", ".mine.tmp", oldest.replace("amd64", "arm64") + "/mine"]
    for name in mine:
        (many.gopack.downloads / name).parent.mkdir(exist_ok=True)
        (many.gopack.downloads / name).write_text("mine")
    littered = listing(many.home)

    planned = many.gopack.must("--json", "gc", "--dry-run").json["removed"]
    assert listing(many.home) == littered
    assert many.gopack.must("--json", "gc").json["removed"] == planned
    assert {one["kind"] for one in planned} == {"leftover"}
    left = listing(many.home)
    assert {path: left[path] for path in before if path in left and not path.endswith("staging")} == {
        path: found for path, found in before.items() if not path.endswith("staging")
    }
    assert all((many.gopack.downloads / name).exists() for name in mine)
    assert many.gopack.must("--json", "gc").json["removed"] == []
    assert problems(many) == []


def test_gc_of_downloads_drops_archives_that_no_tree_was_made_from(many):
    line = ["gc", "--downloads"]
    planned = many.gopack.must("--json", *line, "--dry-run").json["removed"]
    size = sum((many.gopack.downloads / name).stat().st_size for name in [archive_of(UNUSED)])
    assert planned == [{"path": f"downloads/{archive_of(UNUSED)}", "bytes": size, "kind": "download", "release": "go" + UNUSED,
                        "platforms": ["linux/amd64"], "profile": None}]  # fmt: skip
    assert many.gopack.must("--json", *line).json["removed"] == planned
    assert archives_in(many) == {archive_of(version) for version in (OLDEST, OLD, NEW)}
    assert len(many.gopack.must("--json", "list").json["trees"]) == 3
    many.gopack.must("remove", OLDEST)
    many.gopack.must(*line)
    assert archives_in(many) == {archive_of(version) for version in (OLD, NEW)}


def test_gc_of_trees_keeps_those_that_are_named_current_and_previous(many, mirror):
    many.gopack.must("trim", UNUSED, "--profile", "minimal")
    line = ["gc", "--trees-except", OLDEST]
    dry = many.gopack.must(*line, "--dry-run").stdout
    assert f"go{UNUSED} minimal, linux/amd64" in dry and "v_" not in dry
    removed = many.gopack.must("--json", *line).json["removed"]
    assert [(one["kind"], one["release"], one["profile"]) for one in removed] == [("tree", "go" + UNUSED, "minimal")]
    assert {path.stem for path in many.home.glob("v_*")} == {many.oldest, many.old, many.new}
    assert archives_in(many) == {archive_of(version) for version in (UNUSED, OLDEST, OLD, NEW)}
    both = many.gopack.must("--json", "gc", "--downloads", "--trees-except", "latest").json["removed"]
    assert {one["path"] for one in both} == {many.oldest, *(f"downloads/{archive_of(v)}" for v in (UNUSED, OLDEST))}
    assert many.gopack.must("--json", "rollback").json["to"] == many.old
    refused = many.gopack("--json", "gc", "--trees-except", "1.99")
    assert (refused.status, refused.error["kind"]) == (4, "unreachable")


def test_gc_keeps_current_and_previous_trees_that_lost_their_manifests(store):
    store.gopack.must("use", NEW)
    for tree in (store.old, store.new):
        (store.home / f"{tree}.json").unlink()
    before = listing(store.home)
    assert store.gopack.must("--json", "gc").json["removed"] == []
    assert listing(store.home) == before
    assert problems(store) == [("current", f"{store.new}.json", "missing")]
    unrepaired = store.gopack("--json", "repair")
    assert unrepaired.status == 3 and f"{store.new}.json" in unrepaired.error["message"]
    assert store.gopack.must("--json", "trim", "--profile", "minimal").json["trees"]
    assert problems(store) == [] and {path.stem for path in store.home.glob("v_*.json")} == {store.old, store.new}


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


@pytest.mark.parametrize("target", ["{}/", "./{}", "../store/{}"])
def test_gc_keeps_the_tree_that_current_leads_to(store, target):
    (store.home / ".gopack/history").unlink()
    (store.home / "current").unlink()
    (store.home / "current").symlink_to(target.format(store.new))
    before = listing(store.home)
    collected = store.gopack("--json", "gc", "--trees-except", NEW)
    if target.startswith(".."):
        assert collected.status == 1 and "current leads to" in collected.error["message"]
        assert "gopack use" in collected.error["hint"] and listing(store.home) == before
    else:
        assert store.old in [one["path"] for one in collected.json["removed"]]
        assert store.current == store.new and (store.home / "current/bin/go").exists()


@pytest.mark.parametrize("pointer", ["gone", "dangling"])
def test_gc_keeps_all_trees_where_none_is_current(store, pointer):
    shutil.rmtree(store.home / ".gopack")
    (store.home / "current").unlink()
    if pointer == "dangling":
        (store.home / "current").symlink_to("v_0123456789abcdef")
    before = listing(store.home)
    collected = store.gopack.must("--json", "gc", "--trees-except", NEW)
    assert collected.json["removed"] == [] and listing(store.home) == before
    assert "gopack use" in collected.stderr


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
    assert oct((store.home / lost).stat().st_mode) == "0o40555"
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


def test_remove_takes_trees_out(store):
    before = listing(store.home)
    dry = store.gopack.must("--json", "remove", NEW, "--dry-run").json
    assert listing(store.home) == before and dry["dry_run"] is True
    size = sum(path.lstat().st_size for path in (store.home / store.new).rglob("*") if not path.is_dir())
    removed = store.gopack.must("--json", "remove", NEW).json
    assert removed == {"schema": 1, "dry_run": False, "removed": [store.new], "bytes": size, "current": store.old}
    assert removed == dry | {"dry_run": False}
    assert not list(store.home.glob(store.new + "*"))
    assert problems(store) == []
    again = store.gopack.must("--json", "trim", NEW, "--profile", "minimal").json["trees"]
    assert [tree["id"] for tree in again] == [store.new]
    assert "kB freed" in store.gopack.must("remove", NEW).stdout


def test_the_newest_tree_takes_the_place_of_a_current_one_that_is_removed(many, hook, tmp_path):
    hook(f"cat >'{tmp_path}/event'")
    before = listing(many.home)
    dry = many.gopack.must("remove", NEW, "--dry-run").stdout
    assert f"go{OLD} minimal ({many.old}) would be current in its place" in dry and listing(many.home) == before
    removed = many.gopack.must("--json", "remove", NEW).json
    assert (removed["removed"], removed["current"]) == ([many.new], many.old)
    assert many.current == many.old and problems(many) == []
    assert json.loads((tmp_path / "event").read_text())["to"] == many.old
    assert f"go{OLDEST} minimal ({many.oldest}) is current in its place" in many.gopack.must("remove", OLD).stdout


def test_a_damaged_tree_does_not_take_the_place_of_the_current_one(store):
    overwrite(store.home / store.new / "VERSION")
    before = listing(store.home)
    refused = store.gopack("--json", "remove", OLD)
    assert (refused.status, refused.error["kind"]) == (3, "integrity") and listing(store.home) == before


def test_the_last_tree_is_removed_only_by_force(store):
    before = listing(store.home)
    for line in (["remove", NEW, OLD], ["remove", NEW, OLD, "--dry-run"]):
        refused = store.gopack("--json", *line)
        assert refused.status == 1 and "--force" in refused.error["hint"]
        assert listing(store.home) == before
    removed = store.gopack.must("--json", "remove", NEW, OLD, "--force").json
    assert sorted(removed["removed"]) == sorted([store.old, store.new]) and removed["current"] is None
    assert not list(store.home.glob("v_*")) and not (store.home / "current").is_symlink()
    assert problems(store) == []
    assert store.gopack.must("--json", "trim", "--profile", "minimal").json["trees"] and store.current


@pytest.mark.parametrize("options", [[], ["--dry-run"], ["--force"]])
def test_a_selector_that_chooses_several_trees_removes_none(store, options):
    """As `use` refuses it."""
    full = store.gopack.must("--json", "trim", NEW, "--profile", "full").json["trees"][0]["id"]
    before = listing(store.home)
    for selector in (NEW, "1.22", "latest", "1.21..1.22"):
        refused = store.gopack("--json", "remove", selector, *options)
        assert (refused.status, refused.error["kind"]) == (2, "usage"), selector
        assert store.new in refused.error["message"] and full in refused.error["message"]
        assert "--all" in refused.error["hint"] and "1.26+minimal" in refused.error["hint"]
        assert listing(store.home) == before
    for named in (NEW + "+full", full):
        assert store.gopack.must("--json", "remove", named).json["removed"] == [full]
        store.gopack.must("trim", NEW, "--profile", "full")
    assert sorted(store.gopack.must("--json", "remove", NEW, "--all").json["removed"]) == sorted([store.new, full])
    assert store.gopack.must("--json", "remove", "1.21..1.22", "--force").json["removed"] == [store.old]


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_remove_reads_a_tree_once_before_it_goes(store, tmp_path):
    (store.gopack.work / "gopack.yaml").write_text("hooks:\n  post_switch: 'true'\n")
    store.gopack.must("allow")
    trace = tmp_path / "trace"
    words = ["strace", "-f", "-qq", "-o", trace, "-e", "trace=openat", store.gopack.binary, "remove", NEW]
    environment = store.gopack.environment(ASAN_OPTIONS="detect_leaks=0")  # which a traced process cannot do
    subprocess.run(words, env=environment, cwd=store.gopack.work, check=True, stdout=subprocess.DEVNULL)
    opened = [line for line in read_trace(trace) if '"fmt"' in line]
    assert len(opened) == 2, "once for its size, and once to remove it"


def test_list_shows_downloads_and_sizes(many):
    lines = many.gopack.must("list").stdout.splitlines()
    [unused] = [line for line in lines if archive_of(UNUSED) in line]
    assert "no tree is made from it" in unused and " kB " in unused
    assert lines[-1].endswith("in 4 downloads") and " in 3 trees, " in lines[-1]
    found = {one["file"]: one for one in many.gopack.must("--json", "list").json["downloads"]}
    assert found[archive_of(UNUSED)]["trees"] == [] and found[archive_of(NEW)]["trees"] == [many.new]
    assert found[archive_of(NEW)]["bytes"] == (many.gopack.downloads / archive_of(NEW)).stat().st_size

    def chosen(selector):
        document = many.gopack.must("--json", "list", selector).json
        return [one["id"] for one in document["trees"]], [one["file"] for one in document["downloads"]]

    assert chosen("1.22") == chosen(many.new) == ([many.new], [archive_of(NEW)])
    assert chosen("1.19") == ([], [archive_of(UNUSED)])
    assert many.gopack("list", "1.99").status == 4


def test_list_marks_what_is_current_and_chooses(store):
    lines = store.gopack.must("list").stdout.splitlines()
    assert [line[0] for line in lines[:2]] == ["*", " "]
    assert [line.lstrip("* ").split()[0] for line in lines[:2]] == ["go" + OLD, "go" + NEW]
    assert [tree["id"] for tree in store.gopack.must("--json", "list", "1.22").json["trees"]] == [store.new]


@pytest.mark.parametrize("pointer", [None, "rubbish"])
def test_a_lost_pointer_is_named_and_restored(store, pointer):
    """By the last switch, as the launchers do."""
    store.gopack.must("use", NEW)
    (store.home / "current").unlink()
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


def test_rollback_names_a_tree_that_was_removed(store):
    store.gopack.must("use", NEW)
    store.gopack.must("remove", store.old)
    result = store.gopack("--json", "rollback")
    assert (result.status, result.error["kind"]) == (1, "failed")
    assert store.old in result.error["message"] and "removed" in result.error["message"]


def test_a_directory_may_follow_flags_and_must_be_there(store, tmp_path):
    assert f"*  go{OLD}" in store.gopack.must("gc", "--dry-run", store.home).stdout + store.gopack.must(
        "list", "-v", store.home).stdout
    for command in ("verify", "gc", "repair", "list"):
        result = store.gopack("--json", command, tmp_path / "gone")
        assert (result.status, result.error["message"]) == (2, f"there is no directory {tmp_path / 'gone'}"), command
