"""What the caller's environment says holds, whichever launcher it is: only places are bound, and what does not hold is named."""

import os
import shutil
import subprocess
import tempfile

import pytest
from conftest import NEW, clean_env, run, write_hello
from test_native import GO
from test_pointer_and_data import mounted

WAYS = ("go.sh", GO, "goenv.sh", "gopack exec", "gopack env")

SOCKET_TEST = """package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTemporaryDirectory(t *testing.T) {
	directory := t.TempDir()
	if !strings.HasPrefix(directory, os.Getenv("TMPDIR")+"/") {
		t.Error("is not where the system keeps temporary files:", directory)
	}
	listener, err := net.Listen("unix", filepath.Join(directory, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	os.WriteFile(filepath.Join(directory, "key"), nil, 0600)
	if info, _ := os.Stat(filepath.Join(directory, "key")); info.Mode() != 0600 {
		t.Error(info.Mode())
	}
}
"""


def go(way, s, gopack_binary, *options):
    """The words that start the Go of the bundle in this way."""
    if way == "goenv.sh":
        options = " ".join(f"'{option}'" for option in options)
        return ["sh", "-c", f"""bound=$(sh '{s.root}/goenv.sh' {options}) || exit; eval "$bound"; exec go "$@\"""", "sh"]
    if way == "gopack exec":
        return [gopack_binary, "--home", s.root, "exec", "--", "go"]
    if way == "gopack env":
        return ["sh", "-c", 'bound=$("$0" --home "$1" env) || exit; eval "$bound"; shift; exec go "$@"', gopack_binary, s.root]
    return [s.root / way, *options]


@pytest.mark.parametrize("way", WAYS)
def test_programs_are_installed_for_other_systems_and_where_gobin_says(way, stick, home, gopack_binary, tmp_path):
    s = stick(whole=way.startswith("gopack"))
    write_hello(tmp_path)
    for environment, program in ({"GOOS": "windows"}, s.root / "shared/gopath/bin/windows_amd64/hello.exe"), (
        {}, s.root / "shared/gopath/bin/hello"), ({"GOBIN": str(tmp_path / "bin")}, tmp_path / "bin/hello"):  # fmt: skip
        done = run([*go(way, s, gopack_binary), "install", "."], cwd=tmp_path, env=clean_env(home, CGO_ENABLED="0", **environment))
        assert (done.returncode, done.stderr) == (0, "")
        program.unlink()


@pytest.mark.parametrize("way", WAYS)
def test_what_the_caller_sets_is_honoured_or_named(way, stick, home, gopack_binary, tmp_path):
    s = stick(whole=way.startswith("gopack"))
    mine = {"GOFLAGS": "-mod=mod", "GOBIN": str(tmp_path / "bin"), "GOTMPDIR": str(tmp_path)}
    done = run([*go(way, s, gopack_binary), "env", *mine, "GOTOOLCHAIN"], cwd=tmp_path, env=clean_env(home, GOTOOLCHAIN="go1.99.0", **mine))
    assert done.stdout.splitlines() == [*mine.values(), "local"]
    assert done.stderr.count("\n") == 1 and f"GOTOOLCHAIN=go1.99.0 is ignored, {NEW} runs" in done.stderr
    for toolchain in ("", "auto", "path", "local", "local+path", NEW, f"{NEW}+auto"):
        done = run([*go(way, s, gopack_binary), "env", "GOTOOLCHAIN"], cwd=tmp_path, env=clean_env(home, GOTOOLCHAIN=toolchain))
        assert (done.stdout, done.stderr) == ("local\n", "")


@pytest.mark.parametrize("way", WAYS)
def test_cgo_that_the_tree_lacks_is_named(way, stick, home, gopack_binary, tmp_path):
    s = stick(whole=True)
    for tool in s.root.glob("v_*/pkg/tool/linux_amd64/cgo"):
        tool.unlink()
    done = run([*go(way, s, gopack_binary), "env", "CGO_ENABLED"], cwd=tmp_path, env=clean_env(home, CGO_ENABLED="1"))
    assert done.stdout == "0\n" and done.stderr.count("\n") == 1 and "CGO_ENABLED=1 is ignored, this Go has no cgo" in done.stderr


