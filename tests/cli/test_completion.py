"""Completion in real shells, at a terminal where they want one: no error at any Tab, and values are completed."""

import shutil
import subprocess

import pytest
from conftest import NEW, OLD
from terminal import Terminal

READY = "rea''dy"  # the line that is typed does not have what it prints


@pytest.fixture
def place(store, tmp_path):
    """A store with two trees, in a directory with a file of Go and a program `gopack` in PATH."""
    (tmp_path / "bin").mkdir()
    store.gopack.put(tmp_path / "bin/gopack")
    (store.gopack.work / "sub").mkdir()
    (store.gopack.work / "sub/go.mod").write_text("module x\n\ngo 1.22\n")
    store.path = f"{tmp_path / 'bin'}:/usr/bin:/bin"
    return store


def complete(place, *words):
    """What `gopack __complete` says, without descriptions."""
    line = [*words[:-1], "=" + words[-1]]
    return [text.split("\t")[0] for text in place.gopack.must("__complete", *line).stdout.splitlines()]


LINES = [
    (["fe"], ["fetch"]),
    (["profile", "sh"], ["show"]),
    (["trim", "--exp"], ["--explain"]),
    (["--json", "--home", "x", "pro"], ["prove", "provenance", "profile"]),
    (["trim", "--profile", "mini"], ["minimal", ":files"]),
    (["trim", "--targets", "host,windows/a"], ["host,windows/amd64", "host,windows/arm", "host,windows/arm64"]),
    (["fetch", "-p", "darwin"], ["darwin/amd64", "darwin/arm64"]),
    (["trim", "1.2"], [OLD, NEW, ":files"]),
    (["use", "1.22"], [NEW, ":files"]),
    (["fetch", "old"], ["oldstable", ":files"]),
    (["gc", "--trees-except", "1.21"], [OLD]),
    (["remove", OLD, "1.22"], [NEW, ":files"]),
    (["completion", "f"], ["fish"]),
    (["use", "1.22+"], ["1.22+minimal", ":files"]),
    (["use", "latest+mi"], ["latest+minimal", ":files"]),
    (["exec", "1.21+minimal/l"], ["1.21+minimal/linux-amd64", ":files"]),
    (["remove", "1.21/"], ["1.21/linux-amd64", ":files"]),
    (["use", "1.22+full/"], [":files"]),
    (["use", "/tmp/"], [":files"]),
    (["trim", "--profile", "minimal+co"], ["minimal+cover", ":files"]),
    (["trim", "--profile", "minimal+cover+co"], [":files"]),
    (["profile", "show", "build-only+ra"], ["build-only+race", ":files"]),
    (["help", "fe"], ["fetch"]),
    (["help", "profile", "sh"], ["show"]),
    (["vers"], ["version"]),
    (["--color", "n"], ["never"]),
    (["trim", "--link=a"], ["--link=auto"]),
    (["--home=x", "trim", "--profile=mini"], ["--profile=minimal", ":files"]),
    (["trim", "--targets=host,windows/arm6"], ["--targets=host,windows/arm64"]),
    (["trim", "--strip=x"], []),
    (["bundle", "--profile", "f"], []),
    (["bundle", "--profile", "m"], ["minimal"]),
    (["bundle", "--target", ""], [":directories"]),
    (["repair", ""], [":directories"]),
    (["exec", "--", "x"], [":files"]),
    (["use", "--", "1.22"], [NEW, ":files"]),
    (["use", "--", "--q"], [":files"]),
    (["no-such-command", "--x"], []),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), LINES, ids=[" ".join(words) for words, _ in LINES])
def test_what_may_follow(place, words, expected):
    assert complete(place, *words) == expected


def test_trees_are_completed_by_their_names(place):
    assert complete(place, "use", place.new[:6]) == [place.new, ":files"]
    assert complete(place, "--home", "/nowhere", "use", "v_") == [":files"]


def test_a_profile_of_ones_own_is_known_by_name_where_trees_are_chosen(place):
    """To lay a tree out takes its file."""
    (place.gopack.work / "mine.yaml").write_text("name: mine\nextends: minimal\nrules:\n  - keep: doc/**\n    category: x\n    reason: y\n")
    place.gopack.must("trim", NEW, "--profile", "mine.yaml")
    assert complete(place, "bundle", "--profile", "mi") == ["mine", "minimal"]
    assert complete(place, "image", "--profile", "mi") == ["mine", "minimal"]
    for command in ("trim", "make", "diff"):
        assert complete(place, command, "--profile", "mi") == ["minimal", ":files"]


