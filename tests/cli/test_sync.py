"""The trees of one store or bundle in another one."""

import os
import subprocess

import pytest
from conftest import NEW, OLD
from files import overwrite, unlink


@pytest.fixture
def there(store, tmp_path):
    """The directory that is synced to, and a function that does it."""
    directory = tmp_path / "there"

    def sync(*words, source=None):
        return store.gopack.must("--json", "sync", source or store.home, directory, *words).json

    return directory, sync


def trees(gopack, home):
    return {tree["release"]: tree["current"] for tree in gopack.must("--json", "--home", home, "list").json["trees"]}


def test_a_store_becomes_another_one(store, there):
    directory, sync = there
    plan = sync("--dry-run")
    assert [tree["was_there"] for tree in plan["trees"]] == [False, False] and not directory.exists()
    first = sync()
    assert first["copied"] > 0 and first["current"] == store.old and first["flushed"]
    assert trees(store.gopack, directory) == {"go" + OLD: True, "go" + NEW: False}
    assert not (directory / "go.sh").exists()
    store.gopack.must("verify", directory)
    again = sync()
    assert (again["copied"], again["bytes"], again["switched"]) == (0, 0, False)
    assert all(tree["was_there"] for tree in again["trees"])


def test_files_are_shared_within_a_filesystem(store, there):
    directory, sync = there
    first = sync()
    assert first["shared"] == first["copied"] and first["bytes"] == 0
    file = "src/fmt/print.go"
    assert os.path.samefile(store.home / store.new / file, directory / store.new / file)


def test_times_do_not_count(store, there):
    """Another time changes nothing; another content of the same size and time is found by verify and mended."""
    directory, sync = there
    sync()
    file = directory / store.new / "src/fmt/print.go"
    os.utime(file, (0, 0))
    assert sync()["copied"] == 0
    unlink(file)
    assert sync()["copied"] == 1
    store.gopack.must("verify", directory)


def test_current_stays_what_it_is_there(store, there):
    directory, sync = there
    sync()
    store.gopack.must("--home", directory, "use", NEW)
    assert sync()["current"] == store.new
    used = sync("--use")
    assert used["current"] == store.old and used["switched"]
    store.gopack.must("--home", directory, "rollback")
    assert trees(store.gopack, directory)["go" + NEW]


def test_what_is_not_chosen_leaves(store, there):
    directory, sync = there
    sync()
    assert sync(NEW)["removed_trees"] == []
    assert sync(NEW, "--delete", "--dry-run")["removed_trees"] == [store.old]
    assert trees(store.gopack, directory)["go" + OLD]
    gone = sync(NEW, "--delete")
    assert gone["removed_trees"] == [store.old] and gone["current"] == store.new and gone["removed"] > 0
    assert trees(store.gopack, directory) == {"go" + NEW: True}
    (directory / "thesis.pdf").write_text("the user's own")
    sync("--delete")
    assert (directory / "thesis.pdf").exists()


def test_a_bundle_stays_one(store, there, tmp_path):
    directory, sync = there
    store.gopack.must("bundle", OLD, "--target", tmp_path / "stick")
    sync(source=tmp_path / "stick")
    subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=directory, check=True)
    assert "go" + OLD in subprocess.run([directory / "go.sh", "version"], check=True, capture_output=True, text=True).stdout
    sync(NEW, "--delete")  # from the store
    subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=directory, check=True)
    assert "go" + NEW in subprocess.run([directory / "go.sh", "version"], check=True, capture_output=True, text=True).stdout


def test_a_damaged_file_is_not_passed_on(store, there):
    directory, sync = there
    overwrite(store.home / store.new / "src/fmt/print.go")
    result = store.gopack("sync", store.home, directory)
    assert result.status == 3 and "it is damaged in the store" in result.stderr
    assert "repair" in result.stderr and trees(store.gopack, directory) == {}


@pytest.mark.parametrize("words", [(), ("--delete",), (NEW, "--delete")])
def test_a_damaged_manifest_is_no_reason_to_remove(store, there, words):
    directory, sync = there
    sync()
    overwrite(store.home / f"{store.old}.json")
    result = store.gopack("sync", store.home, directory, *words)
    assert result.status == 3 and store.old in result.stderr
    assert len(trees(store.gopack, directory)) == 2


def test_files_of_the_user_stay(store, there, tmp_path):
    directory, sync = there
    directory.mkdir()
    (directory / "go.sh").write_text("my own")
    sync()
    assert (directory / "go.sh").read_text() == "my own" and not (directory / "SHA256SUMS").exists()
    store.gopack.must("bundle", OLD, "--target", tmp_path / "stick")
    result = store.gopack("sync", tmp_path / "stick", directory)
    assert result.status == 1 and "go.sh is there already" in result.stderr


def test_settings_of_writing_count(store, there):
    directory, sync = there
    first = store.gopack.must("--json", "--link", "never", "--durability", "fast", "sync", store.home, directory).json
    assert first["shared"] == 0 and not first["flushed"]


def test_a_plan_looks_at_nothing_else(store, there):
    directory, sync = there
    plan = store.gopack.must("--json", "sync", store.home, store.home.parent / "store-not/there", "--dry-run", "--delete").json
    assert not any(tree["was_there"] for tree in plan["trees"]) and plan["current"] == store.old
    inside = store.gopack("sync", store.home, store.home / "below", "--dry-run")
    assert inside.status == 2
    sync()
    plan = store.gopack.must("--json", "sync", store.home, directory / "below", "--dry-run", "--delete").json
    assert plan["removed_trees"] == [] and not any(tree["was_there"] for tree in plan["trees"])


def test_what_cannot_be_is_refused(store, there, tmp_path):
    directory, _ = there
    for words, status, text in (
        ((store.home, store.home), 2, "in the store itself"),
        ((tmp_path / "none", directory), 1, "there is no store"),
        ((store.home, directory, "1.9"), 4, "1.9"),
        ((store.home, "/dev/none"), 2, "stands for devices"),
        ((store.home,), 2, "to"),
    ):
        result = store.gopack("sync", *words)
        assert result.status == status and text in result.stderr, result.stderr
        assert not directory.exists()
