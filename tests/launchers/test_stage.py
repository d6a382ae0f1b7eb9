"""Media that programs may not run from: the launchers copy Go to the data directory, or say what to do."""

import os
import shutil
import subprocess

import pytest
from conftest import OLD, bound_shell, clean_env, run, write_hello
from test_pointer_and_data import mounted, snapshot

VERSION = f"go version {OLD} linux/amd64\n"
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")


@pytest.fixture(scope="session")
def warm(tmp_path_factory):
    """The build cache of all copies: the one test here that builds fills it."""
    return tmp_path_factory.mktemp("cache")


def rewrite(path, content=None):
    """Gives one copy's hard link content of its own. It is not executable any more."""
    other = path.with_name(path.name + ".new")
    other.write_bytes(path.read_bytes() if content is None else content)
    other.replace(path)


def without_exec_bits(s):
    """What a FAT stick mounted with `showexec` looks like: only .exe files are executable."""
    for pattern in ("bin/*", "pkg/tool/*/*"):
        for path in (s.root / s.tree).glob(pattern):
            if path.is_file() and path.suffix != ".exe":
                rewrite(path)


@pytest.fixture
def old(stick):
    """A bundle that uses OLD, which is the smaller one."""
    s = stick(whole=True)
    s.tree = next(p.name for p in s.root.glob("v_*/") if p.name != s.tree and p.is_dir())
    s.point(s.tree + "\n")
    return s


@pytest.fixture(params=["noexec", "showexec"])
def medium(request, old):
    """A bundle whose programs may not be executed, and what commands that see it so begin with."""
    if request.param == "showexec":
        without_exec_bits(old)
        return old, []
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    return old, mounted(old.root, "noexec")


def staged(data):
    return [path.name for path in sorted((data / "stage").iterdir())]


def test_without_a_data_directory_it_says_what_to_do(medium, shell, home, tmp_path):
    s, on_medium = medium
    for argv in (["--run", "go", "version"], ["--run", "gofmt"], []):
        done = run([*on_medium, *shell, s.root / "goenv.sh", *argv], cwd=tmp_path, env=clean_env(home))
        assert (done.returncode, done.stdout) == (126, "" if argv else "false\n"), "what eval gets fails as well"
        assert "--data-dir DIR" in done.stderr and "mount the medium with exec rights" in done.stderr


def test_runs_from_a_checked_copy_that_is_made_once(medium, shell, home, tmp_path):
    s, on_medium = medium
    work, data = tmp_path / "work", tmp_path / "a 'b' $(touch gotcha)"
    work.mkdir()
    write_hello(work)
    go = [*on_medium, *shell, s.root / "goenv.sh", "--run", "go", "--data-dir", data]
    before = snapshot(s.root)
    done = run([*go, "env", "GOROOT"], cwd=work, env=clean_env(home))
    assert (done.returncode, done.stdout) == (0, f"{data}/stage/{s.tree}\n"), done.stderr
    assert done.stderr == f"gopack: copying {s.tree} to {data}/stage, from where it can run; this happens once\n"
    assert staged(data) == [s.tree, s.tree + ".json"]
    assert subprocess.run(["diff", "-r", s.root / s.tree, data / "stage" / s.tree], check=False).returncode == 0
    modes = {path.suffix == ".sh" or "bin" in path.parts or "tool" in path.parts: path.stat().st_mode & 0o777
             for path in (data / "stage" / s.tree).rglob("*") if path.is_file()}
    assert modes == {True: 0o555, False: 0o444}
    copy = snapshot(data / "stage")
    (data / "gopath/cache").symlink_to((s.root / "shared/gopath/cache").resolve())
    done = run([*go, "build", "-o", "hello", "."], cwd=work, env=clean_env(home))
    assert (done.returncode, done.stderr) == (0, "")
    assert run([work / "hello", "a"], env=clean_env(home)).stdout == "hello [a]\n"
    assert snapshot(data / "stage") == copy
    assert snapshot(s.root) == before
    assert not list(tmp_path.rglob("gotcha"))


def test_a_bound_shell_uses_the_copy(medium, home, tmp_path):
    s, on_medium = medium
    data = tmp_path / "data"
    script = 'command -v go; go version; go env GOROOT; printf "package  a\\n" | gofmt'
    done = run([*on_medium, *bound_shell(s, script, "--data-dir", data)], cwd=tmp_path, env=clean_env(home))
    copy = f"{data}/stage/{s.tree}"
    assert done.stdout.splitlines() == [f"{copy}/bin/go", VERSION.strip(), copy, "package a"], done.stderr


