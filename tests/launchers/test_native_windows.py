"""go.exe and gofmt.exe, with the real windows/amd64 SDK and with a program that shows what reaches it, under wine."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import NEW, clean_env, run, write_hello
from test_bat import VERSION, windows_stick  # noqa: F401
from test_pointer_and_data import HEX

TREE = "v_" + HEX
BOUND = ("GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE", "GOENV", "GOTMPDIR", "GOBIN", "GOTOOLCHAIN", "GOFLAGS", "APPDATA",
         "CGO_ENABLED", "PATH", "GOPROXY", "X")
PROBE = """package main

import (
	"fmt"
	"os"
)

func main() {
	for _, a := range os.Args[1:] {
		fmt.Printf("argument %x\\n", a)
	}
	for _, name := range []string{NAMES} {
		if value, ok := os.LookupEnv(name); ok {
			fmt.Printf("%s=%s\\n", name, value)
		}
	}
	os.Exit(7)
}
"""
NAMES = ["a b", "a'b", "a&b", "a^b", "(a)", "a!b", "!PATH!", "a%PATH%b"]
ARGUMENTS = ["", " ", "a b", "'", '"', 'a"b', '"a b"', "%PATH%", "%x%", "!x!", "^", "^^", "&|<>", "*", "a\\", "a b\\", "\\\\",
             '\\"', "-n", "--portable", "--data-dir", "é日本😀", "a\tb", "a=b", ";", ","]  # fmt: skip


@pytest.fixture(scope="session")
def probe(bundle, warm, tmp_path_factory):
    work = tmp_path_factory.mktemp("probe")
    (work / "main.go").write_text(PROBE.replace("NAMES", ", ".join(f'"{name}"' for name in BOUND)))
    data = tmp_path_factory.mktemp("probe-data")
    (data / "gopath").mkdir()
    (data / "gopath/cache").symlink_to(warm)
    done = run([bundle / "go.sh", "--data-dir", data, "build", "-o", "probe.exe", "main.go"], cwd=work,
               env=clean_env(data, GOOS="windows"))
    assert done.returncode == 0, done.stderr
    return work / "probe.exe"


@pytest.fixture
def shows(bundle, probe, tmp_path):
    """Makes bundles whose go.exe is the probe: what a launcher hands over is seen at once."""

    def make(where=None):
        root = Path(where or tmp_path / "shows")
        tree = root / TREE
        (tree / "pkg/tool/windows_amd64").mkdir(parents=True)
        (tree / "bin").mkdir()
        for path in bundle.iterdir():
            if path.is_file() and not path.name.startswith("v_"):
                shutil.copy(path, root)
        for name in ("go.exe", "gofmt.exe"):
            os.link(probe, tree / "bin" / name)
        (tree / "VERSION").write_text(NEW + "\n")
        (root / "current.txt").write_text(TREE + "\n")
        return root

    return make


def seen(done):
    """The arguments and the environment that the probe has seen."""
    lines = done.stdout.splitlines()
    arguments = [bytes.fromhex(line[9:]).decode() for line in lines if line.startswith("argument ")]
    return arguments, dict(line.split("=", 1) for line in lines if not line.startswith("argument "))


def test_imports_only_what_every_windows_has(bundle):
    listed = subprocess.run(["x86_64-w64-mingw32-objdump", "-p", bundle / "go.exe"], capture_output=True, text=True).stdout
    imported = {line.split()[-1].lower() for line in listed.splitlines() if "DLL Name:" in line}
    assert imported == {"kernel32.dll", "msvcrt.dll"}
    assert (bundle / "go.exe").read_bytes() == (bundle / "gofmt.exe").read_bytes()
    assert (bundle / "go.exe").stat().st_size < 300_000


def test_builds_and_runs_a_program(windows_stick, wine, tmp_path):  # noqa: F811
    s = windows_stick
    assert wine.run(s.root / "go.exe", "version").stdout == VERSION
    work = tmp_path / "work"
    work.mkdir()
    write_hello(work)
    done = wine.run(s.root / "go.exe", "build", "-work", "-o", "hello.exe", ".", cwd=work)
    assert done.returncode == 0, done.stderr
    done = wine.run(work / "hello.exe", "a b")
    assert (done.returncode, done.stdout) == (7, "hello [a b]\n")
    done = wine.run(s.root / "go.exe", "nonsense")
    assert done.returncode == 2 and "unknown command" in done.stderr
    (work / "a.go").write_text("package  a\n")
    assert wine.run(s.root / "gofmt.exe", "a.go", cwd=work).stdout == "package a\n"


def test_environment(shows, wine, tmp_path):
    root = shows()
    (root / "shared/gopath/cache").mkdir(parents=True)
    junk = {"GOROOT": "C:\\nowhere", "GOFLAGS": "-mod=nonsense", "GOTOOLCHAIN": "go1.99.0", "GOENV": "C:\\nowhere\\env"}
    done = wine.run(root / "go.exe", env=junk, cwd=tmp_path)
    _, env = seen(done)
    assert done.returncode == 7, done.stderr
    bundle, path = wine.path(root), wine.path(root) + "\\shared\\gopath"
    front = f"{bundle}\\{TREE}\\bin;{path}\\bin;"
    assert env.pop("PATH").startswith(front + "C:\\windows")
    assert env == {"GOROOT": f"{bundle}\\{TREE}", "GOPATH": path, "GOMODCACHE": path + "\\pkg\\mod", "GOCACHE": path + "\\cache",
                   "GOENV": path + "\\go.env", "GOTMPDIR": path + "\\tmp", "GOBIN": path + "\\bin", "GOTOOLCHAIN": "local",
                   "APPDATA": bundle + "\\shared\\config", "CGO_ENABLED": "0"}  # fmt: skip
    assert (root / "shared/config/go/telemetry/mode").read_text() == "off"


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_hostile_directory_and_arguments(name, shows, wine, tmp_path):
    root = shows(tmp_path / name)
    done = wine.run(root / "go.exe", *ARGUMENTS, cwd=tmp_path)
    arguments, env = seen(done)
    assert (done.returncode, arguments, env.get("GOROOT")) == (7, ARGUMENTS, f"{wine.path(root)}\\{TREE}"), done.stderr


def test_arguments_from_cmd_are_those_of_any_other_program(shows, probe, wine, tmp_path):
    """As typed in cmd: through the launcher they are what they are without it."""
    root = shows(tmp_path / "a b")
    typed = [r'"a b" "" "a""b" c\ "d\\" e\"f', "^^ ^& %% !x! * ;,= \"%%PATH%%\" '", "a  b\tc \"&|<>\"", "--portable=x --data-dir"]
    lines = [f'"{program}" {words}\n' for words in typed for program in (wine.path(probe), wine.path(root) + "\\go.exe")]
    done = wine.batch(tmp_path, "".join(lines), env={"x": "expanded"})
    runs = [[]]
    for line in done.stdout.splitlines():
        if line.startswith("argument "):
            runs[-1].append(line)
        elif runs[-1] and line.startswith("PATH="):
            runs.append([])
    runs = runs[:-1]
    assert len(runs) == 2 * len(typed) and runs[0::2] == runs[1::2], done.stdout


def test_settings(shows, wine, tmp_path):
    root = shows()
    (root / "config.ini").write_bytes(b"; comment\r\ndata_dir=my data\r\ngoproxy=off\r\nenv.GOFLAGS=-a\r\nenv.X=\"a&b %x% \"\r\n")
    _, env = seen(wine.run(root / "go.exe", "--portable", cwd=tmp_path, env={"GOFLAGS": "-x"}))
    assert (env["GOPATH"], env["GOPROXY"], env["GOFLAGS"], env["X"]) == (
        wine.path(root) + "\\my data\\gopath", "off", "-a", "a&b %x% ")
    for text, message in (("x=1", "line 1: unknown setting 'x'"), ("\nstage=soon", "line 2: stage is one of")):
        (root / "config.ini").write_text(text)
        done = wine.run(root / "go.exe", "--portable", cwd=tmp_path)
        assert done.returncode == 2 and message in done.stderr


def test_found_from_anywhere(shows, wine, tmp_path):
    """By a relative path, from PATH, from another drive; never what lies in the working directory."""
    root = shows(tmp_path / "my stick")
    bad = tmp_path / "evil"
    bad.mkdir()
    for name in ("go.exe", "findstr.exe", "xcopy.exe", "cmd.exe", "powershell.exe"):
        (bad / name).write_bytes(b"MZ nonsense")
    goroot = f"GOROOT={wine.path(root)}\\{TREE}"
    assert goroot in wine.run("go.exe", cwd=root).stdout.splitlines()
    assert goroot in wine.run("my stick\\go.exe", cwd=tmp_path).stdout.splitlines()
    assert goroot in wine.run(root / "go.exe", cwd=bad).stdout.splitlines()
    done = wine.batch(tmp_path, f'set "PATH={wine.path(root)};%PATH%"\ncd /d C:\\\ngo --data-dir "{wine.path(tmp_path)}\\d" x\n')
    assert goroot in done.stdout.splitlines()
    drive = next(letter for letter in "qrstuvw" if not os.path.lexists(wine.prefix / "dosdevices" / f"{letter}:"))
    device = wine.prefix / "dosdevices" / f"{drive}:"
    device.symlink_to(root)
    try:
        _, env = seen(wine.run(f"{drive.upper()}:\\go.exe", cwd=tmp_path))
        assert (env["GOROOT"], env["GOPATH"]) == (f"{drive.upper()}:\\{TREE}", f"{drive.upper()}:\\shared\\gopath")
    finally:
        device.unlink()
