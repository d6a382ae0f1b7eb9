"""One table of cases for the tree of one command: by a word, by GOPACK_GO and by the project. Every launcher takes the same."""

import os
import shutil
import subprocess

import pytest
from conftest import SHELLS

# Release, profile, platforms.
TREES = {
    "1.21": ("1.21.3", "minimal", "linux/amd64,windows/amd64"),
    "1.22.3": ("1.22.3", "minimal", "linux/amd64,windows/amd64"),
    "narrow": ("1.22.5", "minimal", "linux/amd64,windows/amd64"),
    "1.22.5": ("1.22.5", "minimal", "linux/amd64,windows/amd64,darwin/arm64"),
    "1.24": ("1.24.1", "minimal", "linux/amd64,windows/amd64"),
    "1.24 standard": ("1.24.1", "standard", "linux/amd64,windows/amd64"),
    "darwin": ("1.25.0", "minimal", "darwin/arm64"),
    "rc": ("1.26rc1", "minimal", "linux/amd64,windows/amd64"),
}
SYSTEMS = ["linux-amd64", "windows-amd64", "darwin-arm64"]
CURRENT = "1.21"
GO = '#!/bin/sh\nprintf "%s\\n" "$GOROOT" "$@"\n'
GO_EXE = """#include <stdio.h>
#include <stdlib.h>
int main(int argc, char** argv) {
  puts(getenv("GOROOT"));
  for (int i = 1; i < argc; i++) puts(argv[i]);
}
"""
WAYS = [*SHELLS, "native", "exec", "go.exe", "go.bat"]
pytestmark = pytest.mark.skipif(os.uname().machine != "x86_64", reason="the trees are for x86_64")


@pytest.fixture(scope="module")
def made(gopack_in, tmp_path_factory):
    """TREES in one bundle. Go is a script that shows what it got (on Windows a program); GOROOT is its first line."""
    import releases

    base = tmp_path_factory.mktemp("choose")
    gopack = gopack_in(base)
    releases.write_mirror(base / "mirror", sorted({release for release, _, _ in TREES.values()}), SYSTEMS)
    gopack.names = {}
    for name, (release, profile, platforms) in TREES.items():
        gopack.must("fetch", release, "-p", platforms, "--source", base / "mirror")
        gopack.names[name] = gopack.must("--json", "trim", release, "--profile", profile).json["trees"][0]["id"]
        gopack.must("bundle", gopack.names[name], "--target", base / "bundle")
    (base / "go.c").write_text(GO_EXE)
    windows = shutil.which("x86_64-w64-mingw32-gcc")
    if windows:
        subprocess.run([windows, "-O1", "-o", base / "go.exe", base / "go.c"], check=True)
    for name in ("go", "gofmt"):
        for program in base.glob(f"bundle/v_*/bin/**/{name}"):
            program.chmod(0o755)
            program.write_text(GO)
        for program in base.glob(f"bundle/v_*/bin/**/{name}.exe"):
            program.chmod(0o755)
            if windows:
                shutil.copy(base / "go.exe", program)
    subprocess.run(["sh", base / "bundle/use.sh", gopack.names[CURRENT]], check=True)
    (base / "bundle/current").unlink(missing_ok=True)
    (base / "bundle/current.txt").write_text(gopack.names[CURRENT] + "\n")
    gopack.bundle = base / "bundle"
    return gopack


class Runner:
    def __init__(self, made, way, wine):
        self.made, self.way, self.wine = made, way, wine

    def run(self, words, cwd=None, program="go", **env):
        """The lines that Go prints, GOROOT as a name of TREES; or the status and what was said."""
        bundle, cwd = self.made.bundle, cwd or self.made.work
        if self.wine:
            launcher = bundle / (program + self.way.removeprefix("go"))
            start = self.wine.run if self.way == "go.exe" else self.wine.cmd
            done = start(self.wine.path(launcher), *words, cwd=cwd, env=env, timeout=60)
        else:
            start = [bundle / "go-linux-amd64"] if self.way == "native" else [*SHELLS[self.way], bundle / "goenv.sh", "--run", program]
            done = subprocess.run([*start, *words], env=self.made.environment(**env), cwd=cwd, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True)  # fmt: skip
        if done.returncode:
            return done.returncode, done.stderr.strip()
        assert done.stderr == ""
        root, *lines = done.stdout.splitlines()
        return name_of(self.made, root), lines


