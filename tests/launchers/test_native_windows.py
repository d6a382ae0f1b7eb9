"""go.exe and gofmt.exe, with the real windows/amd64 SDK and with a program that shows what reaches it, under wine."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from conftest import HEX, NEW, TREE, current_of, run, seen, write_hello
from test_bat import EXPANDED_BY_WINE, NAMES, VERSION, windows_stick  # noqa: F401
from test_pointer_and_data import BAD_POINTERS

BOUND = ("GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE", "GOENV", "GOTOOLCHAIN", "TEST_TELEMETRY_DIR", "CGO_ENABLED")
ASKED = {"GOFLAGS": "-mod=mod", "GOBIN": "C:\\mine", "GOTMPDIR": "C:\\tmp", "GOTOOLCHAIN": "go1.99.0", "CGO_ENABLED": "1"}
IGNORED = ("gopack: GOTOOLCHAIN=go1.99.0 is ignored, go1.26.10 runs: choose another Go with use.bat, or set gotoolchain in "
           "config.ini\n"
           "gopack: CGO_ENABLED=1 is ignored, this Go has no cgo: lay it out with a profile that has it, such as minimal\n")
ARGUMENTS = ["", " ", "a b", "'", '"', 'a"b', '"a b"', "%PATH%", "%x%", "!x!", "^", "^^", "&|<>", "*", "a\\", "a b\\", "\\\\",
             '\\"', "-n", "--portable", "--data-dir", "é日本😀", "a\tb", "a=b", ";", ","]  # fmt: skip


def test_imports_only_what_every_windows_has(bundle):
    listed = subprocess.run(["x86_64-w64-mingw32-objdump", "-p", bundle / "go.exe"], capture_output=True, text=True).stdout
    imported = {line.split()[-1].lower() for line in listed.splitlines() if "DLL Name:" in line}
    assert imported == {"kernel32.dll", "msvcrt.dll"}
    assert (bundle / "go.exe").read_bytes() == (bundle / "gofmt.exe").read_bytes()
    assert (bundle / "go.exe").stat().st_size < 300_000


def test_is_the_same_wherever_it_is_built(bundle, tmp_path):
    project = Path(__file__).parents[2]
    shutil.copytree(project / "apps/launcher", tmp_path / "elsewhere/launcher")
    for part in ("lib/launch", "cmake"):
        shutil.copytree(project / part, tmp_path / part)
    (tmp_path / "elsewhere/CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.24)\nproject(elsewhere CXX)\ninclude(../cmake/GopackRules.cmake)\n"
        "gopack_fill(header ${GOPACK_LAUNCH_HEADERS}/gopack/launch ${GOPACK_LAUNCH_DIR}/rules.hpp.in)\n"
        "include(launcher/launcher.cmake)\n"
        "gopack_native_launchers(files)\nlist(FILTER files INCLUDE REGEX exe)\nadd_custom_target(all_files ALL DEPENDS ${files})\n")
    for step in (["-G", "Unix Makefiles", "-S", tmp_path / "elsewhere", "-B", tmp_path / "built"], ["--build", tmp_path / "built", "-j", "2"]):
        done = run(["cmake", *step], env=dict(os.environ, CCACHE_DISABLE="1"))
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "built/go.exe").read_bytes() == (bundle / "go.exe").read_bytes()


def test_first_build_from_a_warmed_bundle(windows_stick, warm, wine, tmp_path):  # noqa: F811
    """Its cache is copied to the data directory, and Go compiles nothing but the program."""
    s, work, data = windows_stick, tmp_path / "work", wine.path(tmp_path / "my data")
    cache = s.root / "shared/gopath/cache"
    cache.unlink()
    subprocess.run(["cp", "-al", warm, cache], check=True)
    (cache / "gopack-warm").write_text("12345\n")
    work.mkdir()
    write_hello(work)
    assert wine.run(s.root / "go.exe", "version").stdout == VERSION
    # -work: wine 8 cannot delete files in the way Go 1.25 and newer do ("unlinkat: Invalid function").
    done = wine.run(s.root / "go.exe", "--data-dir", data, "build", "-v", "-work", "-o", "hello.exe", ".", cwd=work,
                    env={"GOTMPDIR": wine.path(tmp_path)})  # fmt: skip
    assert done.returncode == 0 and done.stderr.splitlines()[1:] == ["hello"], done.stderr
    done = wine.run(work / "hello.exe", "a b")
    assert (done.returncode, done.stdout) == (7, "hello [a b]\n")
    done = wine.run(s.root / "go.exe", "nonsense")
    assert done.returncode == 2 and "unknown command" in done.stderr
    (work / "a.go").write_text("package  a\n")
    assert wine.run(s.root / "gofmt.exe", "a.go", cwd=work).stdout == "package a\n"


def test_environment(shows, wine, tmp_path):
    root = shows()
    (root / "shared/gopath/cache").mkdir(parents=True)
    junk = {"GOROOT": "C:\\nowhere", "GOENV": "C:\\nowhere\\env", **ASKED}
    done = wine.run(root / "go.exe", env=junk, cwd=tmp_path)
    _, env = seen(done)
    assert done.returncode == 7, done.stderr
    bundle, path = wine.path(root), wine.path(root) + "\\shared\\gopath"
    assert env["PATH"].startswith(f"{bundle}\\{TREE}\\bin;{path}\\bin;C:\\windows")
    assert {name: env[name] for name in BOUND if name in env} == {
        "GOROOT": f"{bundle}\\{TREE}", "GOPATH": path, "GOMODCACHE": path + "\\pkg\\mod", "GOCACHE": path + "\\cache",
        "GOENV": path + "\\go.env", "GOTOOLCHAIN": "local",
        "TEST_TELEMETRY_DIR": bundle + "\\shared\\telemetry", "CGO_ENABLED": "0"}  # fmt: skip
    assert (root / "shared/telemetry/mode").read_text() == "off"


@pytest.mark.parametrize("launcher", ["go.exe", "go.bat"])
def test_what_the_caller_sets_is_honoured_or_named(launcher, shows, wine, tmp_path):
    root = shows()

    def start(*options, **environment):
        if launcher == "go.bat":
            return wine.cmd(launcher, *options, cwd=root, env=environment)
        return wine.run(root / launcher, *options, cwd=tmp_path, env=environment)

    done = start(**ASKED)
    _, env = seen(done)
    assert {name: env[name] for name in ASKED} == dict(ASKED, GOTOOLCHAIN="local", CGO_ENABLED="0")
    assert done.stderr == IGNORED
    for toolchain in ("auto", "path", "local+auto", NEW, f"{NEW}+auto"):
        done = start(GOTOOLCHAIN=toolchain, CGO_ENABLED="0")
        assert (done.stderr, seen(done)[1]["GOTOOLCHAIN"]) == ("", "local")
    (root / "config.ini").write_bytes(b"gotoolchain=go1.99.0\r\nenv.GOBIN=C:\\theirs\r\nenv.GOTMPDIR=C:\\their tmp\r\n")
    done = start("--portable", GOTOOLCHAIN="go1.99.0")
    assert done.stderr == ""
    assert [seen(done)[1][name] for name in ("GOTOOLCHAIN", "GOBIN", "GOTMPDIR")] == ["go1.99.0", "C:\\theirs", "C:\\their tmp"]


@pytest.mark.parametrize("launcher", ["go.exe", "go.bat", "goenv.bat"])
def test_go_env_is_mended_and_a_cache_program_that_is_lacking_left_out(launcher, shows, wine, tmp_path):
    root = shows()
    file = root / "shared/gopath/go.env"
    file.parent.mkdir(parents=True)

    def start(*options, **environment):
        if launcher == "goenv.bat":
            return wine.batch(tmp_path, f'call "{wine.path(root)}\\goenv.bat" {" ".join(options)}\ngo a\n', env=environment)
        if launcher == "go.bat":
            return wine.cmd(launcher, *options, "a", cwd=root, env=environment)
        return wine.run(root / launcher, *options, "a", cwd=tmp_path, env=environment)

    path = wine.path(file)
    file.write_bytes(b"\xef\xbb\xbfGOPRIVATE=corp.test\r\n\r\nGOCACHEPROG=not-here \"a b\"\r\n")
    done = start()
    assert seen(done)[1]["GOENV"] == path + ".here"
    assert [line.partition(" has line ends")[0].strip() for line in done.stderr.splitlines()][0].endswith("go.env")
    left_out = "gopack: GOCACHEPROG of go.env is left out: this machine has no program not-here"
    assert set(done.stderr.splitlines()[1:]) == {left_out}
    assert file.read_bytes() == b'GOPRIVATE=corp.test\n\nGOCACHEPROG=not-here "a b"\n'
    assert Path(f"{file}.here").read_bytes() == b"GOPRIVATE=corp.test\n\n"
    done = start()
    assert (done.stderr, seen(done)[1]["GOENV"]) == (left_out + "\n", path + ".here")
    done = start(GOCACHEPROG="mine")
    assert (done.stderr, seen(done)[1]["GOENV"], seen(done)[1]["GOCACHEPROG"]) == ("", path, "mine")
    file.write_bytes(b"GOCACHEPROG=cmd /c x\n")
    assert seen(start())[1]["GOENV"] == path
    (root / "config.ini").write_bytes(b"env.GOCACHEPROG=not-here a\r\n")
    done = start("--portable")
    assert done.stderr == "gopack: env.GOCACHEPROG is left out: this machine has no program not-here\n"
    assert "GOCACHEPROG" not in seen(done)[1]
    (root / "config.ini").write_bytes(b"env.GOCACHEPROG=cmd /c y\r\n")
    done = start("--portable")
    assert (done.stderr, seen(done)[1]["GOCACHEPROG"]) == ("", "cmd /c y")
    file.write_bytes("GOPRIVATE=corp.test\r\n".encode("utf-16"))
    done = start()
    assert "UTF-16" in done.stderr and (launcher == "goenv.bat" or done.returncode == 1)


@pytest.mark.parametrize("name", NAMES + EXPANDED_BY_WINE, ids=ascii)
def test_hostile_directory_and_arguments(name, shows, wine, tmp_path):
    root = shows(tmp_path / name)
    done = wine.run(root / "go.exe", *ARGUMENTS, cwd=tmp_path)
    arguments, env = seen(done)
    assert (done.returncode, arguments, env.get("GOROOT")) == (7, ARGUMENTS, f"{wine.path(root)}\\{TREE}"), done.stderr


def test_long_paths(shows, wine):
    """A program runs from a path of 259 characters at most: of wine; for Windows nothing of ours adds to its limits."""
    with tempfile.TemporaryDirectory() as directory:
        room = 259 - len(wine.path(directory)) - len(f"\\\\{TREE}\\bin\\go.exe")
        assert room > 200
        root = shows(Path(directory) / ("n" * room))
        done = wine.run(root / "go.exe", *ARGUMENTS, cwd=directory)
        assert (done.returncode, seen(done)[0]) == (7, ARGUMENTS), done.stderr
        longer = root.rename(f"{root}n")
        done = wine.run(longer / "go.exe", cwd=directory)
        assert done.returncode == 126 and "its path has 260 characters" in done.stderr
        assert (longer / "shared/telemetry/mode").read_text() == "off"
        deep = root.with_name("w" * 250) / ("w" * 50)
        deep.mkdir(parents=True)
        longer.rename(root)
        done = wine.run(root / "go.exe", cwd=deep)
        assert (done.returncode, seen(done)[0]) == (7, []), done.stderr


def test_arguments_from_cmd_are_those_of_any_other_program(shows, probe, wine, tmp_path):
    """As typed in cmd: through the launcher they are what they are without it; its own options are taken off the front."""
    root = shows(tmp_path / "a b")
    cells = [("", r'"a b" "" "a""b" c\ "d\\" e\"f'), ("", "^^ ^& %% !x! * ;,= \"%%PATH%%\" '"), ("", "a  b\tc \"&|<>\""),
             ("", "--portable=x --data-dir"), ("--portable", ""), ("--data-dir D", "run"), ('"--portable"', "-data-dir x"),
             ('--data-dir "D E"  --portable', 'x  "y z" \\" ^^'), ("--data-dir=D", '"a b\\\\" --portable'),
             ("--portable --data-dir=D", "\t x")]  # fmt: skip
    lines = [f'echo run\n"{wine.path(probe)}\\probe.exe" {typed}\necho run\n"{wine.path(root)}\\go.exe" {options} {typed}\n'
             for options, typed in cells]
    done = wine.batch(tmp_path, "".join(lines), env={"x": "expanded"})
    runs = [[line for line in run.splitlines() if line.startswith("argument")] for run in done.stdout.split("run\n")[1:]]
    assert len(runs) == 2 * len(cells) and runs[0::2] == runs[1::2], (done.stdout, done.stderr)


def test_what_the_tree_lacks_is_said_when_go_fails(shows, bundle, wine, tmp_path):
    root = shows(tmp_path / "a b")
    shutil.copy(bundle / f"{current_of(bundle)}.json", root / f"{TREE}.json")
    said = f"gopack: this Go ({NEW}, minimal) lacks race: `gopack trim {NEW[2:]} --profile minimal+race` lays out one that has it\n"
    for words, line in ((["build", "-race"], said), (["build", "."], ""), (["version"], "")):
        done = wine.run(root / "go.exe", *words)
        assert (done.returncode, done.stderr) == (7 * (words != ["version"]), line)


@pytest.mark.parametrize("text", [*BAD_POINTERS.values(), "v_..\\..\\x\r\n"], ids=[*BAD_POINTERS.keys(), "backslash"])
def test_malformed_pointer_falls_back(text, shows, wine):
    root = shows()
    (root / "current.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    if text in (f"v_{HEX}\nv_{HEX}\n", ""):
        done = wine.run(root / "go.exe")
        assert (done.returncode, done.stdout) == (1, "") and "does not name a tree" in done.stderr
    (root / ".gopack").mkdir()
    (root / ".gopack/history").write_text(f"- {TREE}\r\n{TREE} v_{'0' * 16}\n")
    done = wine.run(root / "go.exe")
    assert done.returncode == 7 and f"using {TREE}" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("text", [TREE, f"{TREE}\n", f"{TREE}\r\n"], ids=ascii)
def test_text_pointer(text, shows, wine):
    root = shows()
    (root / "current.txt").write_bytes(text.encode())
    done = wine.run(root / "go.exe")
    assert (done.returncode, done.stderr) == (7, "")


@pytest.mark.parametrize("launcher", ["go.exe", "go.bat"])
def test_a_directory_comes_behind_the_text_pointer(launcher, shows, wine):
    root = shows()
    (root / "current").mkdir()
    shutil.copy(root / TREE / "VERSION", root / "current")
    done = wine.cmd(launcher, cwd=root)
    assert (done.returncode, seen(done)[1].get("GOROOT")) == (7, f"{wine.path(root)}\\{TREE}"), done.stderr
    shutil.rmtree(root / "current")
    (root / "current.txt").unlink()
    (root / TREE).rename(root / "current")
    (root / TREE).mkdir()
    (root / TREE / "VERSION").write_text(NEW + "\n")
    (root / f"{TREE}.json").write_text("{}\n")
    done = wine.cmd(launcher, cwd=root)
    assert (done.returncode, seen(done)[1].get("GOROOT")) == (7, f"{wine.path(root)}\\current"), done.stderr
    done = wine.cmd("use.bat", TREE, cwd=root)
    assert done.returncode == 1 and "is the link current" in done.stderr
    assert not (root / ".gopack").exists()


@pytest.mark.parametrize("launcher", ["go.exe", "go.bat"])
def test_the_last_of_two_settings_counts(launcher, shows, wine):
    root = shows()
    for text, expected in (("gotoolchain=path\nenv.GOTOOLCHAIN=auto", "auto"), ("env.GOTOOLCHAIN=auto\ngotoolchain=path", "path"),
                           ("gotoolchain=path\ngotoolchain=", "path")):
        (root / "config.ini").write_text(text + "\n")
        done = wine.cmd(launcher, "--portable", cwd=root)
        assert seen(done)[1].get("GOTOOLCHAIN") == expected, done.stderr


def test_settings(shows, wine, tmp_path):
    root = shows()
    (root / "config.ini").write_bytes(b"; comment\r\ndata_dir=my data\r\ngoproxy=off\r\nenv.GOFLAGS=-a\r\nenv.X=\"a&b %x% \"\r\n")
    _, env = seen(wine.run(root / "go.exe", "--portable", cwd=tmp_path, env={"GOFLAGS": "-x"}))
    assert (env["GOPATH"], env["GOPROXY"], env["GOFLAGS"], env["X"]) == (
        wine.path(root) + "\\my data\\gopath", "off", "-a", "a&b %x% ")
    for text, message in (("x=1", "line 1: unknown setting 'x'"), ("\nstage=soon", "line 2: stage is auto")):
        (root / "config.ini").write_text(text)
        done = wine.run(root / "go.exe", "--portable", cwd=tmp_path)
        assert done.returncode == 2 and message in done.stderr


@pytest.mark.parametrize("command", ["go.exe", "use.bat"])
def test_a_file_that_another_program_holds_for_a_moment_is_replaced(command, shows, wine, tmp_path):
    """As virus scanners do."""
    root = shows()
    (root / TREE / "VERSION").write_text(NEW + "\n")
    (root / f"{TREE}.json").write_text("{}\n")
    cache = root / "shared/gopath/cache"
    cache.mkdir(parents=True)
    (cache / "gopack-warm").write_text("12345\n")
    (cache / "trim.txt").write_text("1262304000\n")
    (root / "current.txt").write_text(TREE + "\r\n")
    starts = {"go.exe": (cache / "trim.txt", [root / "go.exe", "x"]), "use.bat": (root / "current.txt", ["cmd", "/c", "use.bat", TREE])}
    file, words = starts[command]
    (file.parent / "hold.bat").write_text("@echo held\n@set /p x=\n")
    with wine.start("cmd", "/c", "hold.bat", f">>{file.name}", cwd=file.parent) as holder:
        while not file.read_text().endswith("held\n"):
            assert holder.poll() is None
        before = file.read_text()
        with wine.start(*words, cwd=root) as renaming:
            while not list(file.parent.glob(f"{file.name}.*")):
                assert renaming.poll() is None, renaming.stderr.read()
            assert file.read_text() == before
            holder.stdin.close()
            said = renaming.stderr.read()
    assert renaming.returncode == (7 if command == "go.exe" else 0), said
    assert file.read_text() != before and not list(file.parent.glob(f"{file.name}.*"))


def test_found_from_anywhere(shows, wine, tmp_path):
    """By a relative path, from PATH, from another drive; never what lies in the working directory."""
    root = shows(tmp_path / "my stick")
    bad = tmp_path / "evil"
    bad.mkdir()
    for name in ("go.exe", "findstr.exe", "xcopy.exe", "cmd.exe", "powershell.exe"):
        (bad / name).write_bytes(b"MZ nonsense")
    goroot = f"{wine.path(root)}\\{TREE}"
    for program, cwd in (("go.exe", root), ("my stick\\go.exe", tmp_path), (root / "go.exe", bad)):
        assert seen(wine.run(program, cwd=cwd))[1]["GOROOT"] == goroot
    done = wine.batch(tmp_path, f'set "PATH={wine.path(root)};%PATH%"\ncd /d C:\\\ngo --data-dir "{wine.path(tmp_path)}\\d" x\n')
    assert seen(done)[1]["GOROOT"] == goroot
    drive = next(letter for letter in "qrstuvw" if not os.path.lexists(wine.prefix / "dosdevices" / f"{letter}:"))
    device = wine.prefix / "dosdevices" / f"{drive}:"
    device.symlink_to(root)
    try:
        _, env = seen(wine.run(f"{drive.upper()}:\\go.exe", cwd=tmp_path))
        assert (env["GOROOT"], env["GOPATH"]) == (f"{drive.upper()}:\\{TREE}", f"{drive.upper()}:\\shared\\gopath")
    finally:
        device.unlink()


def test_a_bound_session_may_change_what_it_was_given(shows, wine, tmp_path):
    root, data = shows(tmp_path / "my stick"), tmp_path / "my data"
    script = (f'call "{wine.path(root)}\\goenv.bat" --data-dir "{wine.path(data)}"\n'
              'set GOFLAGS=-mine\nset GOTOOLCHAIN=auto\ngo a\n')  # fmt: skip
    arguments, env = seen(wine.batch(tmp_path, script))
    assert (arguments, env["GOFLAGS"], env["GOTOOLCHAIN"], env["GOPATH"], env["TEST_TELEMETRY_DIR"]) == (
        ["a"], "-mine", "auto", wine.path(data) + "\\gopath", wine.path(data) + "\\telemetry")


def list_files(root):
    """Gives the tree of a bundle a manifest and sums, as far as launchers read them."""
    files = [path for path in sorted((root / TREE).rglob("*")) if path.is_file()]
    (root / f"{TREE}.json").write_text(json.dumps({"files": len(files), "bytes": sum(path.stat().st_size for path in files)}))
    (root / "SHA256SUMS").write_text("".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(root)}\n"
                                             for path in files))


def test_stage_always(shows, wine, tmp_path):
    root, data = shows(), tmp_path / "data"
    list_files(root)
    (root / "config.ini").write_text("stage=always\n")
    done = wine.run(root / "go.exe", "--portable")
    assert done.returncode == 126 and "data_dir" in done.stderr
    copy = data / "stage" / TREE
    for launcher, copied, damage in (("go.exe", True, None), ("go.bat", False, None), ("go.exe", False, None),
                                     ("go.bat", True, lambda: shutil.rmtree(copy / "pkg")),
                                     ("go.exe", True, lambda: os.truncate(copy / "VERSION", 1))):
        if damage:
            damage()
        done = wine.cmd(launcher, "--portable", "--data-dir", wine.path(data), cwd=root)
        assert seen(done)[1].get("GOROOT") == f"{wine.path(data)}\\stage\\{TREE}", done.stderr
        assert ("copying" in done.stderr) == copied
    assert subprocess.run(["diff", "-rq", root / TREE, data / "stage" / TREE]).returncode == 0
    script = f'call "{wine.path(root)}\\goenv.bat" --portable --data-dir "{wine.path(data)}"\ngo x\n'
    arguments, env = seen(wine.batch(tmp_path, script))
    assert (arguments, env.get("GOROOT")) == (["x"], f"{wine.path(data)}\\stage\\{TREE}")


def test_a_warm_cache_is_copied_once(shows, wine, tmp_path):
    root, data = shows(), tmp_path / "data"
    cache = root / "shared/gopath/cache"
    (cache / "ab").mkdir(parents=True)
    (cache / "ab/entry-d").write_text("content")
    (cache / "gopack-warm").write_text("12345\n")
    (cache / "trim.txt").write_text("1262304000\n")
    wine.run(root / "go.exe", "--data-dir", wine.path(data))
    assert (data / "gopath/cache/ab/entry-d").read_text() == "content"
    assert (data / "gopath/cache/gopack-base").read_text() == "12345\n"
    assert int((data / "gopath/cache/trim.txt").read_text()) > 1_700_000_000
    (data / "gopath/cache/ab/entry-d").write_text("own")
    wine.run(root / "go.exe", "--data-dir", wine.path(data))
    assert (data / "gopath/cache/ab/entry-d").read_text() == "own"
