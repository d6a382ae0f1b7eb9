"""What go.mod and go.work ask for: gopack fetches what the go command of this machine would."""

import os
import re
import subprocess

import pytest

# Newer than any Go that this machine has, so that its go command names what it would download.
RELEASES = ["1.96.3", "1.97rc1", "1.97rc2", "1.97.0", "1.97.1", "1.97.2"]
ASKED = {  # and what gopack takes where it takes the newest patch
    "go 1.97.1\ntoolchain go1.96.3\n": None, "toolchain go1.97.2\ngo 1.97.1\n": None, "go 1.97.1\ntoolchain go1.97.1\n": None,
    "go 1.97\ntoolchain go1.97rc1\n": None, "go 1.97.0\ntoolchain go1.97rc2\n": None, "go 1.97rc2\ntoolchain go1.97rc1\n": None,
    "go\t1.97.0//least\r\n \ttoolchain  go1.97.1 // ours\r\n": None, "go1.96\ngopher 1.99\ngo 1.97.1\ngo 1.97.2\n": None,
    "go 1.97\n": "1.97.2", "go 1.97\ntoolchain go1.96.3\n": "1.97.2",
}  # fmt: skip
REFUSED = ["go 1.97.1\ntoolchain 1.97.2\n", "go 1.97.1\ntoolchain local\n", "toolchain ours-go1.97.2\ngo 1.97.1\n",
           "go 1.97.1\ntoolchain go1.97.2+auto\n"]  # fmt: skip


def ask_go(directory):
    environment = os.environ | {"GOTOOLCHAIN": "auto", "GOPROXY": "off", "GOFLAGS": "", "GOENV": "off"}
    return subprocess.run(["go", "version"], cwd=directory, env=environment, capture_output=True, text=True).stderr


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(("module m\n\n" if name == "go.mod" else "") + text, newline="")
        return tmp_path / name

    return write


@pytest.mark.parametrize("name", ["go.mod", "go.work"])
def test_the_newer_of_the_two_lines_is_chosen(name, write, gopack, releases, tmp_path):
    releases.write_mirror(tmp_path / "mirror", RELEASES, ["linux-amd64"])
    for text, newest_patch in ASKED.items():
        file = write(name, text)
        would = re.search(r"go: download(?:ing)? go(\S+)", ask_go(tmp_path))[1]
        [release] = gopack.must("--json", "list", "--remote", file, "--source", tmp_path / "mirror").json["releases"]
        assert release["release"] == "go" + (newest_patch or would), text


def test_what_is_not_a_toolchain_is_refused(write, gopack, tmp_path):
    for text in REFUSED:
        file = write("go.mod", text)
        assert "invalid toolchain" in ask_go(tmp_path), text
        refused = gopack("--json", "list", "--remote", file, "--source", tmp_path)
        assert refused.status == 2 and "is not a toolchain of Go" in refused.error["message"], text
