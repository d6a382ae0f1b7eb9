"""What the launchers read (pointer, settings) and where they write."""

import json
import os
import re
import shutil
import subprocess

import pytest
from conftest import HEX, NEW, OLD, bound_shell, clean_env, run, write_hello

BAD_POINTERS = {
    "empty": "", "blank": "\n", "no prefix": HEX + "\n", "short": "v_" + HEX[:15] + "\n", "long": "v_" + HEX + "0\n",
    "upper case": "v_" + HEX.upper() + "\n", "not hex": "v_" + HEX[:15] + "g\n", "parent": "v_../../x\n",
    "path": "./v_" + HEX + "\n", "BOM": "\ufeffv_" + HEX + "\n", "command": "$(touch gotcha)\n", "amp": "& touch gotcha\n",
    "blank before": " v_" + HEX + "\n", "glob": "v_" + "?" * 16 + "\n", "second line": "v_" + HEX + "\nv_" + HEX + "\n",
    "binary": b"\xff\x00\x01", "trailing": "v_" + HEX + " x\n", "NUL": "v_" + HEX[:8] + "\0" + HEX[8:] + "\n",
    "NUL for CR": "v_" + HEX + "\0\n", "two line ends": "v_" + HEX + "\n\n", "huge": ("v_" + HEX + "\n") * 600_000,
    "long line": "v_" + "0" * 10_000_000,
}