def name_of(made, root):
    names = {tree: name for name, tree in made.names.items()}
    return names[root.replace("\\", "/").rpartition("/")[2]]


@pytest.fixture(params=[way for way in WAYS if way != "exec"])
def runner(request, made):
    """Every launcher."""
    way = request.param
    if way in SHELLS and not shutil.which(SHELLS[way][0]):
        pytest.skip(f"{SHELLS[way][0]} is not installed")
    return Runner(made, way, request.getfixturevalue("wine") if way.startswith("go.") else None)


SEVERAL = "{} may be each of {}: name one of them, or the profile or platform: 1.22+minimal, 1.22/windows-amd64"
NONE = "no tree of this bundle is {}; use.{} without an argument lists them"
NO_PROFILE = "{} names no profile behind the +: name one, as in 1.26+minimal, or leave the + out"
# What is named, and the tree that is bound; or what is said.
NAMED = {
    "1.21": "1.21",
    "1.22": "1.22.5",
    "go1.22.5": "1.22.5",
    "1.22.3": "1.22.3",
    "1.22+minimal": "1.22.5",
    "1.22/windows-amd64": "1.22.5",
    "1.22/windows/amd64": "1.22.5",
    "1.22/darwin-arm64": "1.22.5",
    "1.22+minimal/linux-amd64": "1.22.5",
    "1.24+standard": "1.24 standard",
    "1.26rc1": "rc",
    "{narrow}": "narrow",
    "{narrow:.14}": "narrow",
    "1.24": SEVERAL,
    "1.20": NONE,
    "1.22+": NO_PROFILE,
    "1.22+/windows-amd64": NO_PROFILE,
    "1.22+standard": NONE,
    "1.22/plan9-amd64": NONE,
    "1": NONE,
    "latest": NONE,
    "v_zz": NONE,
}


def named(made, word):
    return word.format(**made.names)


def answer(made, way, word, expected):
    """What a launcher is to answer."""
    if expected in TREES:
        return expected
    both = " ".join(sorted(made.names[name] for name in ("1.24", "1.24 standard")))
    said = expected.format(word, both) if expected == SEVERAL else expected.format(word, "bat" if way.startswith("go.") else "sh")
    return 1, f"gopack: {said}"


def test_a_word_names_the_tree_of_one_command(runner, made):
    for word, expected in NAMED.items():
        word = named(made, word)
        ways = [(["+" + word], {}), ([], {"GOPACK_GO": word}), (["+" + word], {"GOPACK_GO": "1.21.3"})]
        for words, env in ways if not runner.wine or word == "1.22" else ways[:1]:  # wine is slow
            got = runner.run([*words, "build", "+1.21", "x y"], **env)
            wanted = answer(made, runner.way, word, expected)
            assert got == ((wanted, ["build", "+1.21", "x y"]) if isinstance(wanted, str) else wanted), (word, words)


def test_words_and_options_in_any_order(runner, made, tmp_path):
    data = "data dir" if not runner.wine else runner.wine.path(tmp_path / "data dir")
    for words in (["--data-dir", data, "+1.22"], ["+1.22", "--data-dir", data], ["+1.22", "--portable", "--data-dir", data]):
        assert runner.run([*words, "version"], cwd=tmp_path) == ("1.22.5", ["version"]), words
    assert (tmp_path / "data dir/gopath").is_dir()


