"""What is for shells and programs: env, exec, doctor."""

import json
import shutil
import signal
import subprocess

import pytest
import releases
from conftest import NEW, OLD, Store, copy

NAMES = ["GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE", "GOENV", "GOTOOLCHAIN"]


@pytest.fixture
def store(gopack, prepared_here):
    """With trees for this system."""
    copy(prepared_here / "store", gopack.home)
    return Store(gopack)


def expected(store, tree):
    data = store.home / "shared/gopath"
    return [str(store.home / tree), str(data), f"{data}/pkg/mod", f"{data}/cache", f"{data}/go.env", "local"]


@pytest.mark.parametrize("shell", ["dash", "bash", "zsh"])
@pytest.mark.parametrize("selector", [None, NEW])
def test_env_is_for_eval(store, gopack_binary, shell, selector):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    tree = store.new if selector else store.old
    script = f'eval "$("{gopack_binary}" env {selector or ""})"; printf "%s\\n" "${{GOFLAGS-unset}}" ' + " ".join(
        f'"${name}"' for name in NAMES
    )
    env = store.gopack.environment(GOROOT="/nowhere", GOFLAGS="-x")
    done = subprocess.run([shell, "-c", script + "; command -v go"], env=env, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["-x", *expected(store, tree), str(store.home / tree / "bin/go")]


@pytest.mark.parametrize(
    ("shell", "form"),
    [
        ("sh", "export GOROOT='{root}'"),
        ("fish", "set -gx GOROOT '{root}'"),
        ("powershell", "$env:GOROOT = '{root}'"),
        ("cmd", 'set "GOROOT={root}"'),
    ],
)
def test_env_speaks_each_shell(store, shell, form):
    lines = store.gopack.must("env", "--shell", shell).stdout.splitlines()
    assert form.format(root=store.home / store.old) in lines


def test_env_quotes_what_is_odd(store, gopack_binary, tmp_path):
    odd = tmp_path / "a 'b' $(touch gotcha) é"
    store.home.rename(odd)
    env = store.gopack.environment(GOPACK_HOME=str(odd))
    script = f'eval "$("{gopack_binary}" env)"; printf "%s" "$GOROOT"'
    done = subprocess.run(["dash", "-c", script], env=env, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == str(odd / store.old)
    assert not (tmp_path / "gotcha").exists()


def test_env_as_json(store):
    document = store.gopack.must("--json", "env", NEW).json
    assert [document["set"][name] for name in NAMES] == expected(store, store.new)
    assert document["unset"] == []
    assert document["path"] == [str(store.home / store.new / "bin"), str(store.home / "shared/gopath/bin")]


def test_exec_binds_the_environment(store):
    script = 'printf "%s\\n" "$GOROOT" "$GOFLAGS"; command -v go; test -d "$GOPATH"'
    result = store.gopack.must("exec", NEW, "--", "sh", "-c", script, env={"GOROOT": "/nowhere", "GOFLAGS": "-x"})
    root = store.home / store.new
    assert result.stdout.splitlines() == [str(root), "-x", str(root / "bin/go")]
    assert store.gopack.must("exec", "--", "go", "version").stdout == f"go version go{OLD} linux/amd64\n"


def test_exec_passes_arguments_and_exit_status_on(store):
    arguments = ["", "a b", "'", '"', "$(x)", "*", "--json", "-q", "--", "é", "\\", "a\nb"]
    result = store.gopack("exec", "--", "sh", "-c", 'printf "<%s>" "$@"; exit 37', "sh", *arguments)
    assert (result.status, result.stdout) == (37, "".join(f"<{argument}>" for argument in arguments))
    assert store.gopack("exec", "--", "sh", "-c", "kill -TERM $$").status == -signal.SIGTERM, "as if run without gopack"
    (store.gopack.work / "mine.sh").write_text("#!/bin/sh\necho mine\n")
    (store.gopack.work / "mine.sh").chmod(0o755)
    assert store.gopack.must("exec", "--", "./mine.sh").stdout == "mine\n"


def checks(result):
    return {check["name"]: check["ok"] for check in json.loads(result.stdout)["checks"]}


def test_doctor_finds_nothing_wrong_here(store, mirror):
    found = checks(store.gopack.must("--json", "doctor", "--source", mirror))
    assert all(found.values()) and {"writable", "free space", "locks", "GOROOT", "GOFLAGS"} <= set(found)


def test_doctor_asks_for_the_room_that_a_bundle_takes(store, mirror):
    """On a file system of 2 MB, which is too small for what is comfortable elsewhere."""
    line = ["unshare", "-r", "-m", "sh", "-c", 'mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@"', "sh"]
    target = store.gopack.work / "stick"
    target.mkdir()

    def run(size, *words):
        return subprocess.run([*line, size, target, store.gopack.binary, *map(str, words)], env=store.gopack.environment(),
                              cwd=store.gopack.work, capture_output=True, text=True, check=False)  # fmt: skip

    if subprocess.run([*line, "1M", target, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("cannot mount here")
    for size in ("500k", "900k", "1200k", "1500k", "4M"):
        doctor = run(size, "--json", "doctor", target, "--source", mirror)
        [space] = [check for check in json.loads(doctor.stdout)["checks"] if check["name"] == "free space"]
        bundled = run(size, "--json", "bundle", OLD, "--target", target)
        assert space["ok"] == (bundled.returncode == 0), (size, space, bundled.stdout)
        assert f"a bundle of go{OLD} minimal needs" in space["found"]


@pytest.mark.parametrize("line", [["stick"], ["--offline"], []])
def test_a_source_that_cannot_be_reached_is_a_note_where_none_is_needed(store, line):
    """For a stick, and offline."""
    doctor = ["doctor", *line, "--source", "http://127.0.0.1:1"]
    result = store.gopack("--json", *doctor)
    [source] = [check for check in result.json["checks"] if check["name"].startswith("source ")]
    assert not source["ok"] and source["note"] == bool(line) and source["remedy"]
    assert result.status == (0 if line else 1)
    shown = [text for text in store.gopack(*doctor).stdout.splitlines() if "127.0.0.1" in text]
    assert shown[0].startswith("--" if line else "!!")


def test_doctor_names_remedies(store, tmp_path):
    line = ["doctor", tmp_path / "stick", "--source", "http://127.0.0.1:1"]
    env = {"GOROOT": "/nowhere", "GOFLAGS": "-x"}
    result = store.gopack("--json", *line, env=env)
    assert result.status == 1
    bad = [check for check in json.loads(result.stdout)["checks"] if not check["ok"]]
    assert {"GOROOT", "GOFLAGS"} <= {check["name"] for check in bad}
    assert any("127.0.0.1" in check["found"] for check in bad)
    assert all(check["remedy"] for check in bad)
    assert "GOROOT" in store.gopack(*line, env=env).stdout


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck_finds_nothing_in_the_scripts(gopack, tmp_path):
    """As they are delivered: in a bundle, and as bin/go of a tree for several platforms."""
    releases.write_mirror(tmp_path / "mirror", [NEW], ["linux-amd64", "darwin-arm64"])
    gopack.must("fetch", NEW, "-p", "linux/amd64,darwin/arm64", "--source", tmp_path / "mirror")
    gopack.must("trim", NEW)
    gopack.must("bundle", "--target", tmp_path / "bundle")
    scripts = [*tmp_path.glob("bundle/*.sh"), *tmp_path.glob("bundle/v_*/bin/go")]
    assert len(scripts) == 10
    done = subprocess.run(["shellcheck", "-s", "sh", *scripts], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