@pytest.mark.parametrize("text", BAD_POINTERS.values(), ids=BAD_POINTERS.keys())
def test_malformed_pointer_is_refused(text, shell, stick, home, tmp_path):
    s = stick()
    (s.root / s.tree).rename(s.root / ("v_" + HEX))
    s.point(text)
    done = run([*shell, s.root / "goenv.sh", "--run", "go", "version"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{s.root}/current.txt does not name a tree" in done.stderr
    assert not (tmp_path / "gotcha").exists()


@pytest.mark.parametrize("end", ["\n", "\r\n", ""], ids=ascii)
def test_text_pointer(end, shell, stick, home, tmp_path):
    s = stick()
    s.point(s.tree + end)
    done = run([*shell, s.root / "goenv.sh", "--run", "go", "version"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (0, f"go version {NEW} linux/amd64\n"), done.stderr


DANGLING, BAD = f"v_{HEX} v_{HEX[::-1]}", "v_../../x $(touch gotcha)"
HISTORIES = {  # the tree that is taken; the pointer dangles or is malformed
    "newest to": (["{old} {new}", "{new} {old}"], OLD),
    "newest that is usable": (["{old} {new}", DANGLING, BAD], NEW),
    "from": (["{old} v_" + HEX], OLD),
    "to before from": (["{old} {new}"], NEW),
    "first": (["- {old}"], OLD),
    "CRLF": (["{new} {old}\r"], OLD),
    "nothing usable": ([DANGLING, BAD, "- -", "{old}x {new}x", ""], None),
    "none": ([], None),
}


@pytest.mark.parametrize("pointer", ["v_" + HEX, "v_nonsense", ""], ids=["dangling", "malformed", "empty"])
@pytest.mark.parametrize("kind", ["link", "text"])
@pytest.mark.parametrize("history", HISTORIES)
def test_falls_back_to_the_newest_usable_switch(history, kind, pointer, stick, home, tmp_path):
    s = stick()
    old = next(p.name for p in s.root.glob("v_*/") if p.name != s.tree and p.is_dir())
    lines, taken = HISTORIES[history]
    (s.root / ".gopack/history").write_text("".join(line.format(old=old, new=s.tree) + "\n" for line in lines))
    s.point(pointer + "\n")
    if kind == "link" and pointer:
        (s.root / "current.txt").unlink()
        (s.root / "current").symlink_to(pointer)
    done = run([s.root / "go.sh", "version"], cwd=tmp_path, env=clean_env(home))
    wrong = f"names {pointer}, which is not in this bundle" if pointer.endswith(HEX) else "does not name a tree"
    assert done.stderr.startswith(f"gopack: {s.root}/current") and wrong in done.stderr and done.stderr.count("\n") == 1
    if taken:
        assert (done.returncode, done.stdout) == (0, f"go version {taken} linux/amd64\n")
    else:
        assert (done.returncode, done.stdout) == (1, "") and "choose one with use.sh" in done.stderr
    assert not list(tmp_path.rglob("gotcha"))


def test_use_records_the_switch_for_rollback_and_fall_back(shell, stick, home, gopack_binary):
    s = stick(whole=True)
    (s.root / ".gopack/history").unlink()
    old = next(p.name for p in s.root.glob("v_*/") if p.name != s.tree and p.is_dir())
    for wanted in (OLD, OLD, NEW, OLD):
        assert use(shell, s, wanted, home=home).returncode == 0
    history = (s.root / ".gopack/history").read_text().splitlines()
    assert history == [f"{s.tree} {old}", f"{old} {s.tree}", f"{s.tree} {old}"]
    done = run([gopack_binary, "-q", "--home", s.root, "rollback"], env=clean_env(home.parent))
    assert (done.returncode, s.current) == (0, s.tree), done.stderr
    (s.root / ".gopack/history").write_text(f"{old} {s.tree}\n" * 100)
    s.point("nonsense\n")
    assert use(shell, s, OLD, home=home).returncode == 0
    history = (s.root / ".gopack/history").read_text().splitlines()
    assert (len(history), history[-1]) == (100, f"- {old}")


def test_no_pointer(stick, home, tmp_path):
    s = stick()
    (s.root / "current.txt").unlink()
    done = run([s.root / "go.sh", "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 1
    assert "use.sh" in done.stderr


def test_platform_that_the_tree_lacks(stick, home, tmp_path):
    s = stick(whole=True)
    tools = s.root / s.tree / "pkg/tool"
    (tools / "linux_amd64").rename(tools / "darwin_arm64")
    done = run([s.root / "go.sh", "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 1
    assert "no Go for linux_amd64, only for: darwin_arm64 windows_amd64\n" in done.stderr


def test_programs_of_several_platforms(stick, home, tmp_path):
    """Where bin/go would be that of two systems, each has a directory of its own."""
    s = stick(whole=True)
    own = s.root / s.tree / "bin/linux_amd64"
    own.mkdir()
    for name in ("go", "gofmt"):
        (s.root / s.tree / "bin" / name).rename(own / name)
    work = tmp_path / "work"
    work.mkdir()
    write_hello(work)
    for command in (["build", "-o", "hello", "."], ["fmt", "."], ["vet", "."]):
        done = run([s.root / "go.sh", *command], cwd=work, env=clean_env(home))
        assert done.returncode == 0, done.stderr
    done = run(bound_shell(s, "command -v go; command -v gofmt"), env=clean_env(home))
    assert done.stdout == f"{own}/go\n{own}/gofmt\n"


SETTINGS = """# comment
; comment

data_dir:  'my data'   # where
goproxy: "off"
goprivate:\texample.test,a#b  # more
gosumdb:
gotoolchain: local+path
env.GOFLAGS: -mod=mod -v
env.GOINSECURE: "it's $(touch gotcha) `x` %x% !"
env.data:shell
env.GONOSUMDB:
"""


@pytest.mark.parametrize("end, start", [("\n", ""), ("\r\n", "\ufeff")], ids=ascii)
def test_portable_reads_config_yaml(end, start, shell, stick, home, tmp_path):
    s = stick()
    (s.root / "config.yaml").write_bytes((start + SETTINGS).replace("\n", end).encode())
    done = run([*shell, s.root / "goenv.sh", "--run", "go", "--portable", "env", "-json"], cwd=tmp_path,
               env=clean_env(home, GOSUMDB="sum.example.test"))
    assert done.returncode == 0, done.stderr
    env = json.loads(done.stdout)
    expected = {"GOPATH": f"{s.root}/my data/gopath", "GOPROXY": "off", "GOPRIVATE": "example.test,a#b",
                "GOSUMDB": "sum.example.test", "GOTOOLCHAIN": "local+path", "GOFLAGS": "-mod=mod -v",
                "GOINSECURE": "it's $(touch gotcha) `x` %x% !"}
    assert {k: env[k] for k in expected} == expected
    script = 'eval "$(sh "$0/goenv.sh" --portable)"; printf "%s\\n" "$GOFLAGS" "$GOINSECURE" "$data"'
    done = run(["sh", "-c", script, s.root], cwd=tmp_path, env=clean_env(home))
    assert done.stdout == "-mod=mod -v\nit's $(touch gotcha) `x` %x% !\nshell\n", done.stderr
    assert not (tmp_path / "gotcha").exists()


def test_settings_are_not_read_without_portable(stick, home, tmp_path):
    s = stick()
    (s.root / "config.yaml").write_text(SETTINGS)
    done = run([s.root / "go.sh", "env", "GOPATH", "GOPRIVATE"], cwd=tmp_path, env=clean_env(home))
    assert done.stdout == f"{s.root}/shared/gopath\n\n"


def test_the_settings_as_delivered_are_valid(stick, home, tmp_path):
    s = stick()
    done = run([s.root / "go.sh", "--portable", "env", "GOPATH", "GOTOOLCHAIN"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (0, f"{s.root}/shared/gopath\nlocal\n"), done.stderr


def test_a_wrong_setting_is_named_with_its_line(stick, home, tmp_path):
    s = stick()
    for text, message in (("goproxy: off\n$(touch gotcha): x\n", "line 2: unknown setting '$(touch gotcha)'"),
                          ("goproxy\n", "line 1: not of the form"), ("stage: sometimes\n", "line 1: stage is auto, never or always"),
                          ("env.A=$(touch gotcha); B: x\n", "line 1: unknown setting 'env.A=$(touch gotcha); B'"),
                          ("env.1: x\n", "line 1: unknown setting 'env.1'"), ("env.: x\n", "line 1: unknown setting 'env.'"),
                          ("env.é: x\n", "unknown setting 'env.é'")):
        (s.root / "config.yaml").write_text(text)
        done = run([s.root / "go.sh", "--portable", "version"], cwd=tmp_path, env=clean_env(home))
        assert done.returncode == 2
        assert message in done.stderr
    (s.root / "config.yaml").unlink()
    done = run([s.root / "go.sh", "--portable", "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 1
    assert not (tmp_path / "gotcha").exists()


def snapshot(root):
    """Every path below with what would change if it were written to."""
    found = {}
    for directory, dirs, files in os.walk(root):
        for name in dirs + files:
            path = os.path.join(directory, name)
            info = os.lstat(path)
            found[path] = (info.st_ino, info.st_mode, info.st_size, info.st_mtime_ns)
    return found


@pytest.mark.parametrize("option", [["--data-dir", "{data}"], ["--data-dir={data}"], ["--data-dir", "./data $(x)"],
                                    ["--portable", "--data-dir", "{data}"], ["--data-dir", "{data}", "--portable"]],
                         ids=" ".join)
def test_data_dir_takes_all_that_is_written(option, stick, home, tmp_path, warm):
    s = stick(whole=True)
    (s.root / "config.yaml").write_text("data_dir: elsewhere\n")
    with open(s.root / "shared/gopath/go.env", "a", encoding="utf-8") as file:
        file.write("GOPRIVATE=preset.test\n")
    before = snapshot(s.root)
    work, data = tmp_path / "work", tmp_path / "data $(x)"
    work.mkdir()
    write_hello(work)
    (data / "gopath").mkdir(parents=True)
    subprocess.run(["cp", "-al", warm, data / "gopath/cache"], check=True)
    go = [s.root / "go.sh", *(word.format(data=data) for word in option)]
    run([*go, "env", "-w", "GONOSUMDB=mine.test"], cwd=tmp_path, env=clean_env(home))
    done = run([*go, "env", "GOPRIVATE", "GONOSUMDB", "GOPATH", "GOTELEMETRYDIR"], cwd=tmp_path, env=clean_env(home))
    assert done.stdout == f"preset.test\nmine.test\n{data}/gopath\n{data}/telemetry\n", done.stderr
    done = run([*go, "-C", work, "install", "."], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 0, done.stderr
    assert (data / "gopath/bin/hello").exists()
    assert snapshot(s.root) == before


def test_data_dir_without_a_directory(stick, home, tmp_path):
    s = stick()
    for argv in (["--data-dir"], ["--data-dir", ""]):
        assert run([s.root / "go.sh", *argv], cwd=tmp_path, env=clean_env(home)).returncode == 2


def mounted(path, options):
    """PATH mounted with these options, in a mount namespace of the command's own."""
    return ["unshare", "-m", "sh", "-c", f'mount --bind "$0" "$0" && mount -o remount,{options},bind "$0" && exec "$@"', path]


def read_only_mount(path):
    """A read-only view of PATH, as a write-protected stick is."""
    return mounted(path, "ro")


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_read_only_bundle(stick, home, tmp_path):
    s = stick()
    work = tmp_path / "work"
    work.mkdir()
    write_hello(work)
    (s.root / "shared/gopath/cache").unlink()
    on_stick = read_only_mount(s.root)
    done = run([*on_stick, s.root / "go.sh", "version"], cwd=work, env=clean_env(home))
    assert done.returncode == 1
    assert "cannot write in" in done.stderr and "--data-dir" in done.stderr
    go = [*on_stick, s.root / "go.sh", "--data-dir", tmp_path / "data"]
    assert run([*go, "env", "-w", "GOPRIVATE=x.test"], cwd=work, env=clean_env(home)).returncode == 0
    done = run([*go, "vet", "internal/goarch"], cwd=work, env=clean_env(home))
    assert done.returncode == 0, done.stderr
    assert "GOPRIVATE=x.test" in (tmp_path / "data/gopath/go.env").read_text()


def test_go_env_of_the_data_directory_is_kept(stick, home, tmp_path):
    s = stick()
    (tmp_path / "data/gopath").mkdir(parents=True)
    (tmp_path / "data/gopath/go.env").write_text("GOPRIVATE=kept.test\n")
    done = run([s.root / "go.sh", "--data-dir", tmp_path / "data", "env", "GOPRIVATE"], env=clean_env(home))
    assert done.stdout == "kept.test\n"


def use(shell, s, *argv, home):
    return run([*shell, s.root / "use.sh", *argv], cwd=home, env=clean_env(home))


def make_for_unix(s):
    """What is for Windows is taken out of a copy with trees of its own."""
    for tool in s.root.glob("v_*/pkg/tool/windows_*"):
        shutil.rmtree(tool)


@pytest.mark.parametrize("kind", ["link", "text", "both"])
@pytest.mark.parametrize("system", ["windows", "unix"])
def test_use_leaves_one_pointer_that_all_readers_understand(system, kind, shell, stick, home):
    """A text where there is a tree for Windows, to which a link may be a file."""
    s = stick(whole=True)
    if system == "unix":
        make_for_unix(s)
    link, text = s.root / "current", s.root / "current.txt"
    if kind != "text":
        link.symlink_to(s.tree)
    if kind == "link":
        text.unlink()
    old = next(p.name for p in s.root.glob("v_*/") if p.name not in (s.tree, "current") and not p.is_symlink())
    minor = OLD[2:].rpartition(".")[0]
    for wanted in (minor, OLD, OLD[2:], old, old[:6], minor + "+minimal", OLD + "/linux-amd64", minor + "+minimal/linux/amd64"):
        assert use(shell, s, NEW, home=home).returncode == 0
        done = use(shell, s, wanted, home=home)
        assert (done.returncode, done.stderr) == (0, f"{OLD} is current: {old}\n")
        assert s.current == old
        assert (link.is_symlink(), text.exists()) == ((True, False) if system == "unix" and kind != "text" else (False, True))
        assert run([s.root / "go.sh", "version"], env=clean_env(home)).stdout == f"go version {OLD} linux/amd64\n"
    assert {p.name for p in s.root.iterdir() if p.name.startswith(".")} == {".gopack"}
    assert {p.name for p in (s.root / s.tree).iterdir()} >= {"VERSION", "bin"} and not (s.root / old / "current").exists()


def test_use_replaces_a_link_that_is_a_file_here(shell, stick, home):
    s = stick()
    (s.root / "current").write_bytes(b"IntxLNK\1" + s.tree.encode("utf-16-le"))
    assert use(shell, s, OLD, home=home).returncode == 0
    assert not (s.root / "current").exists() and s.current != s.tree
    (s.root / "current").write_text("notes")
    done = use(shell, s, NEW, home=home)
    assert done.returncode == 1 and "current is not a link" in done.stderr and s.current != s.tree


def test_use_lists(shell, stick, home):
    s = stick()
    done = use(shell, s, home=home)
    assert done.returncode == 0, done.stderr
    rows = {line.split()[-3]: line for line in done.stdout.splitlines()}
    assert set(rows) == {NEW, OLD}
    assert rows[NEW].split() == ["*", s.tree, NEW, "minimal", "linux/amd64,windows/amd64"]
    assert rows[OLD].startswith("  v_") and rows[OLD].split()[2:] == ["minimal", "linux/amd64"]


@pytest.mark.parametrize("wanted, status", [("1.26+full", 1), ("1.22/windows-amd64", 1), ("1.26/../pkg", 1), ("1.99", 1), ("go1.2", 1), ("v_", 1), ("*", 1), ("", 2), ("v_[0-9]", 1)])
def test_use_refuses_what_it_does_not_have(wanted, status, shell, stick, home):
    s = stick()
    done = use(shell, s, wanted, home=home)
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith("gopack: ")
    assert s.current == s.tree


def test_use_takes_the_newest_patch_and_no_prerelease(stick, home):
    s = stick()
    for number, release in enumerate(("go1.22.2", "go1.22.3", "go1.22rc9", "go1.22", "go1.9.1")):
        tree = s.root / f"v_{number:016x}"
        tree.mkdir()
        (tree / "VERSION").write_text(release + "\ntime 2026-01-01T00:00:00Z\n")
        tree.with_suffix(".json").write_text("{}\n")
    assert f"{OLD} is current" in use(["sh"], s, "1.22", home=home).stderr
    assert "go1.22rc9 is current" in use(["sh"], s, "1.22rc9", home=home).stderr
    assert "go1.9.1 is current" in use(["sh"], s, "1.9", home=home).stderr
    shutil.copytree(s.root / "v_0000000000000004", s.root / "v_0000000000000009")
    assert "go1.9.1 is current" in use(["sh"], s, "1.9", home=home).stderr  # a tree is there when its manifest is
    shutil.copy(s.root / "v_0000000000000004.json", s.root / "v_0000000000000009.json")
    assert "may be each of v_0000000000000004 v_0000000000000009" in use(["sh"], s, "1.9", home=home).stderr


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.parametrize("system, calls", [("unix", ["symlink current", "rename current"]),
                                           ("windows", ["rename current.txt", "unlink current"])])  # fmt: skip
def test_use_replaces_the_pointer_in_one_step(system, calls, stick, home, tmp_path):
    """Between the old and the new pointer there is no moment without one: a link that goes leaves the text."""
    s = stick(whole=True)
    if system == "unix":
        make_for_unix(s)
    (s.root / "current.txt").unlink()
    (s.root / "current").symlink_to(s.tree)
    run(["strace", "-f", "-y", "-o", tmp_path / "trace", "-e", "trace=/rename|unlink|symlink", "sh", s.root / "use.sh", OLD],
        cwd=home, env=dict(os.environ))
    done = [line.split(None, 1)[1] for line in (tmp_path / "trace").read_text().splitlines() if line.endswith(" = 0")]
    found = [re.match(r"(symlink|rename|unlink).*?(current(\.txt)?)\"", call) for call in done]
    assert [f"{match[1]} {match[2]}" for match in found if match] == calls, done
    assert s.current != s.tree
