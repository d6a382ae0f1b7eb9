"""Data on stdout, all else on stderr; a bar on terminals only."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios

import pytest
from conftest import NEW, OLD, current_tree, damage_mode
from behaviours import stall
from terminal import Terminal

ESCAPE = b"\x1b"


def fetch(mirror):
    return ["fetch", NEW, "-p", "linux/amd64", "--source", mirror]


def test_quiet_is_quiet(gopack, mirror):
    bundle = ["bundle", "--target", gopack.work / "stick"]
    for line in (fetch(mirror), ["trim"], bundle, ["use", NEW], ["verify"], ["gc"]):
        assert gopack.must("-q", *line).stderr == "", line
    assert gopack("-q", "use", "1.99").stderr.startswith("gopack: "), "errors are told all the same"


def test_quiet_prints_what_is_asked_for_alone(gopack, mirror):
    """What was done is not told; what a command is asked for is."""
    stick = gopack.work / "stick"
    done = [fetch(mirror), ["trim", "--profile", "minimal"], ["bundle", "--target", stick], ["use", NEW], ["verify"],
            ["repair"], ["gc"], ["remove", NEW, "--force"]]  # fmt: skip
    for line in done:
        result = gopack.must("-q", *line)
        assert (result.stdout, result.stderr) == ("", ""), line
    gopack.must("trim", "--profile", "minimal")
    asked = [["list"], ["trim", "--dry-run"], ["gc", "--dry-run"], ["profile", "list"], ["diff", "minimal", "full"]]
    for line in asked if gopack.is_windows else [*asked, ["env"]]:  # the tree is for Linux
        assert gopack.must("-q", *line).stdout, line
    assert json.loads(gopack.must("-q", "--json", "use", NEW).stdout)["changed"] is False
    damage_mode(gopack, current_tree(gopack) / "VERSION")
    assert "VERSION" in gopack("-q", "verify").stdout


def test_plain_lines_where_there_is_no_terminal(gopack, mirror):
    result = gopack.must(*fetch(mirror))
    assert "\r" not in result.stderr and "\x1b" not in result.stderr
    assert f"go{NEW}.linux-amd64.tar.gz" in result.stderr
    assert "\x1b" not in gopack.must("trim").stdout


@pytest.mark.parametrize("closed", ["2>/dev/full", "2>&-", "<&- 2>&-"])
def test_what_cannot_be_told_stops_nothing(gopack, mirror, closed):
    def run(*line):
        words = ["sh", "-c", f'exec "$@" {closed}', "sh", *map(str, gopack.command(line))]
        return subprocess.run(words, env=gopack.environment(), cwd=gopack.work, stdout=subprocess.PIPE, text=True, check=False)

    for line in (fetch(mirror), ["-v", "trim"], ["bundle", "--target", gopack.work / "stick"]):
        assert run(*line).returncode == 0
    assert (gopack.home / ".gopack/lock").read_bytes() == b""
    damage_mode(gopack, current_tree(gopack) / "VERSION")
    damaged = run("--json", "verify")
    assert damaged.returncode == 3
    assert [problem["path"] for problem in json.loads(damaged.stdout)["problems"]] == ["VERSION"]


def test_what_others_wrote_is_printed_without_effect(store):
    manifest = store.home / f"{store.new}.json"
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text().replace('"minimal"', '"mini\\u001b]0;mine\\u0007\\u202e"', 1))
    assert "mini\\x1b]0;mine\\x07" in store.gopack.must("list").stdout
    for line in (["list"], ["use", NEW], ["verify"], ["-v", "gc"]):
        result = store.gopack(*line)
        assert not [c for c in "\x1b\x07\u202e" if c in result.stdout + result.stderr], line


def test_names_that_are_no_text_are_told(store):
    (store.home / store.new).chmod(0o755)
    with open(os.fsencode(store.home / store.new) + b"/evil\xff", "wb"):
        pass
    result = store.gopack("--json", "verify")
    assert result.status == 3
    assert [problem["kind"] for problem in result.json["problems"]] == ["foreign"]


def test_a_file_that_may_not_grow_is_no_room(gopack, mirror):
    limited = ["sh", "-c", 'ulimit -f 1; exec "$@"', "sh", *map(str, gopack.command(fetch(mirror)))]
    done = subprocess.run(limited, env=gopack.environment(), cwd=gopack.work, capture_output=True, text=True, check=False)
    assert done.returncode == 7 and "File too large" in done.stderr, done.stderr


def test_a_working_directory_that_is_gone(gopack, mirror):
    gone = gopack.work / "gone"
    gone.mkdir()
    words = ["sh", "-c", 'rmdir ../gone; exec "$@"', "sh", *map(str, gopack.command(["list"]))]
    done = subprocess.run(words, env=gopack.environment(), cwd=gone, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("gopack: cannot tell the working directory: No such file or directory")


def read_all(descriptor):
    """Everything that comes out of a pty until its other end is closed."""
    output = b""
    try:
        while block := os.read(descriptor, 4096):
            output += block
    except OSError:
        pass
    return output


def run_at_terminal(gopack, *arguments, columns=0, **more):
    """The program with stderr at a terminal and stdout in a pipe; returns what came out of both."""
    master, slave = pty.openpty()
    if columns:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    running = subprocess.Popen(gopack.command(arguments), env=gopack.environment(**more), cwd=gopack.work,
                               stdin=slave, stdout=subprocess.PIPE, stderr=slave)  # fmt: skip
    os.close(slave)
    terminal = read_all(master)
    os.close(master)
    stdout = running.stdout.read()
    running.stdout.close()
    assert running.wait() == 0, terminal
    return stdout, terminal


def test_a_bar_at_a_terminal(gopack, mirror):
    stdout, terminal = run_at_terminal(gopack, *fetch(mirror))
    assert ESCAPE in terminal and f"go{NEW}".encode() in terminal
    assert ESCAPE not in stdout and b"\r" not in stdout and stdout.startswith(f"go{NEW}".encode())
    assert terminal.endswith((b"\n", b"\x1b[2K")), "the bar is erased at the end"


def drawn_lines(terminal):
    parts = terminal.decode().replace("\x1b[2K", "\r").replace("\n", "\r").split("\r")
    return [part for part in parts if part.startswith("[")]


@pytest.mark.parametrize("columns", [80, 60, 40, 20, 7])
def test_the_bar_is_never_wider_than_the_terminal(gopack, releases, columns):
    versions = ["1.20.1", "1.20.2", "1.20.3", NEW]
    releases.write_mirror(gopack.work / "mirror", versions, ["linux-amd64", "windows-amd64"])
    line = ["fetch", *versions, "-p", "linux/amd64,windows/amd64", "--source", gopack.work / "mirror"]
    _, terminal = run_at_terminal(gopack, *line, columns=columns)
    lines = drawn_lines(terminal)
    assert lines and max(map(len, lines)) < columns, lines


def test_columns_are_asked_of_the_environment_where_there_is_no_terminal(gopack, mirror):
    result = gopack.must("--progress", "always", *fetch(mirror), env={"COLUMNS": "30"})
    assert max(map(len, drawn_lines(result.stderr.encode()))) < 30


def test_the_total_does_not_grow(store):
    """Of two trees that are copied one after the other."""
    def totals(terminal):
        return {line.split(" of ")[1].split("  ")[0] for line in drawn_lines(terminal) if " of " in line}

    _, terminal = run_at_terminal(store.gopack, "bundle", "--target", store.gopack.work / "stick", columns=100)
    assert len(totals(terminal)) == 1, terminal


def test_the_total_of_downloads_is_there_from_the_start(gopack, server, releases):
    archives = releases.write_mirror(server.root, [OLD, NEW], ["linux-amd64"])
    whole = sum(archive.size for archive in archives)
    line = ["-j", "1", "fetch", OLD, NEW, "-p", "linux/amd64", "--source", server.url]
    _, terminal = run_at_terminal(gopack, *line, columns=100)
    drawn = {text.split(" of ")[1].split("  ")[0] for text in drawn_lines(terminal)}
    assert drawn == {f"{whole / 1e6:.1f} MB"}, drawn


def test_no_bar_when_it_is_not_wanted(gopack, mirror):
    assert ESCAPE not in run_at_terminal(gopack, "--progress", "never", *fetch(mirror))[1]
    assert run_at_terminal(gopack, "-q", "trim")[1] == b""


def test_a_bar_in_a_pipe_when_it_is_wanted(gopack, mirror):
    result = gopack.must("--progress", "always", *fetch(mirror))
    assert "\x1b[2K" in result.stderr and "\x1b" not in result.stdout


def test_control_c_at_the_terminal_ends_a_stalled_download(gopack, server, releases):
    """With 130, and the part stays for the next run."""
    archive = releases.write_mirror(server.root, [NEW], ["linux-amd64"])[0]
    server.behave("/" + archive.filename, stall(300_000))
    master, slave = pty.openpty()
    running = subprocess.Popen(gopack.command(fetch(server.url)), env=gopack.environment(), cwd=gopack.work,
                               stdin=slave, stdout=subprocess.DEVNULL, stderr=slave, start_new_session=True,
                               preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))  # fmt: skip
    os.close(slave)
    server.wait_until_stalled()
    os.write(master, b"\x03")
    terminal = read_all(master)
    os.close(master)
    assert running.wait(timeout=60) == 130, terminal
    server.release()
    assert list(gopack.downloads.glob("*.part"))
    gopack.must(*fetch(server.url))
    assert (gopack.downloads / archive.filename).read_bytes() == archive.path.read_bytes()
    assert not list(gopack.downloads.glob("*.part*"))


def test_a_full_disk_behind_stdout_is_a_failure(store):
    with open("/dev/full", "wb") as full:
        environment = store.gopack.environment()
        done = subprocess.run(store.gopack.command(["list"]), env=environment, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 7 and b"standard output" in done.stderr


def test_a_reader_that_has_gone_ends_the_program_as_it_ends_others(store):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(store.gopack.command(["list"]), env=store.gopack.environment(), stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (done.returncode, done.stderr) == (-signal.SIGPIPE, b"")


def test_help_and_version(gopack):
    assert gopack.must("--version").stdout.startswith("gopack ")
    for line in (["--help"], ["trim", "--help"], ["profile", "check", "--help"]):
        result = gopack.must(*line)
        assert "Usage: gopack" in result.stdout and result.stderr == ""


COMMANDS = ["make", "fetch", "list", "trim", "use", "rollback", "bundle", "verify", "prove", "report", "diff", "repair", "gc", "remove", "env",
            "exec", "cache push", "cacheprog", "profile suggest", "doctor", "devcontainer", "completion", "allow"]  # fmt: skip


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_80_columns(gopack, command):
    text = gopack.must(*command.split(), "--help", env={"COLUMNS": "200"}).stdout
    assert max(map(len, text.splitlines())) <= 80
    assert gopack.must("help", *command.split()).stdout == text
    assert " ".join(text.split()).count("  ") == 0 and "option" in text.lower()


def test_words_for_flags(gopack):
    for line in (["version"], ["-v", "version"], ["--json", "version"], ["version", "-v"]):
        flags = ["--version" if word == "version" else word for word in line]
        assert gopack.must(*line).stdout == gopack.must(*flags).stdout
    refused = gopack("--json", "help", "tirm")
    assert refused.status == 2 and 'did you mean "trim"?' in refused.error["hint"]


@pytest.mark.parametrize(("word", "meant"), [("ls", "list"), ("instal", "fetch"), ("install", "fetch"), ("rm", "remove"), ("lsit", "list"),
                                             ("uninstall", "remove"), ("bundel", "bundle")])  # fmt: skip
def test_commands_that_may_be_meant(gopack, word, meant):
    refused = gopack("--json", word)
    assert refused.status == 2 and f'did you mean "{meant}"?' in refused.error["hint"]


def table_at_terminal(store, columns, *line):
    with Terminal(store.gopack.command(line), store.gopack.environment(), store.gopack.work, columns=columns) as terminal:
        terminal.process.wait()
        return [text for text in terminal.wait_for(r"\n$").replace("\r", "").splitlines() if text]


@pytest.mark.parametrize("columns", [80, 60, 40, 300])
@pytest.mark.parametrize("line", [["trim", NEW, "--dry-run"], ["diff", "full", "minimal"], ["profile", "list"], ["list"]])
def test_tables_fit_the_terminal(store, columns, line):
    lines = table_at_terminal(store, columns, *line)
    plain = store.gopack.must(*line).stdout
    table = [text for text in lines if not re.search("clusters| kept in |files,| on disk|:$", text)]
    assert table and max(map(len, table)) <= columns
    if columns == 300:
        assert lines == [text for text in plain.splitlines() if text]
    if line[0] != "diff":
        assert "".join("".join(lines).split()) == "".join(plain.split()), "nothing is lost"


def test_columns_that_do_not_fit_stand_below_the_others(store):
    for columns, first, below in ((60, r"\* .* v_\w+ +\d+ files  .* kB", " {6}linux/amd64"), (40, r"\* .* v_\w+", r" {6}\d+ files  .* kB  linux/amd64")):
        lines = table_at_terminal(store, columns, "list")
        [at] = [number for number, text in enumerate(lines) if store.old in text]
        assert re.fullmatch(first, lines[at]) and re.fullmatch(below, lines[at + 1]), lines


def test_tables_are_whole_in_a_pipe(store):
    assert store.gopack.must("trim", "--dry-run", env={"COLUMNS": "40"}).stdout == store.gopack.must("trim", "--dry-run").stdout


def test_no_command_shows_the_help(gopack):
    done = gopack()
    assert done.status == 2 and "Usage: gopack" in done.stdout and "make" in done.stdout
