"""What is damaged in a bundle: found, named with the command that repairs it, and repaired."""

import re
import subprocess

import pytest
from conftest import NEW, OLD, assert_sums_hold, bundle, copy, problems
from files import listing, overwrite, unlink


def test_the_command_that_repairs_what_was_verified_is_named(store, stick):
    overwrite(stick / "go.sh")
    for line in (["verify", stick], ["--home", stick, "verify"], ["verify", f"{stick}/"]):
        said = store.gopack(*line).stderr
        command = re.search(r"`gopack (repair [^`]*)`", said)[1]
        assert command == f"repair {stick}", said
    store.gopack.must(*command.split())
    assert problems(store, stick) == []
    overwrite(stick / store.new / "VERSION")
    odd = stick.with_name("it's odd")
    stick.rename(odd)
    said = store.gopack("verify", odd / store.new).stderr
    assert "`gopack repair '" in said and "it'\\''s odd" in said
    overwrite(store.home / store.new / "VERSION")
    assert "`gopack repair` restores" in store.gopack("verify").stderr
    archive = store.gopack.work / f"go{NEW}.linux-amd64.tar.gz"
    archive.write_bytes(b"damaged")
    assert "gopack fetch" in store.gopack("verify", archive).stderr


def test_hints_name_the_store_that_is_meant(store, stick, tmp_path):
    """Of any other one than the usual."""
    overwrite(stick / store.new / "VERSION")
    mine = f"gopack --home {stick}"
    for line, command in ((["use", NEW], "repair"), (["use", "v_000000"], "list"), (["rollback"], "use"), (["trim"], "fetch latest")):
        refused = store.gopack("--json", "--home", stick, *line)
        assert f"`{mine} {command}`" in refused.error["hint"], line
        refused = store.gopack("--json", *line, env={"GOPACK_HOME": str(stick)})
        assert f"`gopack {command}`" in refused.error["hint"], line
    (stick / f"{store.new}.json").write_text("{}")
    refused = store.gopack("--json", "repair", stick)
    assert f"`{mine} trim`" in refused.error["hint"] and f"`gopack bundle --target {stick}`" in refused.error["hint"]
    assert f"`{mine} remove v_" in refused.error["hint"]
    nothing = store.gopack("--json", "verify", "--home", tmp_path / "it's nothing")
    assert f"`gopack --home '{tmp_path}/it'\\''s nothing' fetch latest`" in nothing.error["hint"]


def test_what_lies_beside_the_trees_is_verified_and_repaired(store, stick):
    before = listing(stick)
    overwrite(stick / "go.sh")
    overwrite(stick / "config.yaml")  # the user's own
    (stick / "use.bat").unlink()
    (stick / "README.txt").unlink()
    (stick / "README.txt").symlink_to("go.sh")
    assert problems(store, stick) == [
        ("SHA256SUMS", name, kind) for name, kind in (("README.txt", "changed"), ("go.sh", "changed"), ("use.bat", "missing"))
    ]
    assert store.gopack.must("--json", "--home", stick, "repair").json["repaired"] == [
        {"name": "SHA256SUMS", "id": None, "restored": 3, "removed": 0}
    ]
    assert problems(store, stick) == [] and listing(stick).keys() == before.keys()
    assert_sums_hold(stick)


def test_checksums_that_do_not_list_a_launcher_are_damaged(store, stick):
    sums = stick / "SHA256SUMS"
    whole = sums.read_text()
    overwrite(stick / "go.sh", (stick / "go.sh").read_bytes() + b"true\n")
    sums.write_text("".join(line for line in whole.splitlines(True) if not line.endswith("  go.sh\n")))
    assert problems(store, stick) == [("SHA256SUMS", "SHA256SUMS", "changed")]
    sums.write_text("")
    assert ("SHA256SUMS", "SHA256SUMS", "changed") in problems(store, stick)
    refused = store.gopack("--json", "--home", stick, "repair")
    assert refused.status == 3 and "gopack bundle --target" in refused.error["hint"]
    store.gopack.must("bundle", "--target", stick)
    assert problems(store, stick) == [] and sums.read_text() == whole


def test_checksums_that_do_not_list_the_current_tree_are_damaged(store, stick):
    """Launchers that copy a tree before they start it could not prove it."""
    sums = stick / "SHA256SUMS"
    whole = sums.read_text()
    current = store.gopack.current(stick)
    sums.write_text("".join(line for line in whole.splitlines(True) if not line.endswith(f"  {current}.json\n")))
    assert problems(store, stick) == [("SHA256SUMS", "SHA256SUMS", "changed")]
    store.gopack.must("bundle", "--target", stick)
    assert problems(store, stick) == [] and sums.read_text() == whole


def test_what_a_repair_fetches_does_not_stay_in_a_bundle(store, stick, mirror):
    before = listing(stick)
    unlink(stick / store.new / "VERSION")
    store.gopack.must("--home", stick, "repair", "--source", mirror)
    assert listing(stick) == before and not (stick / "downloads").exists()


@pytest.mark.parametrize("lost", ["files", "tree", "archive"])
def test_a_bundle_is_repaired_by_the_archives_of_this_machine(store, stick, lost):
    """No source is asked: the only one that is named has nothing."""
    if lost == "archive":  # a second store, in which archives were kept
        copy(store.gopack.downloads, stick)
    before = listing(stick)
    if lost == "files":
        unlink(stick / store.new / "VERSION")
        overwrite(stick / store.new / "bin/go")
    elif lost == "tree":
        # The files are those of the store as well.
        subprocess.run(["find", stick / store.new, "-type", "d", "-exec", "chmod", "u+w", "{}", "+"], check=True)
        subprocess.run(["rm", "-rf", stick / store.new], check=True)
    else:
        overwrite(stick / "downloads" / f"go{NEW}.linux-amd64.tar.gz")
    ours = listing(store.home)
    store.gopack.must("repair", stick, "--source", store.gopack.work)
    assert listing(stick) == before and listing(store.home) == ours
    assert problems(store, stick) == []


def test_a_damaged_archive_of_this_machine_repairs_nothing(store, stick, mirror):
    before = listing(stick)
    unlink(stick / store.new / "VERSION")
    archive = store.gopack.downloads / f"go{NEW}.linux-amd64.tar.gz"
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")
    refused = store.gopack("--json", "repair", stick, "--source", store.gopack.work)
    assert refused.status == 4 and archive.name in refused.error["message"]
    store.gopack.must("repair", stick, "--source", mirror)
    assert listing(stick) == before


def test_what_only_bundle_can_put_right_is_said(store, stick):
    manifest = stick / (store.new + ".json")
    before = manifest.read_text()
    manifest.write_text(manifest.read_text().replace('"profile": "minimal"', '"profile": "maximal"'))
    assert problems(store, stick) == [("SHA256SUMS", manifest.name, "changed")]
    result = store.gopack("--json", "--home", stick, "repair")
    assert result.status == 3 and manifest.name in result.error["message"]
    assert f"gopack bundle --target {stick}" in result.error["hint"]
    assert bundle(store, stick)["copied"] == 1
    assert problems(store, stick) == [] and manifest.read_text() == before


@pytest.mark.parametrize("command", [["remove", NEW], ["gc", "--trees-except", OLD]])
def test_checksums_of_trees_that_go_go_as_well(store, stick, command):
    store.gopack.must("--home", stick, *command)
    assert not (stick / store.new).exists() and store.new not in (stick / "SHA256SUMS").read_text()
    assert_sums_hold(stick)
    assert problems(store, stick) == []
    assert bundle(store, stick)["copied"] > 10
    assert_sums_hold(stick)
