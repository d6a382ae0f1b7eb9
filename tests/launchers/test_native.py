"""The native launcher of Linux: what test_sh and test_pointer_and_data say of go.sh holds for it as well."""

import json
import os
import subprocess

import pytest
from conftest import HEX, NEW, OLD, clean_env, run, seen, write_hello
from test_pointer_and_data import BAD_POINTERS, SETTINGS, read_only_mount, snapshot
from test_sh import ARGUMENTS, JUNK, NAMES, bound, evil

GO = "go-linux-" + {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, "")
VERSION = f"go version {NEW} linux/amd64\n"


def noexec_mount(path):
    return ["unshare", "-m", "sh", "-c", 'mount --bind "$0" "$0" && mount -o remount,noexec,bind "$0" && exec "$@"', path]


@pytest.fixture
def linked(tmp_path):
    """Makes ~/bin/NAME, a link to a bundle's launcher: the way it is meant to be used."""

    def make(s, name="go"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(s.root / GO)
        return tmp_path / "bin" / name

    return make


def test_is_one_static_file(stick):
    program = stick().root / GO
    listed = run(["readelf", "-d", program], env=dict(os.environ)).stdout
    assert "NEEDED" not in listed and "no dynamic section" in listed


def test_builds_and_runs_from_path(stick, linked, home, tmp_path):
    s = stick()
    env = clean_env(home, **JUNK, CGO_ENABLED="0")
    env["PATH"] = f"{linked(s).parent}:{env['PATH']}"
    work = tmp_path / "work"
    work.mkdir()
    write_hello(work)
    done = run(["/usr/bin/env", "go", "build", "-o", "hello", "."], cwd=work, env=env)
    assert done.returncode == 0, done.stderr
    done = run([work / "hello", "a"], env=clean_env(home))
    assert (done.returncode, done.stdout) == (7, "hello [a]\n")


def test_binds_the_environment_whatever_was_inherited(stick, linked, home, tmp_path):
    s = stick()
    done = run([linked(s), "env", "-json"], cwd=tmp_path, env=clean_env(home, **JUNK))
    assert done.returncode == 0, done.stderr
    env = json.loads(done.stdout)
    expected = bound(s.root, s.tree, s.root / "shared")
    assert {k: env[k] for k in expected} == expected
    assert env["GOTELEMETRY"] == "off"


def test_is_gofmt_by_its_name(stick, linked, home, tmp_path):
    s = stick()
    (tmp_path / "a.go").write_text("package  a\n")
    for name in ("gofmt", "gofmt-1.26"):
        done = run([linked(s, name), "a.go"], cwd=tmp_path, env=clean_env(home))
        assert (done.returncode, done.stdout) == (0, "package a\n")


def test_exit_status_is_that_of_go(stick, home, tmp_path):
    done = run([stick().root / GO, "no-such-command"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 2 and "unknown command" in done.stderr


def test_arguments_arrive_unchanged(shows, home, tmp_path):
    done = run([shows() / GO, *ARGUMENTS], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, seen(done)[0]) == (7, ARGUMENTS), done.stderr


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_hostile_directory(name, stick, linked, home, tmp_path):
    outer = tmp_path / "outer"
    s = stick(outer / name)
    expected = bound(s.root, s.tree, s.root / "shared")
    names = list(expected)
    for program, cwd in ((s.root / GO, tmp_path), (f"./{name}/{GO}", outer), (f"./{GO}", s.root), (linked(s), tmp_path)):
        done = run([program, "env", *names], cwd=cwd, env=clean_env(home))
        assert done.returncode == 0, done.stderr
        assert done.stdout == "".join(expected[n] + "\n" for n in names)


def test_evil_programs_do_not_run(stick, home, tmp_path):
    s = stick()
    bad = evil(tmp_path / "evil")
    done = run([s.root / GO, "version"], cwd=bad, env=clean_env(home, PATH=f".:{bad}"))
    assert (done.returncode, done.stdout) == (0, VERSION), done.stderr
    assert not list(tmp_path.glob("ran.*"))


def test_git_run_by_go_keeps_the_settings_of_the_user(stick, tmp_path):
    s = stick()
    (tmp_path / "me/.config/git").mkdir(parents=True)
    (tmp_path / "me/.config/git/config").write_text("[gopack]\n\tprobe = found\n")
    (tmp_path / "gen.go").write_text("package gen\n\n//go:generate git config --get gopack.probe\n")
    done = run([s.root / GO, "generate", "gen.go"], cwd=tmp_path, env=clean_env(tmp_path / "me"))
    assert (done.returncode, done.stdout) == (0, "found\n"), done.stderr
    assert not (tmp_path / "me/.config/go").exists()


@pytest.mark.parametrize("text", BAD_POINTERS.values(), ids=BAD_POINTERS.keys())
def test_malformed_pointer(text, stick, home, tmp_path):
    """Without a history it is refused; with one, the newest tree that is there stands in, and it is said."""
    s = stick()
    (s.root / s.tree).rename(s.root / ("v_" + HEX))
    s.point(text)
    history = s.root / ".gopack/history"
    history.write_text("")
    done = run([s.root / GO, "version"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{s.root}/current.txt does not name a tree" in done.stderr
    history.write_text(f"- v_{HEX}\nv_{HEX} v_{'0' * 16}\n")
    done = run([s.root / GO, "version"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (0, VERSION)
    assert len(done.stderr.splitlines()) == 1 and f"v_{HEX}" in done.stderr


@pytest.mark.parametrize("end", ["\n", "\r\n", ""], ids=ascii)
def test_text_pointer(end, stick, home, tmp_path):
    s = stick()
    s.point(s.tree + end)
    done = run([s.root / GO, "version"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout, done.stderr) == (0, VERSION, "")


def test_link_to_a_missing_tree_falls_back(stick, home, tmp_path):
    s = stick()
    (s.root / "current.txt").unlink()
    done = run([s.root / GO, "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 1 and "use.sh" in done.stderr
    (s.root / "current").symlink_to("v_" + HEX)
    done = run([s.root / GO, "version"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (0, VERSION)
    assert f"names v_{HEX}, which is not in this bundle" in done.stderr


@pytest.mark.parametrize("launcher", [GO, "go.sh"])
def test_a_directory_comes_behind_the_text_pointer(launcher, stick, home, tmp_path):
    """A link that only a server sees is a directory here, and cannot be switched. The text says which tree it is."""
    s = stick(whole=True)
    old = next(p.name for p in s.root.glob("v_*/") if p.name != s.tree)
    (s.root / s.tree).rename(s.root / "current")
    s.root.joinpath("current.txt").write_text(old + "\n")
    done = run([s.root / launcher, "env", "GOVERSION", "GOROOT"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{OLD}\n{s.root}/{old}\n", "")
    (s.root / "current.txt").unlink()
    done = run([s.root / launcher, "env", "GOVERSION", "GOROOT"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{NEW}\n{s.root}/current\n", "")
    done = run([s.root / "use.sh", OLD], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 1 and f"{s.root}/current is not a link" in done.stderr
    assert [path.name for path in s.root.glob("current*")] == ["current"]


@pytest.mark.parametrize("launcher", [GO, "go.sh"])
def test_the_last_of_two_settings_counts(launcher, stick, home, tmp_path):
    s = stick()
    for text, expected in (("gotoolchain: path\nenv.GOTOOLCHAIN: auto", "auto"), ("env.GOTOOLCHAIN: auto\ngotoolchain: path", "path"),
                           ("gotoolchain: path\ngotoolchain:", "path")):
        (s.root / "config.yaml").write_text(text + "\n")
        done = run([s.root / launcher, "--portable", "env", "GOTOOLCHAIN"], cwd=tmp_path, env=clean_env(home))
        assert (done.returncode, done.stdout) == (0, expected + "\n"), done.stderr


def test_platform_that_the_tree_lacks(stick, home, tmp_path):
    s = stick(whole=True)
    tools = s.root / s.tree / "pkg/tool"
    (tools / "linux_amd64").rename(tools / "darwin_arm64")
    done = run([s.root / GO, "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 1
    assert "no Go for linux_amd64, only for:" in done.stderr and "darwin_arm64" in done.stderr


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=ascii)
def test_portable_reads_config_yaml(end, stick, linked, home, tmp_path):
    s = stick()
    settings = SETTINGS + "env.GOFLAGS: -mod=mod\nenv.GOAMD64: v3\n"
    (s.root / "config.yaml").write_bytes(settings.replace("\n", end).encode())
    done = run([linked(s), "--portable", "env", "-json"], cwd=tmp_path,
               env=clean_env(home, GOSUMDB="sum.example.test", GOFLAGS="-x"))
    assert done.returncode == 0, done.stderr
    env = json.loads(done.stdout)
    expected = {"GOPATH": f"{s.root}/my data/gopath", "GOPROXY": "off", "GOPRIVATE": "example.test,a#b", "GOFLAGS": "-mod=mod",
                "GOSUMDB": "sum.example.test", "GOTOOLCHAIN": "local+path", "GOAMD64": "v3"}
    assert {k: env[k] for k in expected} == expected


def test_settings_as_delivered_and_wrong_ones(stick, home, tmp_path):
    s = stick()
    done = run([s.root / GO, "--portable", "env", "GOPATH", "GOTOOLCHAIN"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (0, f"{s.root}/shared/gopath\nlocal\n"), done.stderr
    (s.root / "config.yaml").write_text("goproxy: off\n$(touch gotcha): x\n")
    done = run([s.root / GO, "--portable", "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 2 and "config.yaml, line 2: unknown setting '$(touch gotcha)'" in done.stderr
    (s.root / "config.yaml").unlink()
    assert run([s.root / GO, "--portable", "version"], cwd=tmp_path, env=clean_env(home)).returncode == 1
    assert run([s.root / GO, "--data-dir"], cwd=tmp_path, env=clean_env(home)).returncode == 2


@pytest.mark.parametrize("option", [["--data-dir", "{data}"], ["--data-dir={data}"], ["--data-dir", "./data $(x)"],
                                    ["--portable", "--data-dir", "{data}"], ["--data-dir", "{data}", "--portable"]],
                         ids=" ".join)
def test_data_dir_takes_all_that_is_written(option, stick, home, tmp_path):
    s = stick(whole=True)
    (s.root / "config.yaml").write_text("data_dir: elsewhere\n")
    with open(s.root / "shared/gopath/go.env", "a", encoding="utf-8") as file:
        file.write("GOPRIVATE=preset.test\n")
    before, data = snapshot(s.root), tmp_path / "data $(x)"
    mount = read_only_mount(s.root) if os.geteuid() == 0 else []
    go = [*mount, s.root / GO, *(word.format(data=data) for word in option)]
    run([*go, "env", "-w", "GONOSUMDB=mine.test"], cwd=tmp_path, env=clean_env(home))
    done = run([*go, "env", "GOPRIVATE", "GONOSUMDB", "GOPATH", "GOTELEMETRYDIR"], cwd=tmp_path, env=clean_env(home))
    assert done.stdout == f"preset.test\nmine.test\n{data}/gopath\n{data}/telemetry\n", done.stderr
    assert snapshot(s.root) == before


def test_directories_that_cannot_be_used(stick, home, tmp_path):
    s = stick()
    done = run([s.root / GO, "--data-dir", "a:b", "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 1 and "with ':' in its name" in done.stderr
    (tmp_path / "file").touch()
    done = run([s.root / GO, "--data-dir", tmp_path / "file/x", "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 1 and "--data-dir" in done.stderr


@pytest.mark.parametrize("launcher", [GO, "go.sh"])
def test_warm_cache_is_kept_and_seeded(launcher, stick, home, tmp_path):
    """Of a bundle that was warmed anew, or has moved, the links are replaced; what Go has put between them stays."""
    s = stick()
    cache, data = s.root / "shared/gopath/cache", tmp_path / "data"
    own = data / "gopath/cache/ab"

    def start(*options):
        assert run([s.root / launcher, *options, "version"], cwd=tmp_path, env=clean_env(home)).returncode == 0

    cache.unlink()
    (cache / "ab").mkdir(parents=True)
    for name in ("entry-d", "other-d", "both-d", "entry-a"):
        (cache / "ab" / name).write_text("content")
    (cache / "gopack-warm").write_text("12345\n")
    (cache / "trim.txt").write_text("1262304000\n")
    own.mkdir(parents=True)
    (own / "both-d").write_text("own")
    (own / "entry-a").symlink_to(cache / "ab/entry-a")
    for options, trimmed in (([], cache), (["--data-dir", data], data / "gopath/cache")):
        start(*options)
        assert int((trimmed / "trim.txt").read_text()) > 1_700_000_000
    assert (own / "entry-d").resolve() == cache / "ab/entry-d"
    assert (own.parent / "gopack-base").read_text() == f"12345 {cache}\n"
    (own / "entry-a").write_text("rebuilt")
    (own / "own-d").write_text("own")
    (cache / "gopack-warm").write_text("23456\n")
    (cache / "ab/other-d").unlink()
    (cache / "ab/new-d").write_text("content")
    for _ in range(2):
        start("--data-dir", data)
        assert {path.name: path.resolve() for path in own.iterdir()} == {
            "entry-d": cache / "ab/entry-d", "new-d": cache / "ab/new-d", "both-d": own / "both-d", "own-d": own / "own-d",
            "entry-a": own / "entry-a"}
        assert (own / "entry-a").read_text() == "rebuilt" and (cache / "ab/entry-a").read_text() == "content"
        assert (own / "both-d").read_text() == (own / "own-d").read_text() == "own"
        s.root = s.root.rename(tmp_path / "elsewhere")
        cache = s.root / "shared/gopath/cache"


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_medium_mounted_without_exec(stick, warm, home, tmp_path):
    """The tree lies on a noexec mount, the launcher does not."""
    s = stick(whole=True)
    tree, data = s.root / s.tree, tmp_path / "my data"
    go, env = [*noexec_mount(tree), s.root / GO], clean_env(home)
    done = run([*go, "version"], cwd=tmp_path, env=env)
    assert done.returncode == 126 and "may not be executed" in done.stderr and "--data-dir DIR" in done.stderr
    (s.root / "config.yaml").write_text("stage: never\n")
    assert run([*go, "--portable", "--data-dir", data, "version"], cwd=tmp_path, env=env).returncode == 126
    go += ["--data-dir", data]
    (data / "gopath/cache").symlink_to(warm)
    done = run([*go, "version"], cwd=tmp_path, env=env)
    assert (done.returncode, done.stdout) == (0, VERSION), done.stderr
    assert done.stderr.count("\n") == 1 and "copying" in done.stderr
    done = run([*go, "env", "GOROOT"], cwd=tmp_path, env=env)
    copy = data / "stage" / s.tree
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{copy}\n", "")
    assert subprocess.run(["diff", "-r", tree, copy]).returncode == 0
    modes = [{p.relative_to(t): os.access(p, os.X_OK) for p in t.rglob("*")} for t in (tree, copy)]
    assert modes[0] == modes[1]
    work = tmp_path / "work"
    work.mkdir()
    write_hello(work)
    assert run([*go, "vet", "."], cwd=work, env=clean_env(home, CGO_ENABLED="0")).returncode == 0
    (data / "stage" / f"{s.tree}.json").write_text("{}")
    assert "copying" in run([*go, "version"], cwd=tmp_path, env=env).stderr
    assert sorted(p.name for p in (data / "stage").iterdir()) == [s.tree, f"{s.tree}.json"]


def test_stage_always_checks_what_it_copies(stick, home, tmp_path):
    s = stick(whole=True)
    (s.root / "config.yaml").write_text("stage: always\n")
    go, env = [s.root / GO, "--portable"], clean_env(home)
    done = run([*go, "version"], cwd=tmp_path, env=env)
    assert done.returncode == 126 and "data_dir" in done.stderr
    go += ["--data-dir", tmp_path / "data"]
    print_go = s.root / s.tree / "src/fmt/print.go"
    content = print_go.read_bytes()
    print_go.unlink()
    print_go.write_bytes(content.replace(b"Println", b"Printlm", 1))
    done = run([*go, "version"], cwd=tmp_path, env=env)
    assert done.returncode == 1 and f"{print_go} is damaged" in done.stderr
    assert not list((tmp_path / "data/stage").iterdir())
    print_go.unlink()
    print_go.write_bytes(content)
    for copied in (True, False):
        done = run([*go, "env", "GOROOT"], cwd=tmp_path, env=env)
        assert done.stdout == f"{tmp_path}/data/stage/{s.tree}\n" and ("copying" in done.stderr) == copied
    copy = tmp_path / "data/stage" / s.tree / "src/fmt/print.go"
    for damage in (copy.unlink, lambda: os.truncate(copy, 1000)):
        damage()
        assert "copying" in run([*go, "version"], cwd=tmp_path, env=env).stderr
        assert copy.read_bytes() == content
    (s.root / f"{s.tree}.json").write_text("{}\n")
    done = run([*go, "version"], cwd=tmp_path, env=env)
    assert done.returncode == 1 and f"{s.tree}.json is not what SHA256SUMS says" in done.stderr


def test_follows_a_switch(stick, linked, home, tmp_path):
    s = stick()
    go = linked(s)
    assert run([s.root / "use.sh", OLD], cwd=tmp_path, env=clean_env(home)).returncode == 0
    assert run([go, "version"], cwd=tmp_path, env=clean_env(home)).stdout == f"go version {OLD} linux/amd64\n"