@pytest.mark.parametrize("launcher", ["go.sh", GO])
def test_a_toolchain_of_the_settings_is_silent(launcher, stick, home, tmp_path):
    s = stick()
    (s.root / "config.yaml").write_text("gotoolchain: go1.98.0\nenv.GOTOOLCHAIN: go1.99.0\nenv.GOBIN: /theirs\nenv.GOTMPDIR: /tmp\n")
    done = run([s.root / launcher, "--portable", "version"], cwd=tmp_path, env=clean_env(home, GOTOOLCHAIN="go1.99.0", GOPROXY="off"))
    assert "is ignored" not in done.stderr and "go1.99.0" in done.stderr, "Go looks for that toolchain"
    (s.root / "config.yaml").write_text("env.GOBIN: /theirs\nenv.GOTMPDIR: /tmp\n")
    done = run([s.root / launcher, "--portable", "env", "GOBIN", "GOTMPDIR"], cwd=tmp_path, env=clean_env(home))
    assert (done.stdout, done.stderr) == ("/theirs\n/tmp\n", "")


def test_bindings_within_each_other_are_silent(stick, home, gopack_binary, tmp_path):
    """A bound shell, a launcher in it, another bundle's binding and launcher, and gopack exec in that."""
    s, other = stick(whole=True), stick(tmp_path / "other")
    script = (f'eval "$(sh {s.root}/goenv.sh)"; {s.root}/go.sh env GOPATH; eval "$(sh {other.root}/goenv.sh)"; go env GOPATH;'
              f' {other.root}/{GO} env GOPATH; "$0" --home {s.root} exec -- {other.root}/go.sh env GOPATH')  # fmt: skip
    done = run(["sh", "-c", script, gopack_binary], cwd=tmp_path, env=clean_env(home))
    paths = [f"{root}/shared/gopath\n" for root in (s.root, other.root, other.root, other.root)]
    assert (done.stdout, done.stderr) == ("".join(paths), "")


