"""Man pages, as man itself reads them, and docs/commands.md, both from what the commands declare."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "docs/commands.md"


@pytest.fixture
def pages(gopack, tmp_path):
    gopack.must("man-pages", tmp_path / "man")
    return tmp_path / "man"


def test_each_command_of_the_help_has_a_page(gopack, pages):
    commands = re.findall(r"^  ([a-z]+) ", gopack.must("--help").stdout.split("Everyday:")[1], re.M)
    assert {f"gopack-{command}.1" for command in commands} | {"gopack.1"} == {page.name for page in pages.iterdir()}


def test_a_page_shows_the_options_and_the_exit_statuses(pages):
    text = (pages / "gopack-trim.1").read_text()
    assert text.startswith(".TH GOPACK\\-TRIM 1") and "\\fB\\-\\-profile\\fR \\fIVALUE\\fR" in text
    assert ".SH EXIT STATUS" in text and text.isascii()
    assert ".SH EXAMPLES" in text and "gopack trim 1.26 \\-\\-profile minimal+race" in text


def test_the_page_of_gopack_shows_groups(pages):
    text = (pages / "gopack.1").read_text()
    assert [text.count(f".SS {group}\n") for group in ("Everyday", "Proof", "Care", "Caches", "Settings")] == [1] * 5


def test_roff_has_nothing_to_complain_of(pages):
    if not shutil.which("groff"):
        pytest.skip("not installed: groff")
    done = subprocess.run(["groff", "-man", "-ww", "-Tascii", "-z", *pages.iterdir()], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_reference_of_the_commands_is_what_they_declare(gopack):
    """GOPACK_ACCEPT=1 writes what is declared."""
    declared = gopack.must("command-reference").stdout
    if "GOPACK_ACCEPT" in os.environ:
        REFERENCE.write_text(declared)
    assert REFERENCE.read_text() == declared