@pytest.mark.parametrize("damage", ["settings", "store"])
def test_nothing_wrong_is_told_while_somebody_types(place, damage):
    if damage == "settings":
        (place.gopack.work / "gopack.yaml").write_text("nonsense: [")
    else:
        (place.home / f"{place.new}.json").write_text("{}")
    result = place.gopack.must("__complete", "use", "=1.2")
    assert result.stderr == "" and result.stdout in ("", f"{OLD}\tminimal\n:files\n")


def script_of(place, shell, tmp_path):
    script = tmp_path / f"_gopack.{shell}"
    script.write_text(place.gopack.must("completion", shell).stdout)
    return script


# What is typed before the Tab, and what the line must be then.
TYPED = [
    ("gopack fet", "gopack fetch"),
    ("gopack trim --profile mini", "gopack trim --profile minimal"),
    ("gopack fetch -p darwin/am", "gopack fetch -p darwin/amd64"),
    ("gopack use 1.22", f"gopack use {NEW}"),
    ("gopack fetch sub/go.m", "gopack fetch sub/go.mod"),
    ("gopack bundle --target su", "gopack bundle --target sub/"),
]  # fmt: skip


@pytest.fixture
def shell(place, tmp_path, request):
    """The shell at a terminal, with the completion script."""
    name = request.param
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    script = script_of(place, name, tmp_path)
    words, setup = {
        "bash": (["bash", "--norc", "--noprofile", "-i"], f"bind 'set bell-style none'; . '{script}'"),
        "zsh": (["zsh", "-f", "-i"], f"autoload -Uz compinit; compinit -u -D; unsetopt beep; . '{script}'"),
    }[name]
    environment = place.gopack.environment() | {"PATH": place.path, "TERM": "xterm", "PS1": "$ "}
    with Terminal(words, environment, place.gopack.work) as terminal:
        terminal.send(f"{setup}; echo {READY}\n")
        terminal.wait_for(r"[\r\n]ready")
        yield terminal


@pytest.mark.parametrize("shell", ["bash", "zsh"], indirect=True)
def test_at_a_terminal(shell):
    for typed, completed in TYPED:
        shell.send(typed + "\t")
        said = shell.wait_for(completed[len(typed) :])
        shell.send(f"\x15: ; echo {READY}\n")  # Ctrl-U
        said += shell.wait_for(r"[\r\n]ready")
        assert "rror" not in said and "not found" not in said and "bad" not in said, said


@pytest.mark.parametrize("shell", ["bash", "zsh"], indirect=True)
def test_several_choices_are_listed(shell):
    shell.send("gopack trim --profile \t\t")
    said = shell.wait_for("developer[^$]*minimal|minimal[^$]*developer")
    assert "rror" not in said


def test_an_installed_script_of_zsh_works_at_the_first_tab(place, tmp_path):
    """As a file _gopack in $fpath, which is the function itself."""
    if not shutil.which("zsh"):
        pytest.skip("zsh is not installed")
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions/_gopack").write_text(place.gopack.must("completion", "zsh").stdout)
    environment = place.gopack.environment() | {"PATH": place.path, "TERM": "xterm", "PS1": "$ "}
    with Terminal(["zsh", "-f", "-i"], environment, place.gopack.work) as zsh:
        zsh.send(f"fpath=('{tmp_path}/functions' $fpath); autoload -Uz compinit; compinit -u -D; echo {READY}\n")
        zsh.wait_for(r"[\r\n]ready")
        zsh.send("gopack use 1.22\t")
        said = zsh.wait_for(NEW[4:])
        assert "rror" not in said and "not found" not in said, said


def test_in_fish(place, tmp_path):
    """fish tells what it would offer."""
    if not shutil.which("fish"):
        pytest.skip("fish is not installed")
    script = script_of(place, "fish", tmp_path)
    for typed, completed in TYPED:
        line = f"source '{script}'; complete -C '{typed}'"
        done = subprocess.run(["fish", "--no-config", "-c", line], cwd=place.gopack.work, capture_output=True, text=True,
                              env=place.gopack.environment() | {"PATH": place.path}, check=True)  # fmt: skip
        offered = [text.split("\t")[0] for text in done.stdout.splitlines()]
        assert completed.split()[-1] in offered and done.stderr == "", (typed, done)


@pytest.mark.parametrize(("shell", "check"), [("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]), ("fish", ["fish", "-n"])])
def test_scripts_are_well_formed(place, tmp_path, shell, check):
    if shutil.which(check[0]):
        subprocess.run([*check, script_of(place, shell, tmp_path)], check=True)


def test_the_script_of_powershell_asks_the_program(place):
    assert "__complete" in place.gopack.must("completion", "powershell").stdout
