"""The .bat launchers under wine's cmd, with the real windows/amd64 SDK.

Wine's cmd is a smoke test: it expands the values of %x% and !x! once more, which the real one does not, and knows less of FOR;
so quoting is not proved here.
"""

import re

import pytest
from conftest import NEW, OLD, TREE, seen, write_hello
from test_pointer_and_data import BAD_POINTERS

# Names that cmd could take for something else. (';' cannot be: GOPATH and PATH are lists.)
NAMES = ["a b", "a'b", "a&b", "a^b", "(a)", "$(x)", "`x`", "-x", "--", "é日本😀", "e\u0301", "#", "~", "[a]", "{a}", "a=b", "a,b", "@"]
EXPANDED_BY_WINE = ["a!b", "!PATH!", "a%PATH%b", "%"]
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
                            'hello.exe "a b" c\n', env={"GOTMPDIR": wine.path(tmp_path)})
    assert (done.returncode, done.stdout) == (7, "hello [a b c]\n"), done.stderr
    assert (work / "hello.exe").read_bytes()[:2] == b"MZ"


def test_environment(windows_stick, wine):
    s = windows_stick
    names = ["GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE", "GOENV", "GOBIN", "GOTOOLCHAIN", "GOFLAGS", "GOTELEMETRYDIR",
             "GOTELEMETRY"]  # fmt: skip
    junk = {"GOROOT": "C:\\nowhere", "GOFLAGS": "-mod=mod", "GOBIN": "C:\\mine", "GOTOOLCHAIN": "go1.99.0", "GOENV": "C:\\nowhere\\env"}
    done = wine.cmd("go.bat", "env", *names, cwd=s.root, env=junk)
    path = s.windows + "\\shared\\gopath"
    assert done.stdout.splitlines() == [
        f"{s.windows}\\{s.tree}", path, path + "\\pkg\\mod", path + "\\cache", path + "\\go.env",
        "C:\\mine", "local", "-mod=mod", s.windows + "\\shared\\telemetry", "off"], done.stderr


def test_goenv_binds_the_session(windows_stick, wine, tmp_path):
    s = windows_stick
    done = wine.batch(tmp_path, f'set "APPDATA=Z:{tmp_path}"\ncall "{s.windows}\\goenv.bat"\necho %GOROOT%\necho [%GOFLAGS%]\necho %PATH%\n'
                                "go version\nset _\n", env={"GOFLAGS": "-x", "GOROOT": "C:\\nowhere"})
    root, flags, path, version = done.stdout.splitlines()
    assert (root, flags, version + "\n") == (f"{s.windows}\\{s.tree}", "[-x]", VERSION)
    assert path.startswith(f"{root}\\bin;{s.windows}\\shared\\gopath\\bin;C:\\windows")


def test_goenv_takes_the_place_in_path_of_what_was_bound_before(windows_stick, wine, tmp_path):
    s = windows_stick
    bind = f'call "{s.windows}\\goenv.bat"\n'
    done = wine.batch(tmp_path, f'{bind}echo %PATH%\n{bind}echo %PATH%\nset "PATH=C:\\own;%PATH%"\n{bind}echo %PATH%\nset _\n')
    once, twice, behind = done.stdout.splitlines()
    front = f"{s.windows}\\{s.tree}\\bin;{s.windows}\\shared\\gopath\\bin;"
    assert once == twice and once.startswith(front), done.stderr
    assert behind == f"{front}C:\\own;{once.removeprefix(front)}"


def test_goenv_takes_settings_into_the_session(windows_stick, wine, tmp_path):
    s = windows_stick
    (s.root / "config.ini").write_bytes(b"data_dir=my data\r\nstage=auto\r\ngoproxy=off\r\nenv.GOFLAGS=-mod=mod\r\n"
                                        b"env.X_1=a&b\r\nenv.GOROOT=nowhere\r\nenv.EMPTY=\r\n")
    done = wine.batch(tmp_path, f'call "{s.windows}\\goenv.bat" --portable\nset GOFLAGS\nset GOPROXY\nset X_\nset TEST_TELEMETRY_DIR\n'
                                "set GOROOT\nset _\n")
    assert done.stdout.splitlines() == ["GOFLAGS=-mod=mod", "GOPROXY=off", "X_1=a&b",
                                        f"TEST_TELEMETRY_DIR={s.windows}\\my data\\telemetry", f"GOROOT={s.windows}\\{s.tree}"], done.stderr
    done = wine.cmd("go.bat", "--portable", "env", "GOFLAGS", cwd=s.root)
    assert done.stdout == "-mod=mod\n", done.stderr


