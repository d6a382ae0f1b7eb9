"""go.sh, gofmt.sh and goenv.sh in every shell at hand."""

import json
import os
import shlex
import shutil
import re
from pathlib import Path

import pytest
from conftest import NEW, OLD, bound_shell, clean_env, run, seen, write_hello

BOUND = {"GOROOT": "{tree}", "GOPATH": "{data}/gopath", "GOMODCACHE": "{data}/gopath/pkg/mod",
         "GOCACHE": "{data}/gopath/cache", "GOENV": "{data}/gopath/go.env", "GOTOOLCHAIN": "local",
         "GOTELEMETRYDIR": "{data}/telemetry"}  # fmt: skip
JUNK = {"GOROOT": "/nowhere", "GOTOOLCHAIN": "go1.99.0", "GOENV": "/nowhere/env", "GOPATH": "/nowhere/gopath",
        "GOMODCACHE": "/nowhere/mod", "GOCACHE": "/nowhere/cache"}  # fmt: skip
WAYS = {"go.sh": ["go.sh"], "goenv.sh": ["goenv.sh", "--run", "go"]}


def bound(root, tree, data):
    return {k: v.format(tree=f"{root}/{tree}", data=data) for k, v in BOUND.items()}


@pytest.mark.parametrize("way", WAYS)
def test_version_in_each_shell(shell, way, stick, home, tmp_path):
    s = stick()
    program, *first = WAYS[way]
    done = run([*shell, s.root / program, *first, "version"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"go version {NEW} linux/amd64\n"


def test_builds_and_runs_in_each_shell(shell, stick, home, tmp_path):
    s = stick()
    work = tmp_path / "work"
    work.mkdir()
    write_hello(work)
    done = run([*shell, s.root / "go.sh", "build", "-o", "hello", "."], cwd=work, env=clean_env(home, **JUNK))
    assert done.returncode == 0, done.stderr
    done = run([work / "hello", "a"], env=clean_env(home))
    assert (done.returncode, done.stdout) == (7, "hello [a]\n")


def test_binds_the_environment_whatever_was_inherited(shell, stick, home, tmp_path):
    s = stick()
    done = run([*shell, s.root / "go.sh", "env", "-json"], cwd=tmp_path, env=clean_env(home, **JUNK))
    assert done.returncode == 0, done.stderr
    env = json.loads(done.stdout)
    expected = bound(s.root, s.tree, s.root / "shared")
    assert {k: env[k] for k in expected} == expected
    assert env["GOTELEMETRY"] == "off"


def test_leaves_what_users_choose_alone(stick, home, tmp_path):
    s = stick()
    mine = {"GOOS": "windows", "GOARCH": "arm64", "CGO_ENABLED": "0", "GO111MODULE": "on", "GOPROXY": "off",
            "GOFLAGS": "-mod=mod", "GOBIN": str(tmp_path / "bin"), "GOTMPDIR": str(tmp_path)}  # fmt: skip
    done = run([s.root / "go.sh", "env", "-json", *mine], cwd=tmp_path, env=clean_env(home, **mine))
    assert json.loads(done.stdout) == mine


def test_env_w_lands_in_the_bundle(stick, home, tmp_path):
    s = stick()
    assert run([s.root / "go.sh", "env", "-w", "GOPRIVATE=example.test"], env=clean_env(home)).returncode == 0
    assert "GOPRIVATE=example.test" in (s.root / "shared/gopath/go.env").read_text().splitlines()
    done = run([s.root / "go.sh", "env", "GOPRIVATE"], cwd=tmp_path, env=clean_env(home))
    assert done.stdout == "example.test\n"


def test_gofmt(shell, stick, home, tmp_path):
    s = stick()
    (tmp_path / "a.go").write_text("package  a\n")
    done = run([*shell, s.root / "gofmt.sh", "a.go"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (0, "package a\n")


def test_exit_status_is_that_of_go(shell, stick, home, tmp_path):
    s = stick()
    done = run([*shell, s.root / "go.sh", "no-such-command"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 2
    assert "unknown command" in done.stderr


def test_git_run_by_go_keeps_the_settings_of_the_user(stick, tmp_path):
    s = stick()
    (tmp_path / "me/.config/git").mkdir(parents=True)
    (tmp_path / "me/.config/git/config").write_text("[gopack]\n\tprobe = found\n")
    (tmp_path / "gen.go").write_text("package gen\n\n//go:generate git config --get gopack.probe\n")
    done = run([s.root / "go.sh", "generate", "gen.go"], cwd=tmp_path, env=clean_env(tmp_path / "me"))
    assert (done.returncode, done.stdout) == (0, "found\n"), done.stderr
    assert not (tmp_path / "me/.config/go").exists()


# Names that a shell could take for something else. (':' cannot be: GOPATH and PATH are lists.)
NAMES = ["a b", "a'b", 'a"b', "$(touch gotcha)", "`touch gotcha`", ";touch gotcha", "-x", "--", "a&b", "a%PATH%b", "a!b",
         "a^b", "a\\b", "*", "~", "[a]", "x\n", "\n", "a\nb", " x ", "é日本😀", "e\u0301", "\udcff", "$HOME", "#", "n" * 200, "n" * 250]
ARGUMENTS = ["", " ", "a b", "'", '"', "$(touch gotcha)", "`touch gotcha`", "%PATH%", "!x!", "^", "&|<>", "*", "a\\",
             "a\nb", "-n", "--portable", "--data-dir", "é", "\udcff"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_hostile_directory(shell, name, stick, home, tmp_path):
    outer = tmp_path / "outer"
    s = stick(outer / name)
    expected = bound(s.root, s.tree, s.root / "shared")
    names = list(expected)
    for argv, cwd in ([[s.root / "go.sh"], tmp_path], [[f"{name}/go.sh"], outer], [["./go.sh"], s.root]):
        if str(argv[0]).startswith("-"):
            argv.insert(0, "--")
        done = run([*shell, *argv, "env", *names], cwd=cwd, env=clean_env(home))
        assert done.returncode == 0, done.stderr
        assert done.stdout == "".join(expected[n] + "\n" for n in names)
    done = run([*shell, s.root / "goenv.sh"], cwd=tmp_path, env=clean_env(home))
    printed = run(["sh", "-c", 'eval "$1"; go env GOROOT', "sh", done.stdout], cwd=tmp_path, env=clean_env(tmp_path))
    assert printed.stdout == expected["GOROOT"] + "\n"
    assert not list(tmp_path.rglob("gotcha"))


def test_arguments_arrive_unchanged(shell, shows, home, tmp_path):
    done = run([*shell, shows() / "go.sh", *ARGUMENTS], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, seen(done)[0]) == (7, ARGUMENTS), done.stderr
    assert not (tmp_path / "gotcha").exists()


def evil(directory):
    """A directory full of programs that must not run."""
    directory.mkdir()
    for name in ("go", "gofmt", "uname", "readlink", "mkdir", "cat", "mv", "sed", "git", "sh", "wc", "tail", "cksum", "chmod",
                 "cmp", "cp", "find", "mktemp", "rm", "sync", "grep", "sha256sum", "ln", "date", "ls", "awk"):
        (directory / name).write_text('#!/bin/sh\n: >"${0%/*}/../ran.$$"\nexit 99\n')
        (directory / name).chmod(0o755)
    return directory


@pytest.mark.parametrize("path", ["{evil}:/usr/bin:/bin", ".:/usr/bin:/bin", "", None], ids=str)
def test_evil_programs_do_not_run(path, shell, stick, home, tmp_path):
    s = stick()
    s.point("v_nonsense\n")
    (s.root / "shared/gopath/go.env").unlink()
    bad = evil(tmp_path / "evil")
    (bad / "rc").write_text("set -f; IFS=/_\n")
    env = clean_env(home, CDPATH=str(tmp_path), IFS="/_", BUNDLE="/nowhere", ENV="./go", BASH_ENV="./rc", **JUNK)
    del env["PATH"]
    if path is not None:
        env["PATH"] = path.format(evil=bad)
    program = shutil.which(shell[0])
    for options in ([], ["--portable", "--data-dir", tmp_path / "data"]):
        done = run([program, *shell[1:], s.root / "go.sh", *options, "version"], cwd=bad, env=env)
        assert (done.returncode, done.stdout) == (0, f"go version {NEW} linux/amd64\n"), done.stderr
        (s.root / "config.yaml").write_text("stage: always\n")
    for argv in (["goenv.sh"], ["use.sh", NEW], ["use.sh"]):
        done = run([program, *shell[1:], s.root / argv[0], *argv[1:]], cwd=bad, env=env)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "data/stage" / s.tree).is_dir()
    assert not list(tmp_path.glob("ran.*"))


def test_found_through_symlinks_and_path(stick, home, tmp_path):
    s = stick()
    bin_dir = tmp_path / "bin"
    bin_dir.mkdir()
    (bin_dir / "direct").symlink_to(s.root / "go.sh")
    (bin_dir / "mygo").symlink_to("direct")
    (bin_dir / "bind").symlink_to("../stick/goenv.sh")
    (tmp_path / "side").symlink_to(s.root, target_is_directory=True)
    env = clean_env(home, PATH=f"{bin_dir}:{s.root}:/usr/bin:/bin")
    tree = f"{s.root}/{s.tree}\n"
    for argv in (["mygo"], [bin_dir / "mygo"], ["bin/mygo"], ["go.sh"], [tmp_path / "side/go.sh"], ["side/go.sh"]):
        done = run(["/usr/bin/env", *argv, "env", "GOROOT"], cwd=tmp_path, env=env)
        assert (done.returncode, done.stdout) == (0, tree), done.stderr
    for shell in ("dash", "bash"):
        done = run([shell, bin_dir / "bind"], cwd=tmp_path, env=env)
        assert f"export GOROOT='{s.root}/{s.tree}'" in done.stdout.splitlines()


SOURCED = '{how}; printf "%s\\n" "${{GOFLAGS-unset}}" "$GOROOT" "$PATH"; command -v go; go version; set'


@pytest.mark.parametrize("directory", ["stick", "a 'b' $(x)"])
def test_sourced_binds_the_shell_and_nothing_else(shell, directory, stick, home, tmp_path):
    s = stick(tmp_path / directory)
    path = shlex.quote(str(s.root))
    how = f". {path}/goenv.sh"
    if shell[0] in ("dash", "busybox"):
        how = f"GOPACK_BUNDLE={path}; {how}"
    env = clean_env(home, GOFLAGS="-x", GOROOT="/nowhere", XDG_CONFIG_HOME=str(tmp_path / "xdg"))
    done = run([*shell, "-c", SOURCED.format(how=how)], cwd=tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    flags, root, path, program, version = done.stdout.splitlines()[:5]
    assert (flags, root, version) == ("-x", f"{s.root}/{s.tree}", f"go version {NEW} linux/amd64")
    assert program == f"{root}/bin/go"
    assert path == f"{root}/bin:{s.root}/shared/gopath/bin:{env['PATH']}"
    assert "_gopack" not in done.stdout


@pytest.mark.parametrize("options", ["set -eu", "set -f", "IFS=/", "set -- some arguments", "cd stick"])
def test_sourced_under_options_of_the_caller(shell, options, stick, home, tmp_path):
    s = stick()
    how = f"GOPACK_BUNDLE={s.root}; {options}; . {s.root}/goenv.sh"
    done = run([*shell, "-c", f'{how}; go env GOROOT; echo "$#"'], cwd=tmp_path, env=clean_env(home.parent))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{s.root}/{s.tree}\n{2 if 'set --' in options else 0}\n"


def test_sourced_twice_changes_nothing_more(stick, home, tmp_path):
    s = stick()
    once = run(["bash", "-c", f". {s.root}/goenv.sh; env"], cwd=tmp_path, env=clean_env(home)).stdout
    twice = run(["bash", "-c", f". {s.root}/goenv.sh; . {s.root}/goenv.sh; env"], cwd=tmp_path, env=clean_env(home))
    assert sorted(once.splitlines()) == sorted(twice.stdout.splitlines())


@pytest.mark.parametrize("before", ["", "PATH=/own:$PATH; "])
def test_what_is_sourced_later_takes_the_place_of_what_was_before(shell, before, stick, home, tmp_path):
    first, second = stick(), stick(tmp_path / "second")
    source = "GOPACK_BUNDLE={0}; . {0}/goenv.sh"
    script = f'{source.format(first.root)}; {before}{source.format(second.root)}; echo "$PATH"'
    env = clean_env(home)
    done = run([*shell, "-c", script], cwd=tmp_path, env=env)
    assert (done.returncode, done.stderr) == (0, "")
    own = "/own:" if before else ""
    assert done.stdout == f"{second.root}/{second.tree}/bin:{second.root}/shared/gopath/bin:{own}{env['PATH']}\n"


def test_a_go_of_the_machines_own_stays_in_path(stick, home, tmp_path):
    s = stick()
    env = clean_env(home, GOROOT="/usr/local/go", GOPATH="/home/me/go")
    env["PATH"] = f"/usr/local/go/bin:/home/me/go/bin:{env['PATH']}"
    done = run(["bash", "-c", f'. {s.root}/goenv.sh; echo "$PATH"'], cwd=tmp_path, env=env)
    assert done.stdout == f"{s.root}/{s.tree}/bin:{s.root}/shared/gopath/bin:{env['PATH']}\n"


def test_a_bound_shell_is_itself(stick, home, tmp_path):
    """It may change what it was given."""
    s = stick()
    config = tmp_path / "config"
    script = 'echo "$XDG_CONFIG_HOME"; go env GOTELEMETRYDIR GOTELEMETRY; GOFLAGS=-x GOBIN=/b CGO_ENABLED=0 go env GOFLAGS GOBIN CGO_ENABLED'
    done = run(bound_shell(s, script), cwd=tmp_path, env=clean_env(home, XDG_CONFIG_HOME=str(config)))
    assert done.stdout == f"{config}\n{s.root}/shared/telemetry\noff\n-x\n/b\n0\n", done.stderr
    (tmp_path / "a.go").write_text("package  a\n")
    done = run(bound_shell(s, "gofmt a.go; go no-such-command"), cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (2, "package a\n")
    assert not config.exists()


def test_a_bound_shell_keeps_its_tree(stick, home, tmp_path):
    """Whatever is switched or bound elsewhere, with the same data directory."""
    s, other = stick(), stick(tmp_path / "other")
    data = ["--data-dir", tmp_path / "data"]
    script = f"go version; sh {s.root}/use.sh {OLD}; sh {other.root}/use.sh {OLD}; sh {other.root}/goenv.sh {data[0]} {data[1]}; go version"
    done = run(bound_shell(s, script, *data), cwd=tmp_path, env=clean_env(home))
    assert [line for line in done.stdout.splitlines() if line.startswith("go ")] == [f"go version {NEW} linux/amd64"] * 2


def test_variables_of_the_launchers_stay_their_own(stick, home, tmp_path):
    """Names that the scripts use reach what Go starts as they were."""
    s = stick()
    names = set(re.findall(r"\b([a-z][a-z_]*)=", "".join(path.read_text() for path in s.root.glob("*.sh"))))
    mine = {name: f"my {name}" for name in names}
    (tmp_path / "gen.go").write_text("package gen\n\n//go:generate env\n")
    done = run([s.root / "go.sh", "generate", "gen.go"], cwd=tmp_path, env=clean_env(home, **mine))
    assert done.returncode == 0, done.stderr
    got = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert len(mine) > 20 and {name: got[name] for name in mine} == mine


def test_sourced_failure_does_not_end_the_shell(shell, stick, home, tmp_path):
    s = stick()
    s.point("v_nonsense\n")
    (s.root / ".gopack/history").unlink()
    script = f"GOPACK_BUNDLE={s.root}; . {s.root}/goenv.sh; echo $? still here"
    done = run([*shell, "-c", script], cwd=tmp_path, env=clean_env(home))
    assert done.stdout == "1 still here\n"
    assert "does not name a tree" in done.stderr


def test_sourced_by_what_a_link_runs(stick, home, tmp_path):
    """As /bin/sh is itself in Debian, where make and other programs call it so."""
    s = stick()
    (tmp_path / "linked").symlink_to("/bin/dash")
    (tmp_path / "script").symlink_to("script.sh")
    (tmp_path / "script.sh").write_text(f"#!/bin/dash\nGOPACK_BUNDLE='{s.root}'; . '{s.root}/goenv.sh'; go env GOROOT\n")
    (tmp_path / "script.sh").chmod(0o755)
    for command in (["./linked", "-c", (tmp_path / "script.sh").read_text()], ["./linked", "script"], ["./script"]):
        done = run(command, cwd=tmp_path, env=clean_env(home))
        assert (done.stdout, done.stderr) == (f"{s.root}/{s.tree}\n", "")


@pytest.mark.parametrize("way", ["go.sh", "go-linux-amd64", "sourced", "gopack"])
def test_directory_that_go_cannot_use(way, stick, home, tmp_path, gopack_binary):
    """The part of its name behind the colon would be a directory of PATH, where somebody else may put a go."""
    s = stick(tmp_path / "a:b", whole=way == "gopack")
    evil = tmp_path / f"b/{s.tree}/bin/go"
    evil.parent.mkdir(parents=True)
    evil.write_text("#!/bin/sh\necho evil\n")
    evil.chmod(0o755)
    sourced = f". '{s.root}/goenv.sh' --data-dir data && go version"
    command = {"sourced": ["bash", "-c", sourced], "gopack": [gopack_binary, "--home", s.root, "exec", "--", "go", "version"]}
    done = run(command.get(way, [s.root / way, "--data-dir", "data", "version"]), cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 1 and done.stdout == "" and "':' in its name" in done.stderr


def test_functions_of_the_environment_change_nothing(stick, home, tmp_path):
    """bash, which is /bin/sh in places, takes them from it."""
    s = stick()
    evil = "for f in cd printf command pwd read; do eval \"$f() { exit 9; }\"; export -f $f; done"
    done = run(["bash", "-c", f"{evil}; exec bash '{s.root}/goenv.sh' --run go env GOROOT"], cwd=tmp_path, env=clean_env(home))
    assert (done.stdout, done.stderr) == (f"{s.root}/{s.tree}\n", "")


def test_plain_sh_that_cannot_find_itself_says_what_to_do(stick, home, tmp_path):
    s = stick()
    done = run(["dash", "-c", f". {s.root}/goenv.sh; echo $?"], cwd=tmp_path, env=clean_env(home))
    assert done.stdout == "1\n"
    assert "GOPACK_BUNDLE" in done.stderr


def test_launchers_are_plain_data(bundle):
    """ASCII, LF, no path of a machine, no host name."""
    names = [path.name for path in (Path(__file__).parents[2] / "lib/bundle/launchers").iterdir() if path.name != "go.env"]
    for file in (bundle / name for name in names):
        text = file.read_bytes().replace(b"\r\n", b"\n")
        assert text.isascii() and b"\r" not in text and text.endswith(b"\n"), file
        assert not any(word in text for word in (b"://", b"golang.org", b"go.dev", os.fsencode(Path.cwd()))), file
