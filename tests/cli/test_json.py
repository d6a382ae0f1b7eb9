"""Every command, for people and with --json: the documents of the contract, field by field."""

import json

import pytest
from files import overwrite

TREE = {"id": str, "release": str, "platforms": [str], "profile": str, "stripped": bool, "files": int, "bytes": int, "current": bool,
        "path": str}  # fmt: skip
CATEGORY = {"category": str, "files": int, "bytes": int, "reason": str}
TRIMMED = TREE | {"was_there": bool, "on_disk": [{"cluster": int, "bytes": int}], "proof": type(None), "asked_profile": type(None), "supersedes": [], "superseded_by": [], "kept": [CATEGORY], "dropped": [CATEGORY]}
SUM = {"files": int, "bytes": int}
SIDE = {"name": str, "files": int, "bytes": int}
SWITCH = {"from": (str, type(None)), "to": str, "changed": bool, "tree": TREE}

# Arguments, and the document beside "schema". {mirror} and so on are of the test; commands run in the order given.
COMMANDS = {
    "fetch": (
        "fetch 1.21 1.22 -p linux/amd64 --source {mirror}",
        {"archives": [{"file": str, "release": str, "platform": str, "bytes": int, "sha256": str, "source": str,
                       "verified_by": str, "path": str, "was_there": bool}]},
    ),
    "list --remote": (
        "list --remote --source {mirror}",
        {"source": str, "releases": [{"release": str, "stable": bool, "platforms": [str]}]},
    ),
    "trim": ("trim --profile minimal", {"dry_run": bool, "trees": [TRIMMED], "report": type(None)}),
    "report": ("report", {"file": str, "trees": [str]}),
    "diff": (
        "diff 1.21 1.22",
        {"before": SIDE, "after": SIDE,
         "categories": [{"category": str, "removed": SUM, "added": SUM,
                         "changed": {"files": int, "bytes_before": int, "bytes_after": int}}],
         "files": [{"path": str, "kind": str, "category": str, "bytes_before": (int, type(None)),
                    "bytes_after": (int, type(None))}]},
    ),
    "trim --dry-run": (
        "trim --profile minimal --dry-run",
        {"dry_run": bool, "trees": [TRIMMED | {"id": type(None), "path": type(None)}], "report": type(None)},
    ),
    "trim --explain": (
        "trim --profile minimal --explain src/fmt/fmt_test.go",
        {"explanations": [{"release": str, "path": str, "action": str, "rule": str, "location": str, "category": str,
                           "capabilities": str, "reason": str}]},
    ),
    "list": (
        "list",
        {"trees": [TREE],
         "downloads": [{"file": str, "release": str, "platform": str, "bytes": int, "trees": [str], "path": str}],
         "on_disk": int},
    ),
    "use": ("use 1.21", SWITCH),
    "rollback": ("rollback", SWITCH),
    "bundle": (
        "bundle --target {target}",
        {"target": str, "current": str, "starts": TREE, "own_choice": bool, "switched": bool, "trees": [TREE], "copied": int, "shared": int, "unchanged": int, "removed": int, "bytes": int,
         "flushed": bool, "warmed": [], "medium": {"device": str, "filesystem": str, "removable": bool, "system": bool}},
    ),
    "key new": ("key new {project}/team", {"key": str, "secret": str, "public": str, "pem": str}),
    "pack": (
        "pack 1.21 1.22 -o {packs} --sign {project}/team.key --delta-from 1.21",
        {"out": str, "key": str, "trees": [TREE | {"packed_bytes": int, "packs": int}],
         "deltas": [{"from": str, "to": str, "bytes": int, "kept": bool}]},
    ),
    "publish": (
        "publish {packs} --to {project}/published",
        {"to": str,
         "trees": [{"id": str, "release": str, "platforms": [str], "profile": str, "sha256": str, "sent_blobs": int, "sent_bytes": int}],
         "deltas": []},
    ),
    "pull": (
        "pull {packs} --trust {project}/team.pub",
        {"plan": bool, "current": str, "trees": [TREE | {"was_there": bool, "delta_from": type(None), "pulled_bytes": int}]},
    ),
    "sync": (
        "sync {project}/store {project}/synced 1.22",
        {"to": str, "dry_run": bool, "trees": [{"id": str, "release": str, "platforms": [str], "profile": str, "was_there": bool}],
         "removed_trees": [], "switched": bool, "current": str, "copied": int, "shared": int, "unchanged": int, "removed": int,
         "bytes": int, "flushed": bool},
    ),
    "flash": (
        "flash {image} {disk} --allow-file",
        {"image": str, "bytes": int, "mapped_bytes": int, "proved_by": str, "sha256": str, "bmap_sha256": type(None),
         "devices": [{"device": str, "serial": type(None), "model": type(None), "result": str, "reason": str, "bytes": int,
                      "seconds": float, "megabytes_per_second": float, "sha256": str}]},
    ),
    "devcontainer": (
        "devcontainer {project} --bundle {target}",
        {"file": str, "was_there": bool, "tree": str, "platform": str, "image": str},
    ),
    "verify": (
        "verify",
        {"verified": [{"name": str, "files": int, "bytes": int, "problems": int, "proof": str}], "problems": []},
    ),
    "repair": ("repair", {"repaired": []}),
    "gc --dry-run": ("gc --dry-run", {"dry_run": bool, "removed": [], "bytes": int}),
    "cache push": (
        "cache push --share {share}",
        {"local": str, "share": str, "entries": int, "bytes": int, "skipped": int, "damaged": int},
    ),
    "cache pull": (
        "cache pull --share {share}",
        {"local": str, "share": str, "entries": int, "bytes": int, "skipped": int, "damaged": int},
    ),
    "env": ("env", {"set": {...: str}, "unset": [], "path": [str]}),
    "profile list": ("profile list", {"profiles": [{"name": str, "description": str}], "capabilities": [{"name": str, "description": str}]}),
    "profile show": ("profile show minimal", {"name": str, "text": str}),
    "profile check": ("profile check {profile}", {"file": str, "mistakes": [], "warnings": []}),
    "profile suggest": (
        "profile suggest 1.22 --trace -- go version",
        {"release": str, "capabilities": [str], "targets": [str], "keep": [], "profile": str},
    ),
    "doctor": (
        "doctor --source {mirror}",
        {"directory": str, "checks": [{"name": str, "ok": bool, "note": bool, "found": str, "remedy": str}],
         "layout": {"pointer": str, "staging": bool, "block_size": int, "available": int, "trees": [str], "bytes": int,
                    "on_disk": int, "longest_path": int}},
    ),
    "completion": ("completion bash", {"shell": str, "script": str}),
    "remove": ("remove 1.22", {"dry_run": bool, "removed": [str], "bytes": int, "current": str}),
    "gc": (
        "gc --downloads",
        {"dry_run": bool, "removed": [{"path": str, "bytes": int, "kind": str, "release": str, "platforms": [str],
                                       "profile": type(None)}], "bytes": int},
    ),
}  # fmt: skip