def test_without_a_word_the_current_tree_runs(runner):
    assert runner.run(["x", "+1.22"]) == ("1.21", ["x", "+1.22"])
    assert runner.run(["+"]) == ("1.21", ["+"])
    assert runner.run(["x"], GOPACK_GO="") == ("1.21", ["x"])


def test_nothing_is_switched_and_no_pointer_is_needed(runner, made):
    pointer = made.bundle / "current.txt"
    text = pointer.read_text()
    history = (made.bundle / ".gopack/history").read_bytes()
    try:
        pointer.unlink()
        assert runner.run(["+1.22", "x"]) == ("1.22.5", ["x"])
        assert not pointer.exists() and not (made.bundle / "current").is_symlink()
    finally:
        pointer.write_text(text)
    assert (made.bundle / ".gopack/history").read_bytes() == history


def test_gofmt_takes_a_word(runner, made, tmp_path):
    if runner.way == "native":
        (tmp_path / "gofmt").symlink_to(made.bundle / "go-linux-amd64")
        done = subprocess.run([tmp_path / "gofmt", "+1.22", "-l"], env=made.environment(), capture_output=True, text=True)
        assert (name_of(made, done.stdout.splitlines()[0]), done.stderr) == ("1.22.5", "")
    else:
        assert runner.run(["+1.22", "-l"], program="gofmt") == ("1.22.5", ["-l"])


def test_programs_for_another_system_are_named(runner):
    status, said = runner.run(["+1.25", "x"])
    assert status == 1 and "has no Go for" in said and "darwin_arm64" in said


def test_exec_takes_the_same_words(made):
    for word, expected in NAMED.items():
        if word == "latest":
            continue  # a word that gopack has and the launchers have not
        done = made("--home", made.bundle, "exec", named(made, word), "--", "go", "x")
        if expected in TREES:
            assert (done.status, name_of(made, done.stdout.splitlines()[0])) == (0, expected), done.stderr
        else:
            assert done.status != 0, word