@needs_root
def test_the_data_directory_may_not_execute_either(old, shell, home, tmp_path):
    data = old.root / "data"
    go = [*mounted(old.root, "noexec"), *shell, old.root / "goenv.sh", "--run", "go", "--data-dir", data]
    done = run([*go, "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 126 and f"may not be executed in {data} either" in done.stderr
    assert staged(data) == []


@pytest.mark.parametrize("value, medium_runs, status", [("always", True, 0), ("never", True, 0), ("auto", True, 0),
                                                         ("never", False, 126), ("auto", False, 0)])
def test_setting(value, medium_runs, status, old, home, tmp_path):
    if not medium_runs:
        without_exec_bits(old)
    data = tmp_path / "data"
    (old.root / "config.yaml").write_text(f"stage: {value}\ndata_dir: {data}\n")
    done = run([old.root / "go.sh", "--portable", "version"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (status, VERSION if status == 0 else ""), done.stderr
    assert (data / "stage").exists() == (value == "always" or (value == "auto" and not medium_runs))


def test_always_needs_a_named_directory(old, home, tmp_path):
    (old.root / "config.yaml").write_text("stage: always\n")
    done = run([old.root / "go.sh", "--portable", "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 126 and "stage: always" in done.stderr and "--data-dir DIR" in done.stderr


@pytest.mark.parametrize("launcher", ["go.sh", "go-linux-amd64"])
def test_what_only_a_server_can_name_is_not_copied(launcher, old, home, tmp_path):
    (old.root / "current.txt").unlink()
    (old.root / old.tree).rename(old.root / "current")
    (old.root / "config.yaml").write_text("stage: always\n")
    done = run([old.root / launcher, "--portable", "--data-dir", tmp_path / "data", "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 126 and "have current.txt name the tree" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_full_data_directory_is_told_in_a_line(old, home, tmp_path):
    without_exec_bits(old)
    data = tmp_path / "data"
    data.mkdir()
    mount = ["unshare", "-m", "sh", "-c", f'mount -t tmpfs -o size=4m none {data} && exec "$@"', "sh"]
    done = run([*mount, old.root / "go.sh", "--data-dir", data, "version"], cwd=tmp_path, env=clean_env(home))
    assert done.returncode == 1 and "No space left on device" in done.stderr and done.stderr.count("\n") == 2, done.stderr[:500]


DAMAGES = {
    "changed": lambda s: rewrite(s.root / s.tree / "src/fmt/print.go", b"package fmt\n"),
    "missing": lambda s: (s.root / s.tree / "src/fmt/print.go").unlink(),
    "no sums": lambda s: (s.root / "SHA256SUMS").unlink(),
    "other sums": lambda s: (s.root / "SHA256SUMS").write_text("0" * 64 + "  go.sh\n"),
    "manifest": lambda s: (s.root / f"{s.tree}.json").write_text("{}\n"),
    "no manifest": lambda s: (s.root / f"{s.tree}.json").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_tree_is_refused(damage, old, home, tmp_path):
    without_exec_bits(old)
    DAMAGES[damage](old)
    data = tmp_path / "data"
    done = run([old.root / "go.sh", "--data-dir", data, "version"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("gopack: "), done.stderr
    if damage in ("changed", "missing"):
        assert f"{old.tree}/src/fmt/print.go: FAILED" in done.stderr
    assert staged(data) == []


def test_starts_at_the_same_time_make_one_copy(old, home, tmp_path):
    without_exec_bits(old)
    argv = [old.root / "go.sh", "--data-dir", tmp_path / "data", "version"]
    started = [subprocess.Popen(argv, env=clean_env(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
               for _ in range(3)]
    for process in started:
        out, err = process.communicate(timeout=600)
        assert (process.returncode, out) == (0, VERSION), err
    assert staged(tmp_path / "data") == [old.tree, old.tree + ".json"]


def test_what_was_cut_off_is_cleared_away(old, home, tmp_path):
    """A copy that never got its manifest, one that never got its name, one that was deleted or cut off in part."""
    without_exec_bits(old)
    stage = tmp_path / "data/stage"
    for directory in (stage / old.tree / "bin", stage / ".new.abcdef/bin"):
        directory.mkdir(parents=True)
        (directory / "go").write_text("half of it")
    (stage / ".new.abcdef/bin").chmod(0o555)
    os.utime(stage / ".new.abcdef", (0, 0))
    done = run([old.root / "go.sh", "--data-dir", tmp_path / "data", "version"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (0, VERSION), done.stderr
    assert staged(tmp_path / "data") == [old.tree, old.tree + ".json"]
    (stage / f"{old.tree}.json").write_text("{}\n")
    done = run([old.root / "go.sh", "--data-dir", tmp_path / "data", "version"], cwd=tmp_path, env=clean_env(home))
    assert done.stdout == VERSION and "copying" in done.stderr
    assert (stage / f"{old.tree}.json").read_bytes() == (old.root / f"{old.tree}.json").read_bytes()
    source, copy = old.root / old.tree / "src/fmt/print.go", stage / old.tree / "src/fmt/print.go"
    for damage in (copy.unlink, lambda: os.truncate(copy, 1000)):
        damage()
        done = run([old.root / "go.sh", "--data-dir", tmp_path / "data", "version"], cwd=tmp_path, env=clean_env(home))
        assert done.stdout == VERSION and "copying" in done.stderr
        assert copy.read_bytes() == source.read_bytes()


def test_go_that_needs_a_loader_the_system_lacks(stick, shell, home, tmp_path):
    """As Go before 1.21 does on Alpine."""
    s = stick(whole=True)
    program = s.root / s.tree / "bin/go"
    rewrite(program, open(shutil.which("true"), "rb").read().replace(b"/lib64/ld-linux-x86-64", b"/lib64/ld-nowhere-i-s-"))
    program.chmod(0o555)
    done = run([*shell, s.root / "goenv.sh", "--run", "go", "version"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stdout) == (126, "")
    assert "loader of glibc" in done.stderr
