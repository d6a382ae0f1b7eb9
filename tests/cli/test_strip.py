"""Programs without their symbol tables: the same to run, and for verify and repair."""

import re
import subprocess
from pathlib import Path

import pytest
from conftest import NEW
from files import overwrite

PROGRAM = Path("/bin/true")
TOOL = "pkg/tool/linux_amd64/link"


@pytest.fixture
def fetched(gopack, releases, tmp_path, monkeypatch):
    """A small release with a real program in it."""
    files = releases._platform_files
    program = {TOOL: PROGRAM.read_bytes()}
    monkeypatch.setattr(releases, "_platform_files", lambda version, platform: files(version, platform) | program)
    releases.write_mirror(tmp_path / "mirror", [NEW], ["linux-amd64"])
    gopack.must("fetch", NEW, "-p", "linux/amd64", "--source", tmp_path / "mirror")
    return gopack


def trim(gopack, *options):
    [tree] = gopack.must("--json", "trim", NEW, "--profile", "minimal", *options).json["trees"]
    return tree


def test_a_stripped_program_is_smaller_and_runs(fetched):
    plain, stripped = trim(fetched), trim(fetched, "--strip")
    program = Path(stripped["path"]) / TOOL
    saved = PROGRAM.stat().st_size - program.stat().st_size
    assert saved > 0 and subprocess.run([program], check=False).returncode == 0
    assert plain["bytes"] - stripped["bytes"] == saved
    assert [row["bytes"] for row in stripped["dropped"] if row["category"] == "symbols"] == [saved]
    script = "bin/go"  # no ELF file
    assert (Path(stripped["path"]) / script).read_bytes() == (Path(plain["path"]) / script).read_bytes()


def test_a_stripped_tree_can_be_told_from_the_other(fetched):
    plain, stripped = trim(fetched), trim(fetched, "--strip")
    assert (plain["stripped"], stripped["stripped"]) == (False, True)
    lines = {re.search("v_[0-9a-f]+", line)[0]: line for line in fetched.must("list").stdout.splitlines() if "v_" in line}
    assert "minimal, stripped" in lines[stripped["id"]] and "stripped" not in lines[plain["id"]]
    refused = fetched("--json", "use", NEW)
    assert refused.status == 2 and f"{stripped['id']} (minimal, stripped for linux/amd64)" in refused.error["message"]
    assert f"go{NEW} minimal, stripped ({stripped['id']}) is current" in fetched.must("use", stripped["id"]).stdout


def test_a_dry_run_tells_the_same(fetched):
    dry, stripped = trim(fetched, "--strip", "--dry-run"), trim(fetched, "--strip")
    assert (dry["bytes"], dry["dropped"]) == (stripped["bytes"], stripped["dropped"])


def test_a_stripped_tree_is_verified_and_repaired(fetched):
    tree = trim(fetched, "--strip")
    program = Path(tree["path"]) / TOOL
    before = program.read_bytes()
    fetched.must("verify")
    overwrite(program, b"x" * len(before))
    assert fetched("verify").status == 3
    fetched.must("repair")
    assert program.read_bytes() == before
    fetched.must("verify")
