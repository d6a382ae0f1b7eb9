"""The index of an archive: what is answered from it, and what happens where it is wrong."""

import random
import shutil
import subprocess

import pytest
from conftest import NEW, OLD
from files import listing, overwrite

ARCHIVE = f"go{NEW}.linux-amd64.tar.gz"


def index_of(gopack, archive=ARCHIVE):
    return gopack.downloads / f"{archive}.index"


def destroy(gopack):
    """Gives the archive other bytes, as many: it cannot be read any more."""
    archive = gopack.downloads / ARCHIVE
    overwrite(archive, b"\x1f\x8b" + bytes(archive.stat().st_size - 2))


def trimmed(gopack, *arguments):
    [tree] = gopack.must("--json", "trim", NEW, *arguments).json["trees"]
    return tree


@pytest.mark.parametrize(
    "command",
    [
        ("trim", NEW, "--profile", "minimal", "--dry-run"),
        ("trim", NEW, "--profile", "minimal", "--explain", "src/fmt/print.go"),
        ("diff", "minimal", "standard", "--release", NEW, "--files"),
    ],
)
def test_questions_are_answered_without_the_archive(fetched, command):
    first = fetched.must(*command)
    index = index_of(fetched).read_bytes()
    destroy(fetched)
    again = fetched.must(*command)
    assert (again.stdout, again.stderr) == (first.stdout, first.stderr)
    assert index_of(fetched).read_bytes() == index


def test_a_report_is_made_without_the_archive(store, tmp_path):
    store.gopack.must("report", store.new, "-o", tmp_path / "before.html")
    destroy(store.gopack)
    store.gopack.must("report", store.new, "-o", tmp_path / "after.html")
    assert (tmp_path / "after.html").read_bytes() == (tmp_path / "before.html").read_bytes()


def test_a_tree_that_is_there_is_not_made_again(store):
    before = listing(store.home)
    destroy(store.gopack)
    overwritten = listing(store.home)
    tree = trimmed(store.gopack)
    assert tree["id"] == store.new
    assert listing(store.home) == overwritten != before


def test_a_damaged_archive_is_found_where_its_content_is_needed(store):
    destroy(store.gopack)
    before = listing(store.home)
    result = store.gopack("--json", "trim", NEW, "--profile", "standard")
    assert (result.status, result.error["kind"]) == (3, "integrity")
    assert "its SHA-256 is" in result.error["message"] and "repair" in result.error["hint"]
    assert not index_of(store.gopack).exists()
    assert listing(store.home) == before


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "flipped", "of another archive", "of another version", "directory"])
def test_a_wrong_index_is_made_anew(fetched, damage):
    expected = trimmed(fetched, "--profile", "minimal")
    fetched.must("trim", OLD, "--profile", "minimal", "--dry-run")
    index = index_of(fetched)
    right = index.read_bytes()
    wrong = {
        "empty": b"",
        "cut": right[:-1],
        "flipped": right[:200] + bytes([right[200] ^ 1]) + right[201:],
        "of another archive": index_of(fetched, f"go{OLD}.linux-amd64.tar.gz").read_bytes(),
        "of another version": b"gopack-index 9.1\n" + right[17:],
    }
    index.unlink()
    if damage in wrong:
        index.write_bytes(wrong[damage])
    elif damage == "directory":
        (index / "below").mkdir(parents=True)
    result = fetched.must("--json", "trim", NEW, "--profile", "standard")
    assert result.stderr == ""
    assert damage == "directory" or index.read_bytes() == right
    fetched.must("remove", "--all", "--force", NEW)
    assert trimmed(fetched, "--profile", "minimal")["id"] == expected["id"]


def test_two_make_the_same_index(fetched, gopack_in, tmp_path):
    (tmp_path / "other").mkdir()
    other = gopack_in(tmp_path / "other")
    shutil.copytree(fetched.home, other.home, symlinks=True)
    fetched.must("trim", NEW, "--profile", "minimal")
    other.must("diff", "full", "minimal", "--release", NEW)
    assert index_of(fetched).read_bytes() == index_of(other).read_bytes()