# Files of a directory `p`, where the command works (below it, or elsewhere), words, environment, and the tree that runs.
GO_MOD = "module p\n\n{}\n"
PROJECTS = {
    "the current one does": ({"go.mod": "go 1.21"}, ".", [], {}, "1.21"),
    "an older language": ({"go.mod": "go 1.18"}, ".", [], {}, "1.21"),
    "nothing is asked": ({"go.mod": ""}, ".", [], {}, "1.21"),
    "the first of the minor": ({"go.mod": "go 1.22"}, ".", [], {}, "1.22.3"),
    "a release that is there": ({"go.mod": "go 1.22.5"}, ".", [], {}, "1.22.5"),
    "the next patch": ({"go.mod": "go 1.22.4"}, ".", [], {}, "1.22.5"),
    "the newest of another minor": ({"go.mod": "go 1.23.0"}, ".", [], {}, "1.24"),
    "none is new enough": ({"go.mod": "go 1.27"}, ".", [], {}, "1.21"),
    "a pre-release is not taken": ({"go.mod": "go 1.26"}, ".", [], {}, "1.21"),
    "a pre-release that is named": ({"go.mod": "go 1.26rc1"}, ".", [], {}, "rc"),
    "only for another system": ({"go.mod": "go 1.25.0"}, ".", [], {}, "1.21"),
    "toolchain line": ({"go.mod": "go 1.21\ntoolchain go1.22.4"}, ".", [], {}, "1.22.5"),
    "toolchain line of a build": ({"go.mod": "go 1.21\ntoolchain go1.22.4-mine // x"}, ".", [], {}, "1.22.5"),
    "toolchain default": ({"go.mod": "go 1.22.4\ntoolchain default"}, ".", [], {}, "1.22.5"),
    "go line behind one in parentheses": ({"go.mod": "require ( // x\n\tgo v1.30.1\n\ttoolchain go1.30.1\n)\ngo 1.22.4 // (\n"}, ".", [], {}, "1.22.5"),
    "toolchain line that is older": ({"go.mod": "go 1.22.4\ntoolchain go1.21.0"}, ".", [], {}, "1.22.5"),
    "toolchain line that none meets": ({"go.mod": "go 1.22.4\ntoolchain go1.30.1"}, ".", [], {}, "1.22.5"),
    "the first line counts": ({"go.mod": "go 1.22.4\ngo 1.24"}, ".", [], {}, "1.22.5"),
    "odd text": ({"go.mod": "// go 1.24\ngopher 1.24\n \t go \t 1.22.4 // 1.24\r\n)"}, ".", [], {}, "1.22.5"),
    "not a version": ({"go.mod": "go 1.x"}, ".", [], {}, "1.21"),
    "below the project": ({"go.mod": "go 1.22", "a/b/x": ""}, "a/b", [], {}, "1.22.3"),
    "the nearest go.mod": ({"go.mod": "go 1.22", "a/go.mod": "go 1.24"}, "a", [], {}, "1.24"),
    "a directory go.mod": ({"go.mod": "go 1.22", "a/go.mod/x": ""}, "a", [], {}, "1.22.3"),
    "go.work above go.mod": ({"go.work": "go 1.24", "a/go.mod": "go 1.22"}, "a", [], {}, "1.24"),
    "GOWORK=off": ({"go.work": "go 1.24", "a/go.mod": "go 1.22"}, "a", [], {"GOWORK": "off"}, "1.22.3"),
    "GOWORK=auto": ({"go.work": "go 1.24", "a/go.mod": "go 1.22"}, "a", [], {"GOWORK": "auto"}, "1.24"),
    "GOWORK=FILE": ({"x.work": "go 1.24", "a/go.mod": "go 1.22"}, "a", [], {"GOWORK": "{p}/x.work"}, "1.24"),
    "-C": ({"go.mod": "go 1.24", "a/go.mod": "go 1.22"}, ".", ["-C", "a", "build"], {}, "1.22.3"),
    "-C=": ({"go.mod": "go 1.24", "a/go.mod": "go 1.22"}, ".", ["-C=a", "build"], {}, "1.22.3"),
    "-C behind the verb": ({"go.mod": "go 1.24", "a/go.mod": "go 1.22"}, ".", ["build", "-C", "a", "x"], {}, "1.22.3"),
    "-C behind two words": ({"go.mod": "go 1.24", "a/go.mod": "go 1.22"}, ".", ["mod", "tidy", "-C", "a"], {}, "1.22.3"),
    "-C to above": ({"go.mod": "go 1.22", "a/go.mod": "go 1.24"}, "a", ["-C", "..", "build"], {}, "1.22.3"),
    "-C of the program": ({"go.mod": "go 1.22", "a/go.mod": "go 1.24"}, ".", ["run", ".", "-C", "a"], {}, "1.22.3"),
    "-C to nowhere": ({"go.mod": "go 1.22"}, ".", ["-C", "missing", "build"], {}, "1.21"),
    "GO111MODULE=off": ({"go.mod": "go 1.22"}, ".", [], {"GO111MODULE": "off"}, "1.21"),
    "GOTOOLCHAIN=local": ({"go.mod": "go 1.22"}, ".", [], {"GOTOOLCHAIN": "local"}, "1.21"),
    "GOTOOLCHAIN=auto": ({"go.mod": "go 1.22"}, ".", [], {"GOTOOLCHAIN": "auto"}, "1.22.3"),
    "GOTOOLCHAIN=local+path": ({"go.mod": "go 1.22"}, ".", [], {"GOTOOLCHAIN": "local+path"}, "1.22.3"),
    "GOTOOLCHAIN=RELEASE": ({"go.mod": "go 1.22"}, ".", [], {"GOTOOLCHAIN": "go1.21.3"}, "1.21"),
    "a word wins": ({"go.mod": "go 1.24"}, ".", ["+1.22"], {}, "1.22.5"),
    "an older word wins": ({"go.mod": "go 1.24"}, ".", ["+1.21"], {}, "1.21"),
    "GOPACK_GO wins": ({"go.mod": "go 1.24"}, ".", [], {"GOPACK_GO": "1.22"}, "1.22.5"),
}  # fmt: skip


