"""Help: commands in groups, and examples that work."""

import re
import subprocess

import pytest

OLD, NEW = "1.25.3", "1.26.2"
GROUPS = {
    "Everyday": ["make", "fetch", "list", "trim", "bundle", "image", "flash", "use", "rollback", "env", "exec", "devcontainer"],
    "Distribution": ["pack", "publish", "pull", "sync", "key"],
    "Proof": ["verify", "prove", "report", "sbom", "provenance", "diff"],
    "Care": ["repair", "gc", "remove", "doctor"],
    "Caches": ["cache", "cacheprog"],
    "Settings": ["profile", "allow", "completion"],
}
COMMANDS = [command for group in GROUPS.values() for command in group]
BELOW = ["key new", "cache push", "cache pull", "profile list", "profile show", "profile check", "profile suggest"]
# Stands for gopack in PATH, and writes down how it ended.
RECORDER = '#!/bin/sh\n"{program}" "$@"\nstatus=$?\necho "$status" "$@" >>"{log}"\nexit $status\n'
GO = '#!/bin/sh\n[ -z "$GOCACHEPROG" ] || exec $GOCACHEPROG\n'


def section(text, name):
    """The lines below a heading of the help."""
    return re.search(rf"^{name}:\n((?:  .*\n)*)", text, re.M)[1].splitlines()


def examples(gopack, command):
    return [line.strip() for line in section(gopack.must("help", *command.split()).stdout, "Examples")]


def test_commands_stand_in_groups(gopack):
    text = gopack.must("--help").stdout
    shown = {group: [line.split()[0] for line in section(text, group) if line[2] != " "] for group in GROUPS}
    assert shown == GROUPS


@pytest.mark.parametrize("command", COMMANDS + BELOW)
def test_help_ends_with_examples_and_exit_statuses(gopack, command):
    text = gopack.must("help", *command.split()).stdout
    shown = examples(gopack, command)
    assert len(shown) >= 2 and all(re.search(rf"gopack {command.split()[0]}\b", line) for line in shown)
    statuses = [line.split()[0] for line in section(text, "Exit status")]
    assert statuses[:3] == ["0", "1", "2"] and statuses[-1] == "130"
    assert text.rstrip().endswith(section(text, "Exit status")[-1])


@pytest.fixture
def desk(gopack, releases, tmp_path):
    """Everything that the examples name."""
    place = tmp_path / "places"
    releases.write_mirror(tmp_path / "mirror", [OLD, NEW], ["linux-amd64", "windows-amd64"])
    gopack.must("fetch", "1.25", "1.26", "-p", "linux/amd64", "--source", tmp_path / "mirror")
    gopack.must("trim")
    gopack.must("use", "1.25")
    (place / "media/you").mkdir(parents=True)
    (place / "mnt/team/cache").mkdir(parents=True)
    gopack.must("bundle", "--target", place / "media/you/STICK")
    gopack.must("image", "--size", "min", "--out", gopack.work / "class.img")
    (gopack.work / "app").mkdir()
    (gopack.work / "app/go.mod").write_text("module example.com/app\n")
    (gopack.work / "web.yaml").write_text("name: web\nextends: minimal\n")
    gopack.put(place / "program")
    for name, text in (("gopack", RECORDER.format(program=place / "program", log=place / "log")), ("go", GO)):
        (place / name).write_text(text)
        (place / name).chmod(0o755)
    return place


@pytest.mark.parametrize("command", COMMANDS + BELOW)
def test_examples_are_right_usage(gopack, desk, command):
    """Small releases have no Go that builds, so that some end with a failure, but none with wrong usage."""
    if command == "allow":
        (gopack.work / "gopack.yaml").write_text("hooks: {post_switch: echo switched}\n")
    environment = gopack.environment(GOPACK_SOURCE=str(desk.parent / "mirror")) | {"PATH": f"{desk}:/usr/bin:/bin"}
    for line in examples(gopack, command):
        line = line.replace("/media/", f"{desk}/media/").replace("/mnt/", f"{desk}/mnt/")
        done = subprocess.run(["sh", "-c", line], env=environment, cwd=gopack.work, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)  # fmt: skip
        runs = (desk / "log").read_text().splitlines()
        assert runs and not [run for run in runs if run.startswith("2 ")], done.stderr