def assert_shape(value, shape, where="$"):
    """Types, and no field more or less. [x] is a list of at least one x, [] an empty one, {...: x} any names."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), where
        if ... in shape:
            shape = dict.fromkeys(value, shape[...])
        assert set(value) == set(shape), where
        for name in shape:
            assert_shape(value[name], shape[name], f"{where}.{name}")
    elif isinstance(shape, list):
        assert isinstance(value, list) and bool(value) == bool(shape), (where, value)
        for item in value:
            assert_shape(item, shape[0], where + "[]")
    else:
        assert isinstance(value, shape) and (shape is not int or not isinstance(value, bool)), (where, value)


@pytest.fixture
def arguments(mirror, tmp_path):
    profile = tmp_path / "mine.yaml"
    profile.write_text("name: mine\ndescription: like minimal\nextends: minimal\n")
    (tmp_path / "share").mkdir()
    for name in ("x.img", "disk"):
        (tmp_path / name).write_bytes(b"x" * 4096)
    names = {"image": tmp_path / "x.img", "disk": tmp_path / "disk", "mirror": mirror, "share": tmp_path / "share", "target": tmp_path / "stick", "project": tmp_path, "packs": tmp_path / "packs", "profile": profile}
    return lambda command: [word.format(**names) for word in COMMANDS[command][0].split()]


def tried(gopack):
    """On Windows not what takes a tree of its own, or Linux."""
    return [command for command in COMMANDS if not gopack.is_windows or command not in ("env", "profile suggest")]


def test_documents_have_the_fields_of_the_contract(gopack, arguments):
    for command in tried(gopack):
        shape = COMMANDS[command][1]
        result = gopack("--json", *arguments(command))
        assert result.status == 0, (command, result.stdout, result.stderr)
        document = json.loads(result.stdout)  # exactly one
        assert document.pop("schema") == 1
        assert_shape(document, shape, command)


def test_texts_are_no_documents(gopack, arguments):
    for command in tried(gopack):
        result = gopack(*arguments(command))
        assert result.status == 0, (command, result.stderr)
        assert result.stdout.strip() and not result.stdout.startswith("{"), command


def test_problems_of_a_tree(store):
    overwrite(store.home / store.old / "foreign")
    result = store.gopack("--json", "verify")
    assert result.status == 3
    [problem] = result.json["problems"]
    assert_shape(problem, {"in": str, "path": str, "kind": str, "expected": str, "found": str})
    assert (problem["in"], problem["path"], problem["kind"]) == (store.old, "foreign", "foreign")


def test_mistakes_of_a_profile(gopack, tmp_path):
    (tmp_path / "bad.yaml").write_text("name: bad\nrules:\n  - dorp: x\n")
    result = gopack("--json", "profile", "check", tmp_path / "bad.yaml")
    assert result.status == 2
    assert_shape(result.json, {"schema": int, "file": str, "mistakes": [str], "warnings": []})
    assert "bad.yaml:3:5" in result.json["mistakes"][0]


@pytest.mark.parametrize("arguments", [["nonsense"], ["use"], ["list", "--nonsense"], ["fetch", "not-a-version"]])
def test_errors_are_documents_too(gopack, arguments):
    """--json counts wherever it stands."""
    for line in (["--json", *arguments], [*arguments, "--json"]):
        result = gopack(*line)
        assert (result.status, result.stderr) == (2, "")
        assert_shape(result.json, {"error": {"kind": str, "message": str, "hint": str}})
        assert result.error["kind"] == "usage"
