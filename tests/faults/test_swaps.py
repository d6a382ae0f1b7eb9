"""What is replaced under the program's hands, between two of its steps: strace stops it there."""

import subprocess

import pytest
from place import NEW, OLD, OLDEST, PLATFORM, Place, current
from scenarios import fetch
from strace import stopping, stops


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path / "here", tmp_path / "mirror")
    place.root.mkdir()
    return place


def end_of(process):
    said = process.communicate()
    assert process.returncode == 0, said


@pytest.mark.parametrize("platform", ["linux-amd64", "windows-amd64"], ids=["tar.gz", "zip"])
def test_an_archive_that_is_swapped_while_it_is_read(place, tmp_path, releases, platform):
    """For that of another release: the tree is made of the bytes that were hashed."""
    releases.write_mirror(place.mirror, [NEW], [platform])
    place.must("fetch", NEW, "-p", platform, "--source", place.mirror)
    right = place.copy(tmp_path / "right")
    right.must("trim", NEW)
    name = releases.archive_name(NEW, platform)

    def swap_at(number):
        """Gives the thread of each of the archive's reads."""
        here = place.copy(tmp_path / f"swapped{number}")
        archive, trace = here.store / "downloads" / name, here.root / "trace"
        process = here.start("trim", NEW, before=stopping("pread64,read", archive, trace))
        threads = []
        for thread in stops(process, trace):
            if len(threads) == number:
                releases.write_archive(here.root, OLD, platform).path.rename(archive)
            threads.append(thread)
        end_of(process)
        assert here.trees(here.store) == right.trees(right.store)
        assert here.problems(here.store) <= {(name, name)}
        return threads

    threads = swap_at(0)
    unpacking = next(at for at, thread in enumerate(threads) if thread != threads[0])
    assert 1 < unpacking < len(threads), "one thread hashes it, others unpack it"
    swap_at(unpacking - 1)
    swap_at(unpacking)


def test_trees_that_come_to_use_while_gc_removes_others(place, releases):
    """`gc` is stopped when it has begun to remove the first tree: then a bundle is switched to the second, which takes
    no lock, and a program starts in the third."""
    versions = ["1.19.2", OLDEST, OLD, NEW]
    releases.write_mirror(place.mirror, versions, [PLATFORM.replace("/", "-")])
    fetch(place, *versions)
    place.must("trim", "--profile", "minimal")
    place.must("bundle", *versions, "--target", place.target)
    bundle = ["--home", place.target]
    gc_line = ["gc", "--trees-except", current(place.target)]
    all_trees = set(place.trees(place.target).values())
    first, second, third = [tree["path"] for tree in place.json(*bundle, *gc_line, "--dry-run")["removed"]]
    trace = place.root / "trace"
    gc = place.start("--json", *bundle, *gc_line, before=stopping("unlinkat", place.target, trace))
    running = None
    for _ in stops(gc, trace):
        if running:
            continue
        assert not (place.target / f"{first}.json").exists() and (place.target / second).exists()
        subprocess.run(["sh", place.target / "use.sh", second], check=True, capture_output=True)
        running = place.start(*bundle, "exec", third, "--", "sh", "-c", "echo ready; cat; cat $GOROOT/VERSION")
        assert running.stdout.readline() == "ready\n"
    end_of(gc)
    assert current(place.target) == second
    assert set(place.trees(place.target).values()) == all_trees - {first}
    assert place.problems(place.target) == set()
    end_of(running)
    assert third in place.must("--json", *bundle, *gc_line, "--dry-run")
