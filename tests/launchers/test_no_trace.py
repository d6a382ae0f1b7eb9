"""Nothing of what Go leaves lies outside the bundle, the data directory and the project: told by strace."""

import os
import re
import shutil
import subprocess

import forge
import pytest
import sdks
from conftest import NEW, OLD, TEST, bound_shell, clean_env, make_bundle, run, write_hello
from strace import read_trace
from test_native import GO
from test_pointer_and_data import read_only_mount

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")

WAYS = ("the bundle", "a data directory", "the native launcher", "a bound shell", "gopack exec", "gopack env")
OLDEST = "go1.18.10"
CHANGES = ("mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,rmdir,symlink,symlinkat,link,linkat,chmod,fchmodat,"
           "chown,fchownat,utimensat,truncate,creat,mknod,mknodat,chdir")  # fmt: skip
LINES = ("mod download", "mod tidy", "build ./...", "test ./...", "install .", "vet ./...", "run .", "fmt ./...",
         "env -w GOPRIVATE=example.test", "clean -testcache", "list -deps ./...", "version")  # fmt: skip

CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += (\d+)(?:<(.*)>)?")
CAME_TO_NOTHING = re.compile(r"\) += (?:-1 |\?)|<detached ...>$|^\d+ +---")  # it failed, or its thread was ended; a signal
OPENED_TO_WRITE = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
PLACE = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')


def changed_paths(trace, start):
    """The paths that calls which came to something created, wrote to or took away, and the calls."""
    working = {}  # directory of each process that has left the one where it began
    for line in read_trace(trace):
        call = CALL.match(line)
        if not call:
            assert CAME_TO_NOTHING.search(line), line
            continue
        process, name, arguments, _, opened = call.groups()
        if name in ("open", "openat"):
            if OPENED_TO_WRITE.search(arguments):
                yield opened, line
            continue
        for directory, path in PLACE.findall(arguments):
            full = os.path.normpath(os.path.join(start, working.get(process, ""), directory, path))
            if name == "chdir":
                working[process] = full
            else:
                yield full, line


def require_module(project, directory):
    """One that is not in the module cache yet, from a proxy in `directory`."""
    forge.put_in_proxy(directory, "public.test/words", "v1.0.0", {"go.mod": "module public.test/words\n", "words.go": "package words\n"})
    with open(project / "go.mod", "a", encoding="ascii") as file:
        file.write("\nrequire public.test/words v1.0.0\n")
    (project / "words.go").write_text('package main\n\nimport _ "public.test/words"\n')


@pytest.fixture(scope="session")
def bundle(gopack_binary, tmp_path_factory):
    return make_bundle(gopack_binary, tmp_path_factory.mktemp("material"), OLDEST if sdks.IS_FULL else OLD)


@pytest.mark.parametrize(("way", "release"), [*((way, NEW) for way in WAYS), *((way, OLDEST) for way in WAYS[:2] if sdks.IS_FULL)])
def test_go_writes_nowhere_else(way, release, gopack_binary, stick, home, tmp_path):
    """With a data directory the bundle is mounted read-only, where the tests may mount."""
    s = stick(whole=True)
    assert run([s.root / "use.sh", release], env=clean_env(home)).returncode == 0
    work, data, temporary = tmp_path / "work", tmp_path / "data", tmp_path / "tmp"
    for directory in (work, temporary):
        directory.mkdir()
    write_hello(work)
    (work / "main_test.go").write_text(TEST)
    require_module(work, tmp_path)
    go = [s.root / (GO if way == "the native launcher" else "go.sh")]
    if way == "a bound shell":
        go = bound_shell(s, 'exec go "$@"')
    elif way == "gopack exec":
        go = [gopack_binary, "--home", s.root, "exec", "--", "sh", "-c", 'exec go "$@"', "sh"]
    elif way == "gopack env":
        go = ["sh", "-c", 'eval "$("$0" --home "$1" env)"; shift; exec go "$@"', gopack_binary, s.root]
    allowed = [work, data, temporary, "/dev/null", "/dev/tty"]
    if way != "a data directory":
        allowed += [s.root, (s.root / "shared/gopath/cache").resolve()]
    else:
        subprocess.run(["cp", "-aL", s.root / "shared/gopath/cache", tmp_path / "cache"], check=True)
        (data / "gopath").mkdir(parents=True)
        (tmp_path / "cache").rename(data / "gopath/cache")
        go += ["--data-dir", data]
    mount = read_only_mount(s.root) if way == "a data directory" and os.geteuid() == 0 else []
    trace = tmp_path / "trace"
    watch = ["strace", "-f", "--seccomp-bpf", "-y", "-qq", "-s", "4096", "-o", trace, "-e", f"trace=open,openat,{CHANGES}"]
    seen = 0
    for line in LINES:
        done = run([*mount, *watch, *go, *line.split()], cwd=work,
                   env=clean_env(home, TMPDIR=str(temporary), CGO_ENABLED="0", GOPROXY=(tmp_path / "proxy").as_uri(), GOSUMDB="off"))
        if line == "run .":
            assert (done.returncode, done.stdout) == (1, "hello []\n") and "exit status 7" in done.stderr
        else:
            assert done.returncode == 0, f"{line}: {done.stderr}"
        for path, call in changed_paths(trace, work):
            seen += 1
            at_home = any(path == str(place) or path.startswith(f"{place}/") for place in allowed)
            assert at_home, f"{line}: {call}"
        assert not list(temporary.iterdir()), line
    assert seen > 100, "strace saw nothing"
    assert list((data if way == "a data directory" else s.root / "shared").glob("gopath/pkg/mod/public.test/words@*"))


def test_asking_the_hosts_go_leaves_nothing(gopack_binary, stick, tmp_path):
    """It is asked for the settings that the user has made with `go env -w`."""
    s = stick()
    versions, settings = tmp_path / "proxy/golang.org/toolchain/@v", tmp_path / "home/.config/go/env"
    for directory in (versions, settings.parent):
        directory.mkdir(parents=True)
    (versions / f"v0.0.1-{NEW}.linux-amd64.zip").touch()
    settings.write_text(f"GOPROXY={(tmp_path / 'proxy').as_uri()}\n")
    done = run([gopack_binary, "--home", tmp_path / "store", "list", "--remote", "--source", "goproxy"], cwd=tmp_path,
               env=clean_env(tmp_path / "home", PATH=f"{s.root / s.tree}/bin:/usr/bin:/bin"))
    assert done.returncode == 0 and NEW in done.stdout, done.stderr
    assert [path for path in (tmp_path / "home").rglob("*") if not path.is_dir()] == [settings]
