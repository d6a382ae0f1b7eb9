"""One table of cases for every reader of a bundle: the shells, the native launcher and gopack itself."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import HEX, SHELLS

OLD, NEW = "1.21.3", "1.22.5"
WAYS = [*SHELLS, "native", "exec"]
GO = """#!/bin/sh
[ "$*" != version ] || [ -z "$SHOW" ] || echo "$SHOW"
case $1 in
-C | --C) shift 2 ;;
-C=* | --C=*) shift ;;
esac
case $1 in
version) echo "go version $(cat "$GOROOT/VERSION")" ;;
build) trap 'echo told >"$MARK"; exit 9' TERM INT; echo ready; while :; do sleep 0.01; done ;;
read) cat ;;
*) printf '%s\\n' "$GOENV" "$GOCACHEPROG" "$PATH" ;;
esac
"""


@pytest.fixture(scope="module")
def made(gopack_in, tmp_path_factory):
    """Trees of OLD and NEW for this machine, and one of NEW for darwin/arm64 as well; Go is a script."""
    import releases

    base = tmp_path_factory.mktemp("readers")
    gopack = gopack_in(base)
    releases.write_mirror(base / "mirror", [OLD, NEW], ["linux-amd64", "darwin-arm64"])
    for version, platforms in ((OLD, "linux/amd64"), (NEW, "linux/amd64"), (NEW, "linux/amd64,darwin/arm64")):
        gopack.must("fetch", version, "-p", platforms, "--source", base / "mirror")
        gopack.must("trim", version, "--profile", "minimal")
        gopack.must("bundle", "--target", base / "bundle")
    for go in (*base.glob("bundle/v_*/bin/go"), *base.glob("bundle/v_*/bin/*/go")):
        go.chmod(0o755)
        go.write_text(GO)
    return gopack


class Bundle:
    def __init__(self, made, root):
        self.gopack, self.root = made, root
        subprocess.run(["cp", "-a", made.home.parent / "bundle", root], check=True)
        trees = {tree["id"]: tree for tree in self.gopack.must("--home", root, "--json", "list").json["trees"]}
        self.old = next(name for name, tree in trees.items() if tree["release"] == "go" + OLD)
        self.new, self.wide = sorted((name for name in trees if name != self.old), key=lambda name: len(trees[name]["platforms"]))

    def point(self, link=None, text=None):
        for name in ("current", "current.txt"):
            (self.root / name).unlink(missing_ok=True)
        if link is not None:
            (self.root / "current").symlink_to(link)
        if text is not None:
            (self.root / "current.txt").write_text(text)

    def command(self, way, *words):
        launchers = {"native": [self.root / "go-linux-amd64"], "exec": [self.gopack.binary, "--home", self.root, "exec", "--", "go"]}
        if way in SHELLS and not shutil.which(SHELLS[way][0]):
            pytest.skip(f"{SHELLS[way][0]} is not installed")
        return [*(launchers.get(way) or [*SHELLS[way], self.root / "goenv.sh", "--run", "go"]), *words]

    def run(self, way, *words, cwd=None, **more):
        return self.start(self.command(way, *words), cwd, **more)

    def start(self, command, cwd=None, **more):
        return subprocess.run(command, env=self.gopack.environment(**more), cwd=cwd or self.gopack.work,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)  # fmt: skip


@pytest.fixture
def bundle(made, tmp_path):
    return Bundle(made, tmp_path / "stick")


# The link, the text, and which release runs: OLD, NEW, or none.
POINTERS = {
    "link": ("{old}", None, OLD),
    "dot": ("./{old}", None, OLD),
    "slash": ("{old}/", None, OLD),
    "dot and slash": ("./{old}/", "{new}\n", OLD),
    "two dots": ("././{old}", None, None),
    "two slashes": ("{old}//", None, None),
    "above": ("../stick/{old}", None, None),
    "text": (None, "{old}\n", OLD),
    "text with a dot": (None, "./{old}\n", None),
    "text with a slash": (None, "{old}/\n", None),
    "link of ntfs-3g": (b"IntxLNK\1v\0", "{new}\n", NEW),
    "link of macOS": (b"XSym\n0018\n", "{new}\n", NEW),
    "directory": ("directory", "{new}\n", NEW),
}


@pytest.mark.parametrize("case", POINTERS)
def test_pointer(case, bundle):
    link, text, taken = POINTERS[case]
    names = {"old": bundle.old, "new": bundle.new}
    bundle.point(text=text and text.format(**names))
    (bundle.root / ".gopack/history").unlink(missing_ok=True)
    if link == "directory":
        (bundle.root / "current").mkdir()
        shutil.copy(bundle.root / bundle.old / "VERSION", bundle.root / "current")
    elif isinstance(link, bytes):
        (bundle.root / "current").write_bytes(link)
    elif link:
        (bundle.root / "current").symlink_to(link.format(**names))
    for way in WAYS:
        done = bundle.run(way, "version")
        assert (done.returncode == 0, done.stdout.split("\n")[0]) == (taken is not None, f"go version go{taken}" if taken else ""), way
        if way in SHELLS:
            listed = bundle.start([*SHELLS[way], bundle.root / "use.sh"]).stdout.splitlines()
            assert [line.split()[2] for line in listed if line.startswith("*")] == (["go" + taken] if taken else []), way


def test_use_of_a_foreign_link_records_what_was_current(bundle):
    bundle.point(text=bundle.new + "\n")
    (bundle.root / "current").write_bytes(b"IntxLNK\1v\0")
    assert bundle.start(["sh", bundle.root / "use.sh", OLD]).returncode == 0
    assert (bundle.root / ".gopack/history").read_text().splitlines()[-1] == f"{bundle.new} {bundle.old}"


@pytest.mark.parametrize("shell", SHELLS)
def test_use_takes_the_tree_for_more_platforms(shell, bundle):
    """As gopack does; but not one that builds for less, or of another profile."""
    use = [*SHELLS[shell], bundle.root / "use.sh"]
    for wanted in (NEW, "1.22", "1.22+minimal"):
        bundle.start([*use, OLD])
        done = bundle.start([*use, wanted])
        assert (done.returncode, done.stderr) == (0, f"go{NEW} is current: {bundle.wide}\n")
    manifest = bundle.root / f"{bundle.wide}.json"
    text = manifest.read_text()
    manifest.chmod(0o644)
    for word, other in (('"profile": "minimal"', '"profile": "mine"'), ('"linux/amd64"\n', '"plan9/amd64"\n'),
                        ('"stripped": false', '"stripped": true')):  # fmt: skip
        assert word in text
        manifest.write_text(text.replace(word, other))
        done = bundle.start([*use, NEW])
        assert done.returncode == 1 and "may be each of" in done.stderr and bundle.new in done.stderr and bundle.wide in done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_leftovers_of_a_killed_use(shell, bundle):
    gone = subprocess.Popen(["true"])
    gone.wait()
    names = [f".use.{gone.pid}", f".use.{os.getpid()}", ".use.1", ".use.mine"]
    for name in names:
        (bundle.root / name).mkdir()
        (bundle.root / name / "current").symlink_to("v_" + HEX)
    day = 24 * 60 * 60
    os.utime(bundle.root / ".use.1", (1, 1 + day))
    bundle.start([*SHELLS[shell], bundle.root / "use.sh", OLD])
    assert sorted(path.name for path in bundle.root.glob(".use.*")) == sorted([names[1], names[3]])


def test_gc_takes_leftovers_of_use(bundle):
    gone = subprocess.Popen(["true"])
    gone.wait()
    for name in (f".use.{gone.pid}", f".use.{os.getpid()}", ".use.mine"):
        (bundle.root / name).mkdir()
    bundle.gopack.must("gc", bundle.root)
    assert sorted(path.name for path in bundle.root.glob(".use.*")) == sorted([f".use.{os.getpid()}", ".use.mine"])


NO_PROGRAM, OPEN, NONE = "this machine has no program {}", "a quote in it is not closed", "it names no program"
# What go.env says, and why it is left out; nothing: Go can start it.
PROGRAMS = [
    ("prog", None, None), ("prog --flag 'a b'", None, None), ("\tprog", None, None), ("'prog'x", None, None),
    ("{tmp}/a b/prog", NO_PROGRAM, "{tmp}/a"), ("'{tmp}/a b/prog' --flag", None, None), ('"{tmp}/a b/prog"', None, None),
    ("cd", NO_PROGRAM, "cd"), ("eval", NO_PROGRAM, "eval"), (". x", NO_PROGRAM, "."), ("if", NO_PROGRAM, "if"),
    ('"prog', OPEN, None), ("'prog", OPEN, None), ("prog 'x", OPEN, None), ('prog "x\'', OPEN, None), ("prog x'y", None, None),
    ("{tmp}/plain", NO_PROGRAM, "{tmp}/plain"), ("{tmp}/bin", NO_PROGRAM, "{tmp}/bin"), ("plain", NO_PROGRAM, "plain"),
    ("{tmp}/missing -x", NO_PROGRAM, "{tmp}/missing"), ("''", NONE, None), ('"" prog', NONE, None), ("  ", NONE, None),
    ("here", NO_PROGRAM, "here"), ("./here", None, None), ("no-such*", NO_PROGRAM, "no-such*"), ("-v", NO_PROGRAM, "-v"),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_cache_program(way, bundle, tmp_path):
    """The words of GOCACHEPROG are those that Go would make of them."""
    bundle.point(link=bundle.old)
    for name in ("a b/prog", "bin/prog", "work/here"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    for name in ("plain", "bin/plain"):
        (tmp_path / name).write_text("")
    path = f"{tmp_path}/bin:.::/usr/bin:/bin"
    go_env = bundle.root / "shared/gopath/go.env"
    for value, fault, program in PROGRAMS:
        value = value.format(tmp=tmp_path)
        go_env.write_text(f"GOCACHEPROG={value}\nGOFLAGS=-v\n")
        done = bundle.run(way, "x", cwd=tmp_path / "work", PATH=path)
        reason = fault and fault.format((program or "").format(tmp=tmp_path))
        said = f"GOCACHEPROG of go.env is left out: {reason}\n" if fault else ""
        assert (done.returncode, done.stderr.split("gopack: ")[-1].removeprefix("warning: ")) == (0, said), value
        assert done.stdout.split("\n")[0] == str(go_env) + (".here" if fault else "")
        if way == "exec":
            continue  # which reads no config.yaml
        go_env.write_text("")
        quoted = f"'{value}'" if "'" not in value else f'"{value}"' if '"' not in value else None
        if not quoted or not value.strip():
            continue
        (bundle.root / "config.yaml").write_text(f"env.GOCACHEPROG: {quoted}\n")
        done = bundle.run(way, "--portable", "x", cwd=tmp_path / "work", PATH=path)
        assert done.stderr == (f"gopack: env.GOCACHEPROG is left out: {reason}\n" if fault else ""), value
        assert done.stdout.split("\n")[1] == ("" if fault else value)


ENV_COMMANDS = [(["env"], True), (["-C", ".", "env"], True), (["--C", ".", "env"], True), (["-C=.", "env", "-w"], True),
                (["--C=.", "env"], True), (["-C", "env"], False), (["x", "env"], False), (["-C", ".", "x"], False)]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_go_env_sees_the_settings_as_they_are(way, bundle):
    bundle.point(link=bundle.old)
    go_env = bundle.root / "shared/gopath/go.env"
    go_env.write_text("GOCACHEPROG=/missing\n")
    for words, is_env in ENV_COMMANDS:
        done = bundle.run(way, *words)
        assert done.stdout.split("\n")[0] == str(go_env) + ("" if is_env else ".here"), words
        assert ("is left out" in done.stderr) != is_env


BEFORE = "# mine\nGOCACHEPROG=/missing\nGOFLAGS=-v\nGOVCS=*:git\nGOPRIVATE=a.test\n"
COPY = BEFORE.replace("GOCACHEPROG=/missing\n", "")


@pytest.mark.parametrize("way", WAYS)
def test_what_a_bound_shell_sets_is_kept(way, bundle):
    """Its GOENV is a copy: what has changed there is carried over by whatever starts next."""
    bundle.point(link=bundle.old)
    go_env, copy = bundle.root / "shared/gopath/go.env", bundle.root / "shared/gopath/go.env.here"
    go_env.write_text(BEFORE)
    bind = f'eval "$({bundle.gopack.binary} --home {bundle.root} env)"' if way == "exec" else f'eval "$(sh {bundle.root}/goenv.sh)"'
    done = bundle.start(["sh", "-c", bind + '; printf %s "$GOENV"'])
    assert done.stdout == str(copy) and copy.read_text() == COPY
    copy.write_text(COPY.replace("GOFLAGS=-v", "GOFLAGS=-x").replace("GOVCS=*:git\n", "") + "GOSUMDB=off\n")
    go_env.write_text(BEFORE.replace("a.test", "b.test"))  # meanwhile, by a launcher
    done = bundle.run(way, "env")
    assert done.returncode == 0, done.stderr
    expected = "# mine\nGOCACHEPROG=/missing\nGOFLAGS=-x\nGOPRIVATE=b.test\nGOSUMDB=off\n"
    assert go_env.read_text() == expected
    bundle.run(way, "x")
    assert go_env.read_text() == expected and copy.read_text() == expected.replace("GOCACHEPROG=/missing\n", "")
    copy.write_text(copy.read_text() + "GOCACHEPROG=prog\n")
    bundle.run(way, "x")
    assert go_env.read_text() == expected.replace("/missing", "prog")


@pytest.mark.parametrize("way", [way for way in WAYS if way != "exec"])
def test_path_of_the_settings_never_counts(way, bundle):
    bundle.point(link=bundle.old)
    (bundle.root / "config.yaml").write_text("env.PATH: /elsewhere\n")
    front = f"{bundle.root}/{bundle.old}/bin:{bundle.root}/shared/gopath/bin"
    for path in ("/usr/bin:/bin", f"{front}:/usr/bin:/bin"):
        done = bundle.run(way, "--portable", "x", PATH=path)
        assert done.stdout.split("\n")[2] == f"{front}:/usr/bin:/bin"


def test_exec_and_env_in_a_bound_shell(bundle):
    bundle.point(link=bundle.old)
    front = f"{bundle.root}/{bundle.old}/bin:{bundle.root}/shared/gopath/bin"
    done = bundle.run("exec", "x", PATH=f"{front}:/usr/bin:/bin")
    assert done.stdout.split("\n")[2] == f"{front}:/usr/bin:/bin"
    bind = f'eval "$({bundle.gopack.binary} --home {bundle.root} env)"'
    assert bundle.start(["sh", "-c", f'{bind}; {bind}; echo "$PATH"']).stdout == f"{front}:/usr/bin:/bin\n"


@pytest.mark.parametrize("way", [way for way in WAYS if way != "exec"])
def test_a_data_directory_that_go_cannot_use_is_not_made(way, bundle, tmp_path):
    bundle.point(link=bundle.old)
    for name in ("a:b", "a:b/c", f"{tmp_path}/a:b", "./c/a:b"):
        done = bundle.run(way, "--data-dir", name, "version", cwd=tmp_path)
        assert done.returncode == 1 and "':' in its name" in done.stderr, name
    odd = tmp_path / "x:y"
    odd.mkdir()
    assert bundle.run(way, "--data-dir", "data", "version", cwd=odd).returncode == 1
    assert not list(odd.iterdir()) and sorted(path.name for path in tmp_path.iterdir()) == ["stick", "x:y"]


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the cases are for x86_64")
@pytest.mark.parametrize("way", WAYS)
def test_programs_for_other_processors(way, bundle):
    """A 64-bit machine takes 386 where there is nothing else; a 32-bit one nothing else at all."""
    bundle.point(link=bundle.old)
    tree = bundle.root / bundle.old
    subprocess.run(["chmod", "-R", "u+w", tree], check=True)
    manifest = bundle.root / f"{bundle.old}.json"
    manifest.chmod(0o644)
    (tree / "pkg/tool/linux_amd64").rename(tree / "pkg/tool/linux_386")
    manifest.write_text(manifest.read_text().replace('"linux/amd64"', '"linux/386"'))
    for prefix in ([], ["setarch", "i686"]):
        done = bundle.start([*prefix, *bundle.command(way, "version")])
        assert (done.returncode, done.stdout.split("\n")[0]) == (0, f"go version go{OLD}"), done.stderr
    bundle.point(link=bundle.new)
    done = bundle.start(["setarch", "i686", *bundle.command(way, "version")])
    assert done.returncode == 1 and "has no Go for linux" in done.stderr and "386" in done.stderr


@pytest.mark.parametrize("way", WAYS)
def test_a_signal_reaches_go(way, bundle, tmp_path):
    """Also where the launcher waits, because the tree lacks what the command asks for."""
    if way in SHELLS and not shutil.which("setpriv"):
        pytest.skip("setpriv is not installed")
    bundle.point(link=bundle.old)
    mark = tmp_path / "told"
    process = subprocess.Popen(bundle.command(way, "build", "-race"), env=bundle.gopack.environment(MARK=str(mark)),
                               cwd=bundle.gopack.work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    _, error = process.communicate(timeout=60)  # until Go has closed its output
    assert mark.read_text() == "told\n"
    if way in SHELLS:
        assert process.returncode == -signal.SIGTERM
    else:
        assert process.returncode == 9 and "lacks race" in error


def wait_until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


@pytest.mark.parametrize("way", WAYS)
def test_go_has_the_terminal(way, bundle, tmp_path):
    """It reads what is typed, and Ctrl-C ends it, where the launcher waits."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
    from terminal import Terminal

    bundle.point(link=bundle.old)
    mark = tmp_path / "told"
    environment = bundle.gopack.environment(MARK=str(mark), GOOS="plan9")
    with Terminal(bundle.command(way, "read"), environment, bundle.gopack.work) as terminal:
        terminal.send("typed\n\x04")
        terminal.wait_for("typed\r\ntyped")
        assert terminal.process.wait(timeout=60) == 0
    with Terminal(bundle.command(way, "build", "-race"), environment, bundle.gopack.work) as terminal:
        terminal.wait_for("ready")
        terminal.send("\x03")
        status = terminal.process.wait(timeout=60)
        wait_until(lambda: mark.exists() and mark.read_text() == "told\n")  # zsh does not wait for Go
        assert status in (9, 130, -signal.SIGINT)