def write_project(directory, files):
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(GO_MOD.format(text).encode())


@pytest.mark.parametrize("runner", [way for way in WAYS if way not in ("exec", "go.bat")], indirect=True)
def test_a_project_takes_a_tree_that_is_new_enough(runner, tmp_path):
    for number, (case, (files, where, words, env, expected)) in enumerate(PROJECTS.items()):
        project = tmp_path / str(number)
        write_project(project, files)
        place = runner.wine.path(project) if runner.wine else str(project)
        env = {name: value.format(p=place) for name, value in env.items()}
        got = runner.run(words or ["x"], cwd=project / where, **env)
        assert got[0] == expected, (case, got)


@pytest.mark.parametrize("runner", [way for way in WAYS if way != "exec"], indirect=True)
def test_a_project_takes_no_other_tree_where_that_is_turned_off(runner, made, tmp_path):
    """By the settings; and gofmt and batch files keep to the current tree."""
    write_project(tmp_path, {"go.mod": "go 1.22"})
    assert runner.run(["x"], cwd=tmp_path) == ("1.21" if runner.way == "go.bat" else "1.22.3", ["x"])
    if runner.way != "native":
        assert runner.run(["x"], cwd=tmp_path, program="gofmt") == ("1.21", ["x"])
    for name, line in (("config.yaml", "{}: {}\n"), ("config.ini", "{}={}\r\n")):
        for key, value, expected in (("choose_by_project", "never", "1.21"), ("choose_by_project", "auto", "1.22.3"),
                                     ("choose_by_project", "", "1.22.3"), ("gotoolchain", "auto", "1.21"),
                                     ("gotoolchain", "local", "1.22.3"), ("choose_by_project", "soon", 2)):  # fmt: skip
            if (name == "config.ini") != bool(runner.wine):
                continue
            kept = (made.bundle / name).read_bytes()
            try:
                (made.bundle / name).write_bytes(line.format(key, value).encode())
                got = runner.run(["--portable", "x"], cwd=tmp_path)
                assert got[0] == ("1.21" if runner.way == "go.bat" and expected != 2 else expected), (key, value, got)
            finally:
                (made.bundle / name).write_bytes(kept)


@pytest.mark.parametrize("shell", SHELLS)
def test_goenv_binds_a_shell_to_a_named_tree(shell, made):
    if not shutil.which(SHELLS[shell][0]):
        pytest.skip(f"{SHELLS[shell][0]} is not installed")

    def run(script, *arguments, **env):
        return subprocess.run([*SHELLS[shell], "-c", script, made.bundle, *arguments], env=made.environment(**env), cwd=made.work,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)  # fmt: skip

    show = 'echo "$GOROOT" && go x'
    for word, expected in NAMED.items():
        word = named(made, word)
        done = run(f'bound=$(sh "$0/goenv.sh" \'{word}\') && eval "$bound" && {show}')
        wanted = answer(made, shell, word, expected)
        if isinstance(wanted, str):
            root, again, _ = done.stdout.splitlines()
            assert (name_of(made, root), root, done.stderr) == (wanted, again, ""), word
        else:
            assert done.stderr.strip() == wanted[1]
    bound = run(f'eval "$(sh "$0/goenv.sh" +1.22)" && {show}').stdout
    assert bound == run(f'eval "$(sh "$0/goenv.sh")" && {show}', GOPACK_GO="1.22").stdout == run(
        f'eval "$(sh "$0/goenv.sh" --data-dir "$0/shared" 1.22)" && {show}').stdout  # fmt: skip
    assert name_of(made, bound.splitlines()[0]) == "1.22.5"
    assert bound == run('eval "$(sh "$0/goenv.sh" 1.22 --data-dir "$0/shared" --portable)" && ' + show).stdout
    for words in ("1.22 1.21", "1.22 --portable 1.21", "1.22 -x", "1.22 x --portable"):
        done = run(f'sh "$0/goenv.sh" {words}')
        assert done.returncode == 2 and "usage: goenv.sh" in done.stderr, words


