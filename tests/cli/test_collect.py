"""gc and remove: what leaves a store, and what stays."""

import shutil
import subprocess

import pytest
from conftest import NEW, OLD, lose_pointer, problems
from files import listing, overwrite
from strace import read_trace

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


@pytest.mark.parametrize("target", ["{}/", "./{}", "../store/{}"])
def test_gc_keeps_the_tree_that_current_leads_to(store, target):
    (store.home / ".gopack/history").unlink()
    lose_pointer(store.home)
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
    lose_pointer(store.home)
    if pointer == "dangling":
        (store.home / "current").symlink_to("v_0123456789abcdef")
    before = listing(store.home)
    collected = store.gopack.must("--json", "gc", "--trees-except", NEW)
    assert collected.json["removed"] == [] and listing(store.home) == before
    assert "gopack use" in collected.stderr


def test_remove_takes_trees_out(store):
    before = listing(store.home)
    dry = store.gopack.must("--json", "remove", NEW, "--dry-run").json
    assert listing(store.home) == before and dry["dry_run"] is True
    files = [path.lstat() for path in (store.home / store.new).rglob("*") if not path.is_dir()]
    size = sum(file.st_size for file in files if file.st_nlink == 1)  # the others stay in another tree
    removed = store.gopack.must("--json", "remove", NEW).json
    assert removed == {"schema": 1, "dry_run": False, "removed": [store.new], "bytes": size, "current": store.old}
    assert removed == dry | {"dry_run": False}
    assert not list(store.home.glob(store.new + "*"))
    assert problems(store) == []
    again = store.gopack.must("--json", "trim", NEW, "--profile", "minimal").json["trees"]
    assert [tree["id"] for tree in again] == [store.new]
    assert "1 item would be removed" in store.gopack.must("remove", NEW, "--dry-run").stdout
    said = store.gopack.must("remove", NEW).stdout.splitlines()
    assert said[-2].startswith("1 item removed, ") and said[-2].endswith("kB freed.")
    assert said[-1] == "Next: `gopack gc --downloads` drops the archives that no tree is made from any more."
    assert store.gopack.must("gc").stdout == "Nothing to remove.\n"
    assert "1 item removed, " in store.gopack.must("gc", "--downloads").stdout


def test_the_newest_tree_takes_the_place_of_a_current_one_that_is_removed(many, hook):
    hook.record()
    before = listing(many.home)
    dry = many.gopack.must("remove", NEW, "--dry-run").stdout
    assert f"go{OLD} minimal ({many.old}) would be current in its place" in dry and listing(many.home) == before
    removed = many.gopack.must("--json", "remove", NEW).json
    assert (removed["removed"], removed["current"]) == ([many.new], many.old)
    assert many.current == many.old and problems(many) == []
    assert hook.recorded()["to"] == many.old
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
    assert not list(store.home.glob("v_*")) and not {path.name for path in store.home.iterdir()} & {"current", "current.txt"}
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
    assert lines[-1].endswith("in 4 downloads") and " in 3 trees" in lines[-1]
    found = {one["file"]: one for one in many.gopack.must("--json", "list").json["downloads"]}
    assert found[archive_of(UNUSED)]["trees"] == [] and found[archive_of(NEW)]["trees"] == [many.new]
    assert found[archive_of(NEW)]["bytes"] == (many.gopack.downloads / archive_of(NEW)).stat().st_size

    def chosen(selector):
        document = many.gopack.must("--json", "list", selector).json
        return [one["id"] for one in document["trees"]], [one["file"] for one in document["downloads"]]

    assert chosen("1.22") == chosen(many.new) == ([many.new], [archive_of(NEW)])
    assert chosen("1.19") == ([], [archive_of(UNUSED)])
    assert many.gopack("list", "1.99").status == 4