@pytest.mark.parametrize("way", WAYS)
def test_tests_find_the_systems_temporary_directory(way, stick, home, gopack_binary, tmp_path):
    """In a bundle whose path is too long for a socket and lies in a git checkout."""
    s = stick(tmp_path / ("n" * 120), whole=way.startswith("gopack"))
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    work = tmp_path / "work"
    work.mkdir()
    (work / "go.mod").write_text("module hello\n\ngo 1.18\n")
    (work / "main_test.go").write_text(SOCKET_TEST)
    with tempfile.TemporaryDirectory(dir="/tmp") as temporary:  # a short path, as a system has
        done = run([*go(way, s, gopack_binary), "test", "."], cwd=work, env=clean_env(home, TMPDIR=temporary, CGO_ENABLED="0"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert not os.listdir(temporary) and not (s.root / "shared/gopath/tmp").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_data_directory_without_exec_rights_is_enough(stick, warm, home, tmp_path):
    """Programs that Go makes for a moment run where the system keeps temporary files."""
    s, data = stick(), tmp_path / "data"
    (data / "gopath").mkdir(parents=True)
    (data / "gopath/cache").symlink_to(warm)
    write_hello(tmp_path)
    done = run([*mounted(data, "noexec"), s.root / "go.sh", "--data-dir", data, "run", "."], cwd=tmp_path, env=clean_env(home, CGO_ENABLED="0"))
    assert (done.returncode, done.stdout) == (1, "hello []\n") and "exit status 7" in done.stderr


def modes(root):
    return {str(path.relative_to(root)): path.stat().st_mode & 0o777 for path in [root, *root.rglob("*")]}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_made_in_the_bundle_is_for_all(way, stick, home, gopack_binary, tmp_path):
    """A launcher that a careful user starts first. What Go itself makes has the modes that this user wants."""
    s = stick(whole=way.startswith("gopack"))
    shutil.rmtree(s.root / "shared")
    careful = ["sh", "-c", 'umask 077 && exec "$@"', "sh"]
    done = run([*careful, *go(way, s, gopack_binary), "env", "-w", "GOFLAGS=-v"], cwd=tmp_path, env=clean_env(home))
    assert (done.returncode, done.stderr) == (0, "")
    found = modes(s.root / "shared")
    assert found.pop("gopath/go.env") in (0o600, 0o644)
    assert found == {".": 0o755, "gopath": 0o755, "telemetry": 0o755, "telemetry/mode": 0o644}
    (tmp_path / "gen.go").write_text("package gen\n\n//go:generate sh -c umask\n")
    done = run([*careful, *go(way, s, gopack_binary), "generate", "gen.go"], cwd=tmp_path, env=clean_env(home))
    assert (done.stdout, done.stderr) == ("0077\n", "gen.go\n")
    if not way.startswith("gopack"):
        data = tmp_path / "mine"
        assert run([*careful, *go(way, s, gopack_binary, "--data-dir", data), "version"], env=clean_env(home)).returncode == 0
        assert set(modes(data).values()) == {0o700, 0o600}


CACHEPROG = "GOCACHEPROG={} cacheprog --share '/a b'\n"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("program", ["gopack-that-is-not-here", "'/not here/gopack'"])
def test_a_cache_program_that_the_machine_lacks_is_left_out_of_go_env(way, program, stick, home, gopack_binary, tmp_path):
    s = stick(whole=way.startswith("gopack"))
    file, text = s.root / "shared/gopath/go.env", "# mine\nGOFLAGS=-trimpath\n" + CACHEPROG.format(program)
    file.write_text(text)
    write_hello(tmp_path)
    left_out = f"GOCACHEPROG of go.env is left out: this machine has no program {program.strip(chr(39))}\n"
    environment = clean_env(home, CGO_ENABLED="0")
    done = run([*go(way, s, gopack_binary), "build", "-o", "program", "."], cwd=tmp_path, env=environment)
    assert done.returncode == 0 and done.stderr.endswith(left_out) and done.stderr.count("\n") == 1
    done = run([*go(way, s, gopack_binary), "list", "-f", "{{.Name}}", "."], cwd=tmp_path, env=dict(environment, GOCACHEPROG="mine"))
    assert "left out" not in done.stderr and '"mine"' in done.stderr, "the caller's own stays"
    assert file.read_text() == text
    if way not in ("goenv.sh", "gopack env"):
        done = run([*go(way, s, gopack_binary), "env", "-u", "GOCACHEPROG"], cwd=tmp_path, env=environment)
        assert (done.returncode, done.stderr, file.read_text()) == (0, "", "# mine\nGOFLAGS=-trimpath\n")
    file.write_text("GOCACHEPROG=/bin/true\n")
    done = run([*go(way, s, gopack_binary), "env", "GOENV", "GOCACHEPROG"], cwd=tmp_path, env=environment)
    assert (done.stdout, done.stderr) == (f"{file}\n/bin/true\n", "")


@pytest.mark.parametrize("launcher", ["go.sh", GO])
def test_a_cache_program_that_the_machine_lacks_is_left_out_of_the_settings(launcher, stick, home, tmp_path):
    s = stick()
    write_hello(tmp_path)
    environment = clean_env(home, CGO_ENABLED="0")
    (s.root / "config.yaml").write_text("env.GOCACHEPROG: not-here cacheprog\n")
    done = run([s.root / launcher, "--portable", "build", "-o", "program", "."], cwd=tmp_path, env=environment)
    assert (done.returncode, done.stderr) == (0, "gopack: env.GOCACHEPROG is left out: this machine has no program not-here\n")
    (s.root / "config.yaml").write_text("env.GOCACHEPROG: true --here\n")
    done = run([s.root / launcher, "--portable", "env", "GOCACHEPROG"], cwd=tmp_path, env=environment)
    assert (done.stdout, done.stderr) == ("true --here\n", "")