def test_other_limits_ask_for_another_pass(fetched):
    trimmed(fetched, "--profile", "minimal")
    refused = fetched("trim", NEW, "--dry-run", env={"GOPACK_LIMITS_ENTRIES": "2"})
    assert refused.status == 6 and "more than 2 entries" in refused.stderr


def swap_two_paths(index):
    """Forges an index of the right archive (docs/formats.md): two files have each other's path."""
    text = index.read_bytes()
    start = text.index(b"\n") + 1 + 32
    fields = []
    while len(fields) < 6:  # five limits, and the length of the first block
        value, shift = 0, 0
        while True:
            byte = text[start]
            start, value, shift = start + 1, value | (byte & 127) << shift, shift + 7
            if byte < 128:
                break
        fields.append((value, start))
    size, begin = fields[-1]
    files = subprocess.run(["zstd", "-dc"], input=text[begin : begin + size], capture_output=True, check=True).stdout
    one, other = b"src/fmt/print.go\n", b"src/net/http/server.go\n"
    assert files.count(one) == files.count(other) == 1
    files = files.replace(one, b"<one>").replace(other, one).replace(b"<one>", other)
    packed = subprocess.run(["zstd", "-c", "--check", f"--stream-size={len(files)}"], input=files, capture_output=True, check=True).stdout
    length, rest = b"", len(packed)
    while rest >= 128:
        length, rest = length + bytes([rest & 127 | 128]), rest >> 7
    index.write_bytes(text[: fields[-2][1]] + length + bytes([rest]) + packed + text[begin + size :])


def test_an_archive_that_a_lock_file_names_is_read_again(fetched, mirror):
    """A forged index gives a wrong tree to whoever does not ask for a proof; the proof drops it."""
    fetch = ("fetch", NEW, "-p", "linux/amd64", "--source", mirror, "--lock", "gopack.lock")
    fetched.must(*fetch)
    right = trimmed(fetched, "--profile", "minimal")["id"]
    swap_two_paths(index_of(fetched))
    forged = trimmed(fetched, "--profile", "minimal")["id"]
    assert forged != right
    fetched.must(*fetch)
    assert trimmed(fetched, "--profile", "minimal")["id"] == right


def rules(random_):
    """A profile that nobody would write."""
    places = ["src/cmd/", "test/", "api/", "doc/", "**/testdata/", "*.html", "pkg/tool/linux_amd64/vet", "lib/", "misc/"]
    lines = "".join(f"  - {random_.choice(['drop', 'keep'])}: \"{place}\"\n    category: x\n    reason: y\n"
                    for place in random_.sample(places, random_.randint(1, 5)))  # fmt: skip
    return f"name: mine\nextends: {random_.choice(['full', 'standard'])}\nrules:\n{lines}"


def test_trees_by_index_are_those_without(fetched, tmp_path):
    random_ = random.Random(16)
    made = 0
    for name in range(12):
        profile = tmp_path / f"mine{name}.yaml"
        profile.write_text(rules(random_))
        index_of(fetched).unlink(missing_ok=True)
        first = fetched("--json", "trim", NEW, "--profile", profile)
        if first.status:
            assert first.error["kind"] == "usage"
            continue
        [by_pass] = first.json["trees"]
        made += 1
        before = listing(fetched.home / by_pass["id"])
        assert index_of(fetched).exists()
        fetched.must("remove", "--force", by_pass["id"])
        by_index = trimmed(fetched, "--profile", profile)
        assert {**by_index, "was_there": False} == {**by_pass, "was_there": False}
        assert listing(fetched.home / by_index["id"]) == before
        fetched.must("remove", "--force", by_index["id"])
    assert made >= 4


def test_gc_keeps_the_index_with_its_archive(store):
    fetched = store.gopack
    assert index_of(fetched).exists()
    fetched.must("gc")
    assert index_of(fetched).exists()
    (fetched.downloads / "go1.18.1.linux-amd64.tar.gz.index").write_text("of an archive that is gone")
    fetched.must("gc")
    assert not (fetched.downloads / "go1.18.1.linux-amd64.tar.gz.index").exists()
    fetched.must("use", store.old)
    fetched.must("remove", store.new)
    fetched.must("gc", "--downloads")
    assert not [path.name for path in fetched.downloads.iterdir() if NEW in path.name]
