"""Comparing trees, releases and profiles."""

import pytest
from conftest import NEW, OLD


def by_kind(document):
    kinds = {"removed": set(), "added": set(), "changed": set()}
    for file in document["files"]:
        kinds[file["kind"]].add(file["path"])
    return kinds


def test_releases_differ_as_their_files_do(fetched, releases):
    before, after = releases.tree(OLD, "linux-amd64"), releases.tree(NEW, "linux-amd64")
    document = fetched.must("--json", "diff", OLD, NEW).json
    changed = {path for path in before.keys() & after.keys() if before[path] != after[path]}
    assert by_kind(document) == {"removed": before.keys() - after.keys(), "added": after.keys() - before.keys(),
                                 "changed": changed}  # fmt: skip
    assert (document["before"]["files"], document["after"]["files"]) == (len(before), len(after))
    assert sum(row["changed"]["files"] for row in document["categories"]) == len(changed)
    assert sum(row["changed"]["bytes_after"] for row in document["categories"]) == sum(len(after[path]) for path in changed)


def test_profiles_differ_in_what_they_keep(fetched):
    document = fetched.must("--json", "diff", "minimal", "build-only", "--release", NEW).json
    kinds = by_kind(document)
    assert kinds["removed"] == {"bin/gofmt", "pkg/tool/linux_amd64/vet", "pkg/tool/linux_amd64/cgo"}
    assert not kinds["added"] | kinds["changed"]
    assert {row["category"] for row in document["categories"]} == {"fmt", "vet", "cgo"}
    said = fetched.must("diff", "minimal", "build-only", "--release", NEW, "--files").stdout
    assert "removed  bin/gofmt\n" in said and f"go{NEW} minimal: " in said


@pytest.mark.parametrize("columns", [50, 80])
def test_a_category_stands_in_one_line(fetched, columns):
    """One for what was removed of it, one for what was added, one for what was changed."""
    said = fetched.must("diff", OLD, NEW, env={"COLUMNS": str(columns)}).stdout.splitlines()
    document = fetched.must("--json", "diff", OLD, NEW).json
    rows = [row for row in document["categories"] for how in ("removed", "added", "changed") if row[how]["files"]]
    assert len(said) == len(rows) + 3, "a head, and both sides below"
    assert max(map(len, said)) <= columns
    assert said[0].split() == ["category", "files", "before", "after"]


def test_a_tree_is_compared_with_its_release(store):
    document = store.gopack.must("--json", "diff", store.new, NEW, "--profile", "minimal").json
    assert document["files"] == document["categories"] == []
    assert document["before"]["bytes"] == document["after"]["bytes"]
    assert "doc/go_spec.html" in by_kind(store.gopack.must("--json", "diff", store.new, NEW).json)["added"]


def test_a_side_is_one_release(fetched):
    refused = fetched("--json", "diff", f"{OLD}..{NEW}", NEW)
    assert (refused.status, refused.error["kind"]) == (2, "usage") and "2 releases" in refused.error["message"]