@pytest.mark.parametrize("options, data", [
    (["--data-dir", "Z:{tmp}\\data dir"], "Z:{tmp}\\data dir"), (["--data-dir", "data"], "{root}\\data"),
    (["--portable"], "{root}\\from settings"), (["--portable", "--data-dir", "data"], "{root}\\data"),
    (["--data-dir", "Z:{tmp}\\data dir", "--portable"], "Z:{tmp}\\data dir"),
    (["--data-dir", "{tmp}\\data dir"], "Z:{tmp}\\data dir")], ids=lambda v: " ".join(v))  # fmt: skip
def test_options(options, data, shows, wine, tmp_path):
    """They are taken off the front; the rest is Go's."""
    root = shows()
    (root / "config.ini").write_bytes(b"; comment\r\n\r\n# comment\r\ndata_dir=from settings\r\n goproxy = off \r\n"
                                      b"goprivate=\r\nenv.CGO_ENABLED=1\r\n")
    tmp = str(tmp_path).replace("/", "\\")
    rest = ["run", "a b", "--portable", "--data-dir", ""]
    done = wine.cmd("go.bat", *(o.format(tmp=tmp) for o in options), *rest, cwd=root, env={"GOPROXY": "direct"})
    arguments, env = seen(done)
    data = data.format(tmp=tmp, root=wine.path(root))
    assert (done.returncode, arguments, env["CGO_ENABLED"]) == (7, rest, "0"), done.stderr
    assert (env["GOPATH"], env["TEST_TELEMETRY_DIR"], env["GOPROXY"]) == (
        data + "\\gopath", data + "\\telemetry", "off" if "--portable" in options else "direct")


def test_settings_as_delivered_and_wrong_ones(shows, wine):
    root = shows()
    done = wine.cmd("go.bat", "--portable", cwd=root)
    assert (done.returncode, done.stderr) == (7, "")
    for wrong in ("nonsense=1", "stage=soon", "env.a-b=1", "env.1=1"):
        (root / "config.ini").write_text(wrong + "\r\n")
        done = wine.cmd("go.bat", "--portable", cwd=root)
        assert done.returncode == 2 and f"unknown setting {wrong.partition('=')[0]}" in done.stderr, wrong


# (FOR leaves empty lines out.)
POINTERS = {name: text for name, text in BAD_POINTERS.items() if name != "two line ends"} | {
    "backslash": "v_..\\..\\x\r\n", "command and quotes": '" & echo gotcha & "'}  # fmt: skip