@pytest.mark.parametrize("shell", SHELLS)
def test_an_eval_of_a_failure_fails(shell, made):
    if not shutil.which(SHELLS[shell][0]):
        pytest.skip(f"{SHELLS[shell][0]} is not installed")
    for words, status, said in (("1.9", 1, NONE.format("1.9", "sh")), ("1.22 1.21", 2, "usage: goenv.sh"), ("--data-dir", 2, "usage: --data-dir")):
        for script, shown in ((f'eval "$(sh "$0/goenv.sh" {words})" && echo bound', ""), (f'set -e; eval "$(sh "$0/goenv.sh" {words})"; echo on', ""),
                              (f'eval "$(sh "$0/goenv.sh" {words})"; echo $?', "1\n"), (f'x=$(sh "$0/goenv.sh" {words}); echo $?', f"{status}\n")):  # fmt: skip
            done = subprocess.run([*SHELLS[shell], "-c", script, made.bundle], env=made.environment(), cwd=made.work,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True)  # fmt: skip
            assert (done.stdout, done.returncode != 0) == (shown, not shown) and said in done.stderr, script


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_goenv_that_is_sourced(shell, made, tmp_path):
    """The arguments of a script that sources it are not for it, unless they look like a release."""
    if not shutil.which(SHELLS[shell][0]):
        pytest.skip(f"{SHELLS[shell][0]} is not installed")

    def run(script, *arguments):
        (tmp_path / "script").write_text(script)
        return subprocess.run([*SHELLS[shell], tmp_path / "script", *arguments], env=made.environment(BUNDLE=str(made.bundle)),
                              cwd=made.work, stdin=subprocess.DEVNULL, capture_output=True, text=True)  # fmt: skip

    for words, arguments, expected in (("1.22", [], "1.22.5"), ("+1.22", ["x"], "1.22.5"), ("go1.22.3", [], "1.22.3"),
                                       (made.names["narrow"], [], "narrow"), ("--data-dir $BUNDLE/shared 1.22", [], "1.22.5"),
                                       ("1.22 --data-dir $BUNDLE/shared", [], "1.22.5"), ("1.22.3 --portable", [], "1.22.3"),
                                       ("", ["release", "--portable"], "1.21"),
                                       ("", ["release"], "1.21"), ("", ["2.0.1"], "1.21"), ("", ["1.22", "x"], "1.21")):  # fmt: skip
        done = run(f'. "$BUNDLE/goenv.sh" {words}; echo "$GOROOT"', *arguments)
        assert (name_of(made, done.stdout.strip()), done.stderr) == (expected, ""), (words, arguments)


def test_goenv_bat_binds_a_session_to_a_named_tree(made, wine, tmp_path):
    root = wine.path(made.bundle)
    for words, env, expected in (("1.22", {}, "1.22.5"), ("+1.22.3", {}, "1.22.3"), ("--data-dir data 1.22", {}, "1.22.5"), ("", {}, "1.21"),
                                 ("", {"GOPACK_GO": "1.22"}, "1.22.5"), ("1.22.3", {"GOPACK_GO": "1.24"}, "1.22.3")):  # fmt: skip
        done = wine.batch(tmp_path, f'call "{root}\\goenv.bat" {words}\ncd\ngo x\nset _\n', env=env)
        cwd, goroot, *rest = done.stdout.splitlines()
        assert (cwd, name_of(made, goroot), rest) == (wine.path(tmp_path), expected, ["x"]), words
        assert done.stderr in ("", "Environment variable _ not defined\n")
    done = wine.batch(tmp_path, f'call "{root}\\goenv.bat" 1.22 1.21\n')
    assert "usage: goenv.bat [--portable] [--data-dir DIR] [1.22]" in done.stderr
