"""The same file once on the disk: what trees share, and what becomes of it when they are damaged, mended and removed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import NEW, OLD, bundle, problems
from files import listing, overwrite
from strace import read_trace

SHARED = "src/fmt/print.go"


def trimmed(gopack, profile, *options):
    [tree] = gopack.must("--json", *options, "trim", NEW, "--profile", profile).json["trees"]
    return Path(tree["path"])


def inodes(tree):
    return {str(path.relative_to(tree)): path.stat().st_ino for path in tree.rglob("*") if path.is_file()}


def shared(tree, other):
    """Paths that are one file in both trees."""
    return {path for path, inode in inodes(tree).items() if inodes(other).get(path) == inode}


def below(tree):
    return {os.path.relpath(path, tree): found for path, found in listing(tree).items()}


def size(*trees):
    """Of all files below, each counted once."""
    found = {path.stat().st_ino: path.stat().st_size for tree in trees for path in tree.rglob("*") if path.is_file()}
    return sum(found.values())


def on_disk(gopack):
    return gopack.must("--json", "list").json["on_disk"]


@pytest.fixture(autouse=True)
def without_reflinks(tmp_path):
    """With them each tree has files of its own."""
    (tmp_path / "probe").write_text("x")
    clone = ["cp", "--reflink=always", tmp_path / "probe", tmp_path / "clone"]
    if subprocess.run(clone, capture_output=True).returncode == 0:
        pytest.skip("/dev/ has given a filesystem with reflinks")


@pytest.fixture
def pair(fetched):
    """Two trees of one release that share files."""
    return fetched, trimmed(fetched, "minimal"), trimmed(fetched, "developer")


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_trim_reads_each_manifest_once(store, tmp_path):
    """For the files that trees share, and for those that a new tree supersedes."""
    if store.gopack.is_sanitized:
        pytest.skip("a sanitizer looks for leaks with the system call that strace needs")
    trace = tmp_path / "trace"
    words = ["strace", "-f", "-qq", "-o", trace, "-e", "trace=openat", store.gopack.binary, "trim", NEW, "--profile", "full"]
    subprocess.run(words, check=True, capture_output=True, cwd=store.gopack.work, env=store.gopack.environment())
    read = re.findall(r'openat\(\d+, "(v_\w+)\.json", O_RDONLY', "\n".join(read_trace(trace)))
    assert read.count(store.new) == 1 and read.count(store.old) == 2, "the current one is told of at the end"


def test_a_tree_takes_what_another_has(pair):
    gopack, minimal, developer = pair
    assert shared(minimal, developer) == set(inodes(minimal)) & set(inodes(developer)) != set()
    assert on_disk(gopack) == size(minimal, developer) < size(minimal) + size(developer)
    assert gopack.must("--json", "verify").json["problems"] == []


def test_all_of_it_needs_no_archive(fetched, tmp_path):
    minimal = trimmed(fetched, "minimal")
    (tmp_path / "own.yaml").write_text("name: own\ncapabilities: [build, cross, cgo, test, vet]\ntargets: [host]\n")
    for archive in fetched.downloads.glob("*.tar.gz"):
        overwrite(archive, b"\x1f\x8b" + bytes(archive.stat().st_size - 2))
    own = trimmed(fetched, tmp_path / "own.yaml")
    assert shared(own, minimal) == set(inodes(own)) != set(inodes(minimal))


def test_the_tree_is_the_same_without(pair, gopack_in, tmp_path):
    gopack, minimal, developer = pair
    (tmp_path / "other").mkdir()
    other = gopack_in(tmp_path / "other")
    shutil.copytree(gopack.downloads, other.downloads)
    (other.home / ".gopack").mkdir()
    trees = [trimmed(other, "minimal", "--link", "never"), trimmed(other, "developer", "--link", "never")]
    assert shared(*trees) == set()
    assert [tree.name for tree in trees] == [minimal.name, developer.name]
    for tree, linked in zip(trees, (minimal, developer), strict=True):
        assert below(tree) == below(linked)
        assert (tree.parent / f"{tree.name}.json").read_bytes() == (linked.parent / f"{linked.name}.json").read_bytes()


def test_a_first_pass_shares_with_another_release(store):
    """What NEW has in common with OLD, which was there before it."""
    old, new = (store.home / name for name in (store.old, store.new))
    assert shared(new, old) and "VERSION" not in shared(new, old)


def test_a_linked_file_is_damaged_in_all_trees_and_mended_in_all(pair):
    gopack, minimal, developer = pair
    overwrite(minimal / SHARED, b"package broken\n")
    found = gopack("--json", "verify")
    assert found.status == 3
    assert {(one["in"], one["path"]) for one in found.json["problems"]} == {(minimal.name, SHARED), (developer.name, SHARED)}
    assert gopack.must("repair")
    assert gopack.must("--json", "verify").json["problems"] == []
    assert SHARED in shared(minimal, developer)
    assert on_disk(gopack) == size(minimal, developer)


def test_a_damaged_file_is_not_taken(fetched):
    minimal = trimmed(fetched, "minimal")
    overwrite(minimal / SHARED, b"package broken\n")
    developer = trimmed(fetched, "developer")
    assert SHARED not in shared(developer, minimal)
    found = fetched("--json", "verify").json["problems"]
    assert [(one["in"], one["path"]) for one in found] == [(minimal.name, SHARED)]


def test_the_next_tree_is_asked_where_the_first_is_damaged(pair):
    gopack, minimal, developer = pair
    apart = trimmed(gopack, "standard", "--link", "never")
    overwrite(minimal / SHARED, b"package broken\n")
    shutil.rmtree(gopack.downloads)
    gopack.must("--link", "never", "repair", "--source", "/nowhere")
    assert gopack.must("--json", "verify").json["problems"] == []
    assert SHARED not in shared(minimal, apart)


@pytest.mark.parametrize("where", ["the store's disk", "another"])
def test_a_bundle_that_goes_on_leaves_other_trees_alone(store, tmp_path, where):
    """Times are those of files that only the bundle has."""
    target = tmp_path / "stick" if where == "the store's disk" else Path("/dev/shm") / f"gopack-{os.getpid()}"
    try:
        bundle(store, target, OLD)
        trees = [store.home / store.old, store.home / store.new, target / store.old]
        for path in trees[0].rglob("*"):
            os.utime(path, (1_000_000_000, 1_000_000_000))
        before = [path.stat().st_mtime for tree in trees for path in sorted(tree.rglob("*"))]
        killed = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=linkat,openat", "-e", "inject=linkat:signal=KILL:when=4"]
        words = [*killed, store.gopack.binary, "bundle", NEW, "--target", target]
        environment = store.gopack.environment(ASAN_OPTIONS="detect_leaks=0")
        assert subprocess.run(words, env=environment, cwd=store.gopack.work, capture_output=True).returncode != 0
        bundle(store, target, NEW)
        assert [path.stat().st_mtime for tree in trees for path in sorted(tree.rglob("*"))] == before
        assert store.gopack.must("--json", "verify", target).json["problems"] == []
    finally:
        remove(target)


def test_another_tree_mends_where_no_archive_is_left(pair):
    gopack, minimal, developer = pair
    shutil.rmtree(gopack.downloads)
    path = developer / SHARED
    path.parent.chmod(0o755)
    path.unlink()
    path.parent.chmod(0o555)
    gopack.must("repair", "--source", "/nowhere")
    assert gopack.must("--json", "verify").json["problems"] == []
    assert SHARED in shared(minimal, developer)


def test_remove_says_what_stays(pair):
    gopack, minimal, developer = pair
    lines = gopack.must("remove", developer.name).stdout.splitlines()
    assert lines[0].endswith(" stay, as other trees or bundles share them")
    assert not [line for line in lines if "gc --downloads" in line], "minimal is made from the same archive"


@pytest.mark.parametrize("command", ["remove", "gc"])
def test_what_is_freed_is_what_no_other_tree_has(pair, command):
    gopack, minimal, developer = pair
    only = size(minimal, developer) - size(minimal)
    words = ["remove", developer.name] if command == "remove" else ["gc", "--trees-except", minimal.name]
    planned = gopack.must("--json", *words, "--dry-run").json
    assert planned["bytes"] == only
    assert gopack.must("--json", *words).json["bytes"] == only
    assert gopack.must("--json", "verify").json["problems"] == []
    assert on_disk(gopack) == size(minimal)


def test_a_bundle_on_the_same_filesystem_shares_with_the_store(store, tmp_path):
    bundled = bundle(store, tmp_path / "stick")
    tree, copy = store.home / store.old, tmp_path / "stick" / store.old
    assert shared(tree, copy) == set(inodes(tree)) and len(inodes(tree)) < bundled["shared"] < bundled["copied"]
    assert store.gopack.must("--json", "verify", tmp_path / "stick").json["problems"] == []
    shutil.rmtree(tmp_path / "stick")
    assert problems(store) == []
    bundle(store, tmp_path / "apart", "--link", "never")
    assert shared(tree, tmp_path / "apart" / store.old) == set()


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="there is no other filesystem in /dev/shm")
def test_a_bundle_on_another_filesystem_shares_among_its_trees(store):
    target = Path("/dev/shm") / f"gopack-{os.getpid()}"
    try:
        bundle(store, target)
        assert shared(target / store.old, store.home / store.old) == set()
        assert shared(target / store.old, target / store.new)
        assert store.gopack.must("--json", "verify", target).json["problems"] == []
    finally:
        remove(target)


def remove(target):
    for path in [target, *target.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(target, ignore_errors=True)


def test_wrong_values_are_refused(fetched):
    refused = fetched("--link", "sometimes", "trim", OLD)
    assert refused.status == 2 and 'link must be auto or never, not "sometimes"' in refused.stderr
