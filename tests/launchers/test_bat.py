"""The .bat launchers under wine's cmd, with the real windows/amd64 SDK.

Wine's cmd is a smoke test: it expands % in paths once more and knows less of FOR than the real one, so quoting
is not proved here.
"""

import re

import pytest
from conftest import NEW, OLD, write_hello

VERSION = f"go version {NEW} windows/amd64\n"


@pytest.fixture
def windows_stick(stick, wine, tmp_path):
    """A bundle with a text pointer, as a stick without symlinks has it; nothing may appear in the user's profile."""
    s = stick(tmp_path / "my stick")
    s.point(s.tree + "\r\n")
    s.windows = wine.path(s.root)
    before = sorted(wine.profile.rglob("*"))
    yield s
    assert sorted(wine.profile.rglob("*")) == before


def test_version_and_exit_status(windows_stick, wine, tmp_path):
    s = windows_stick
    done = wine.cmd("go.bat", "version", cwd=s.root)
    assert (done.returncode, done.stdout) == (0, VERSION), done.stderr
    done = wine.cmd("go.bat", "nonsense", cwd=s.root)
    assert done.returncode == 2 and "unknown command" in done.stderr
    # (After CALL wine makes any failure a 1, where the real cmd keeps the number.)
    done = wine.batch(tmp_path, f'call "{s.windows}\\go.bat" version\necho status %ERRORLEVEL%\n'
                                f'call "{s.windows}\\go.bat" nonsense\nif errorlevel 1 echo failed\n')
    assert done.stdout == f"{VERSION}status 0\nfailed\n"


def test_builds_and_runs_a_program(windows_stick, wine, tmp_path):
    s = windows_stick
    work = tmp_path / "work"
    work.mkdir()
    write_hello(work)
    # -work: wine 8 cannot delete files in the way Go 1.25 and newer do ("unlinkat: Invalid function").
    done = wine.batch(work, f'call "{s.windows}\\go.bat" build -work -o hello.exe .\nif errorlevel 1 exit /b 1\n'
                            'hello.exe "a b" c\n')
    assert (done.returncode, done.stdout) == (7, "hello [a b c]\n"), done.stderr
    assert (work / "hello.exe").read_bytes()[:2] == b"MZ"


def test_environment(windows_stick, wine):
    s = windows_stick
    names = ["GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE", "GOENV", "GOTMPDIR", "GOBIN", "GOTOOLCHAIN", "GOFLAGS",
             "GOTELEMETRYDIR", "GOTELEMETRY"]
    junk = {"GOROOT": "C:\\nowhere", "GOFLAGS": "-mod=nonsense", "GOTOOLCHAIN": "go1.99.0", "GOENV": "C:\\nowhere\\env"}
    done = wine.cmd("go.bat", "env", *names, cwd=s.root, env=junk)
    path = s.windows + "\\shared\\gopath"
    assert done.stdout.splitlines() == [
        f"{s.windows}\\{s.tree}", path, path + "\\pkg\\mod", path + "\\cache", path + "\\go.env", path + "\\tmp",
        path + "\\bin", "local", "", s.windows + "\\shared\\config\\go\\telemetry", "off"], done.stderr


def test_goenv_binds_the_session(windows_stick, wine, tmp_path):
    s = windows_stick
    done = wine.batch(tmp_path, f'set "APPDATA=Z:{tmp_path}"\ncall "{s.windows}\\goenv.bat"\necho %GOROOT%\necho [%GOFLAGS%]\necho %PATH%\n'
                                "go version\nset _\n", env={"GOFLAGS": "-x", "GOROOT": "C:\\nowhere"})
    root, flags, path, version = done.stdout.splitlines()
    assert (root, flags, version + "\n") == (f"{s.windows}\\{s.tree}", "[]", VERSION)
    assert path.startswith(f"{s.windows}\\;{root}\\bin;{s.windows}\\shared\\gopath\\bin;C:\\windows")


@pytest.mark.parametrize("options, data", [
    (["--data-dir", "Z:{tmp}\\data dir"], "Z:{tmp}\\data dir"), (["--data-dir", "data"], "{stick}\\data"),
    (["--portable"], "{stick}\\from settings"), (["--portable", "--data-dir", "data"], "{stick}\\data"),
    (["--data-dir", "Z:{tmp}\\data dir", "--portable"], "Z:{tmp}\\data dir")], ids=lambda v: " ".join(v))
def test_options(options, data, windows_stick, wine, tmp_path):
    s = windows_stick
    (s.root / "config.ini").write_bytes(b"; comment\r\n\r\n# comment\r\ndata_dir=from settings\r\ngoproxy=off\r\n"
                                        b"goprivate=\r\n")
    tmp = str(tmp_path).replace("/", "\\")
    done = wine.cmd("go.bat", *(o.format(tmp=tmp) for o in options), "env", "GOPATH", "GOTELEMETRYDIR", "GOPROXY",
                    cwd=s.root, env={"GOPROXY": "direct"})
    data = data.format(tmp=tmp, stick=s.windows)
    assert done.stdout.splitlines() == [data + "\\gopath", data + "\\config\\go\\telemetry",
                                        "off" if "--portable" in options else "direct"], done.stderr