@pytest.mark.parametrize("text", POINTERS.values(), ids=POINTERS.keys())
def test_malformed_pointer_falls_back(text, shows, wine):
    root = shows()
    (root / "current.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    done = wine.cmd("go.bat", cwd=root)
    assert (done.returncode, done.stdout) == (1, "") and "does not name a tree" in done.stderr
    (root / ".gopack").mkdir()
    (root / ".gopack/history").write_text(f"- {TREE}\r\n{TREE} v_{'0' * 16}\n")
    done = wine.cmd("go.bat", cwd=root)
    assert done.returncode == 7 and f"using {TREE}" in done.stderr and done.stderr.count("\n") == 1


def test_tree_that_is_missing_or_for_another_system(windows_stick, wine):
    s = windows_stick
    s.point("v_0123456789abcdef\r\n")
    for text in (f"- {s.tree}\n", f"{s.tree} v_1111111111111111\r\n", f"- v_2222222222222222\n- {s.tree}\n& x\n"):
        (s.root / ".gopack/history").write_text(text)
        done = wine.cmd("go.bat", "version", cwd=s.root)
        assert (done.returncode, done.stdout) == (0, VERSION), done.stderr
        assert f"names v_0123456789abcdef, which is not in this bundle: using {s.tree}" in done.stderr
    (s.root / ".gopack/history").unlink()
    done = wine.cmd("go.bat", "version", cwd=s.root)
    assert done.returncode == 1 and "names v_0123456789abcdef" in done.stderr
    old = next(p.name for p in s.root.glob("v_*") if p.is_dir() and p.name != s.tree)
    s.point(old + "\n")
    done = wine.cmd("go.bat", "version", cwd=s.root)
    assert done.returncode == 1 and "only for: linux_amd64" in done.stderr


def test_programs_for_other_processors(shows, wine):
    root = shows()
    tools, programs = root / TREE / "pkg/tool", root / TREE / "bin"
    (tools / "windows_amd64").rename(tools / "windows_386")
    assert wine.cmd("go.bat", cwd=root).returncode == 7
    (tools / "windows_arm64").mkdir()
    (programs / "windows_arm64").mkdir()
    (programs / "go.exe").rename(programs / "windows_arm64/go.exe")
    done = wine.cmd("go.bat", cwd=root, env={"PROCESSOR_ARCHITEW6432": "ARM64"})
    assert done.returncode == 7, done.stderr


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
    for wanted, tree, release in ((minor, old, OLD), (NEW, s.tree, NEW), (old[:7], old, OLD), (NEW[2:], s.tree, NEW),
                                  (OLD + "+minimal", old, OLD), (NEW + "/windows-amd64", s.tree, NEW),
                                  (minor + "+minimal/linux/amd64", old, OLD)):  # fmt: skip
        (s.root / "current").write_bytes(b"IntxLNK\1" + s.tree.encode("utf-16-le"))  # a link that Linux has made on NTFS
        done = wine.cmd("use.bat", wanted, cwd=s.root)
        assert (done.returncode, done.stderr) == (0, f"{release} is current: {tree}\n")
        assert (s.root / "current.txt").read_text().split() == [tree] and not (s.root / "current").exists()
        assert (s.root / ".gopack/history").read_text().splitlines()[-1].split()[-1] == tree
    (s.root / "current").write_text("notes")
    for wanted in ("1.99", minor + "+full", minor + "/windows-amd64"):
        done = wine.cmd("use.bat", wanted, cwd=s.root)
        assert done.returncode == 1 and f"no tree of this bundle is {wanted}" in done.stderr
    assert (s.root / "current").read_text() == "notes"
    assert (s.root / "current.txt").read_text().split() == [old]


def test_use_takes_the_tree_for_more_platforms(shows, wine):
    root, wide = shows(), "v_" + "1" * 16
    for platform in ("linux_amd64", "windows_amd64", "darwin_arm64"):
        (root / wide / "pkg/tool" / platform).mkdir(parents=True)
    (root / wide / "VERSION").write_text(NEW + "\n")
    text = f'{{\n  "release": "{NEW}",\n  "profile": "minimal",\n  "stripped": false\n}}\n'
    for name in (TREE, wide):
        (root / f"{name}.json").write_text(text)
    for wanted in (NEW, NEW.rpartition(".")[0][2:], NEW + "+minimal", wide):
        done = wine.cmd("use.bat", wanted, cwd=root)
        assert (done.returncode, done.stderr) == (0, f"{NEW} is current: {wide}\n")
    (root / f"{wide}.json").write_text(text.replace("minimal", "mine"))
    done = wine.cmd("use.bat", NEW, cwd=root)
    assert done.returncode == 1 and f"may be each of {TREE} {wide}" in done.stderr


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_directory_names(name, shows, wine, tmp_path):
    root = shows(tmp_path / name)
    done = wine.cmd("go.bat", "x", cwd=root)
    arguments, env = seen(done)
    assert (done.returncode, arguments, env.get("GOROOT"), env.get("GOPATH")) == (
        7, ["x"], f"{wine.path(root)}\\{TREE}", f"{wine.path(root)}\\shared\\gopath"), done.stderr


def test_directory_that_go_cannot_use(stick, wine, tmp_path):
    s = stick(tmp_path / "a;b")
    s.point(s.tree)
    done = wine.cmd("go.bat", "version", cwd=s.root)
    assert done.returncode == 1 and "';' in its name" in done.stderr