def test_settings_as_delivered_and_wrong_ones(windows_stick, wine):
    s = windows_stick
    done = wine.cmd("go.bat", "--portable", "version", cwd=s.root)
    assert (done.returncode, done.stdout) == (0, VERSION), done.stderr
    (s.root / "config.ini").write_bytes(b"nonsense=1\r\n")
    done = wine.cmd("go.bat", "--portable", "version", cwd=s.root)
    assert done.returncode == 2 and "unknown setting nonsense" in done.stderr
    for wrong in ("stage=soon", "env.a-b=1", "env.1=1"):
        (s.root / "config.ini").write_text(wrong + "\n")
        done = wine.cmd("go.bat", "--portable", "version", cwd=s.root)
        assert done.returncode == 2 and f"unknown setting {wrong.partition('=')[0]}" in done.stderr, wrong


@pytest.mark.parametrize("text", ["", "nonsense", "v_0123", "v_0123456789abcdef0", "v_..\\..\\x", "& echo gotcha",
                                  '" & echo gotcha & "', "v_0123456789abcdeg", "v_0123456789abcdef\r\nv_0123456789abcdef"],
                         ids=ascii)
def test_malformed_pointer_is_refused(text, windows_stick, wine):
    s = windows_stick
    (s.root / s.tree).rename(s.root / "v_0123456789abcdef")
    s.point(text + "\r\n")
    done = wine.cmd("go.bat", "version", cwd=s.root)
    assert (done.returncode, done.stdout) == (1, "")
    assert "does not name a tree" in done.stderr


def test_tree_that_is_missing_or_for_another_system(windows_stick, wine):
    s = windows_stick
    s.point("v_0123456789abcdef\r\n")
    for text in (f"- {s.tree}\n", f"{s.tree} v_1111111111111111\r\n", f"- v_2222222222222222\n- {s.tree}\n& x\n"):
        (s.root / ".gopack/history").write_text(text)
        done = wine.cmd("go.bat", "version", cwd=s.root)
        assert (done.returncode, done.stdout) == (0, VERSION), done.stderr
        assert f"names v_0123456789abcdef, which is not there: using {s.tree}" in done.stderr
    (s.root / ".gopack/history").unlink()
    done = wine.cmd("go.bat", "version", cwd=s.root)
    assert done.returncode == 1 and "names v_0123456789abcdef" in done.stderr
    old = next(p.name for p in s.root.glob("v_*") if p.is_dir() and p.name != s.tree)
    s.point(old + "\n")
    done = wine.cmd("go.bat", "version", cwd=s.root)
    assert done.returncode == 1 and "only for: linux_amd64" in done.stderr


def test_gofmt(windows_stick, wine):
    s = windows_stick
    (s.root / "a.go").write_text("package  a\n")
    assert wine.cmd("gofmt.bat", "a.go", cwd=s.root).stdout == "package a\n"


def test_use_lists_and_switches(windows_stick, wine):
    s = windows_stick
    old = next(p.name for p in s.root.glob("v_*") if p.is_dir() and p.name != s.tree)
    rows = sorted(line.split() for line in wine.cmd("use.bat", cwd=s.root).stdout.splitlines())
    assert rows == sorted([["*", s.tree, NEW, "minimal", "linux/amd64", "windows/amd64"],
                           [old, OLD, "minimal", "linux/amd64"]])
    minor = re.match(r"go(1\.\d+)", OLD)[1]
    for wanted, tree, release in ((minor, old, OLD), (NEW, s.tree, NEW), (old[:7], old, OLD), (NEW[2:], s.tree, NEW)):
        done = wine.cmd("use.bat", wanted, cwd=s.root)
        assert (done.returncode, done.stderr) == (0, f"{release} is current: {tree}\n")
        assert (s.root / "current.txt").read_text().split() == [tree]
        assert (s.root / ".gopack/history").read_text().splitlines()[-1].split()[-1] == tree
    done = wine.cmd("use.bat", "1.99", cwd=s.root)
    assert done.returncode == 1 and "no tree of this bundle is 1.99" in done.stderr
    assert (s.root / "current.txt").read_text().split() == [s.tree]


@pytest.mark.parametrize("name", ["a b", "a'b", "a&b", "a^b", "(a)", "é"], ids=ascii)
def test_directory_names(name, stick, wine, tmp_path):
    s = stick(tmp_path / name)
    s.point(s.tree)
    done = wine.cmd("go.bat", "env", "GOROOT", "GOPATH", cwd=s.root)
    root = wine.path(s.root)
    assert done.stdout.splitlines() == [f"{root}\\{s.tree}", f"{root}\\shared\\gopath"], done.stderr


def test_directory_that_go_cannot_use(stick, wine, tmp_path):
    s = stick(tmp_path / "a;b")
    s.point(s.tree)
    done = wine.cmd("go.bat", "version", cwd=s.root)
    assert done.returncode == 1 and "; in its name" in done.stderr
