"""Build caches to a share and back: nothing is lost or spread damaged, whoever dies."""

import base64
import hashlib
import json
import shutil
import subprocess

import gocache
import pytest
from conftest import wait_until

ENTRIES = 60


@pytest.fixture
def local(tmp_path):
    return tmp_path / "local"


@pytest.fixture
def share(tmp_path):
    (tmp_path / "share").mkdir()
    return tmp_path / "share"


def under_strace(gopack, inject, *arguments):
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={inject}", gopack.binary, *map(str, arguments)]
    return subprocess.run(command, env=gopack.environment(), cwd=gopack.work, capture_output=True, text=True, timeout=120, check=False)


def test_push_and_pull(gopack, local, share, tmp_path):
    actions = gocache.fill(local, ENTRIES)
    pushed = gopack.must("--json", "cache", "push", "--local", local, "--share", share).json
    assert (pushed["entries"], pushed["skipped"], pushed["damaged"]) == (ENTRIES, 0, 0)
    assert gocache.whole_entries(share) == actions and not gocache.leftovers(share)
    pulled = gopack.must("--json", "cache", "pull", "--local", tmp_path / "other", "--share", share).json
    assert pulled["bytes"] == pushed["bytes"] > 0
    for path in local.glob("??/*"):
        assert (tmp_path / "other" / path.relative_to(local)).read_bytes() == path.read_bytes()
    again = gopack.must("--json", "cache", "push", "--local", local, "--share", share).json
    assert (again["entries"], again["bytes"], again["skipped"]) == (0, 0, ENTRIES)


def test_the_cache_is_the_one_that_go_uses(gopack, share):
    action = gocache.put(gopack.home / "shared/gopath/cache", b"a", b"of the store")
    assert gopack.must("--json", "cache", "push", "--share", share).json["local"] == str(gopack.home / "shared/gopath/cache")
    other = gocache.put(gopack.work / "bound", b"b", b"of GOCACHE")
    gopack.must("cache", "push", "--share", share, env={"GOCACHE": str(gopack.work / "bound")})
    assert gocache.whole_entries(share) == {action, other}


def test_damaged_entries_are_not_spread(gopack, local, share):
    actions = gocache.fill(local, 5)
    damaged = min(actions)
    gocache.body_of(local, damaged).write_bytes(b"something else")
    done = gopack.must("--json", "cache", "push", "--local", local, "--share", share)
    assert done.json["damaged"] == 1 and damaged in done.stderr
    assert gocache.whole_entries(share) == actions - {damaged}


def test_a_share_must_be_there(gopack, local, tmp_path):
    gocache.fill(local, 1)
    done = gopack("cache", "push", "--local", local, "--share", tmp_path / "not mounted")
    assert done.status == 1 and "not mounted" in done.stderr
    assert not (tmp_path / "not mounted").exists()


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.parametrize("call", ["openat", "write", "fsync", "renameat"])
@pytest.mark.parametrize("count", [3, 40, 111])
def test_a_killed_push_goes_on(gopack, local, share, call, count):
    actions = gocache.fill(local, ENTRIES)
    push = "-j1", "cache", "push", "--local", local, "--share", share
    killed = under_strace(gopack, f"{call}:signal=SIGKILL:when={count}", *push)
    assert killed.returncode == -9, killed.stderr
    there = gocache.whole_entries(share)
    assert there < actions
    rest = gopack.must("--json", *push).json
    assert rest["entries"] == len(actions - there)
    assert gocache.whole_entries(share) == actions


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.parametrize("fault, status", [("fsync:error=EIO", 1), ("write:error=ENOSPC", 7), ("renameat:error=EACCES", 1), ("mkdirat:error=EROFS", 7)])
def test_a_failing_share_keeps_whole_entries(gopack, local, share, fault, status):
    if gopack.is_sanitized and fault.startswith("write"):
        pytest.skip("the sanitizer's own writes would fail")
    gocache.fill(local, ENTRIES)
    done = under_strace(gopack, f"{fault}:when=20", "-q", "-j2", "cache", "push", "--local", local, "--share", share)
    assert done.returncode == status, done.stderr
    gocache.whole_entries(share)
    assert not gocache.leftovers(share)


def test_two_pushers_at_once(gopack, local, share, tmp_path):
    """The same entries, and for some actions different bodies, as of builds that are not reproducible."""
    gocache.fill(local, 4 * ENTRIES)
    shutil.copytree(local, tmp_path / "second")
    for number in range(9):
        gocache.put(tmp_path / "second", b"action %d" % number, b"made elsewhere")
    running = [gopack.start("cache", "push", "--local", where, "--share", share) for where in (local, tmp_path / "second")]
    for process in running:
        process.communicate(timeout=120)
        assert process.returncode == 0
    assert len(gocache.whole_entries(share)) == 4 * ENTRIES
    assert not gocache.leftovers(share)


class GoCommand:
    """The go command's side of the protocol."""

    def __init__(self, gopack, *arguments):
        self.process = subprocess.Popen([gopack.binary, "cacheprog", *map(str, arguments)], env=gopack.environment(), cwd=gopack.work,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
        self.id = 0
        assert set(self.answer()["KnownCommands"]) == {"get", "put", "close"}

    def answer(self):
        return json.loads(self.process.stdout.readline())

    def ask(self, command, body=b"", **fields):
        self.id += 1
        encoded = {name: base64.b64encode(value).decode() for name, value in fields.items()}
        size = {"BodySize": len(body)} if body else {}
        self.process.stdin.write(json.dumps({"ID": self.id, "Command": command} | encoded | size).encode() + b"\n\n")
        if body:
            self.process.stdin.write(b'"' + base64.b64encode(body) + b'"\n')
        self.process.stdin.flush()
        answer = self.answer()
        assert answer["ID"] == self.id
        return answer

    def put(self, action, body):
        return self.ask("put", body, ActionID=hashlib.sha256(action).digest(), OutputID=hashlib.sha256(body).digest())

    def get(self, action):
        return self.ask("get", ActionID=hashlib.sha256(action).digest())

    def close(self):
        self.ask("close")
        _, errors = self.process.communicate(timeout=120)
        assert self.process.returncode == 0
        return errors.decode()


def test_a_killed_cacheprog_loses_nothing(gopack, local, share):
    """What the dead one had put, and not pushed yet, is pushed by the next one that does not find all at hand."""
    for kill_after in (1, 10, 25):
        go = GoCommand(gopack, "--local", local, "--share", share)
        for number in range(kill_after):
            go.put(b"%d" % (100 * kill_after + number), b"body %d" % number * 1000)
        go.process.kill()
        go.process.communicate(timeout=120)
        gocache.whole_entries(share)
    actions = gocache.whole_entries(local)
    assert len(actions) == 36
    go = GoCommand(gopack, "--local", local, "--share", share)
    assert go.get(b"what nobody has")["Miss"]
    wait_until(lambda: {path.name[:-2] for path in share.glob("??/*-a") if not path.name.startswith(".")} == actions)
    assert go.close() == ""
    assert gocache.whole_entries(share) == actions


def test_memory_stays_flat(gopack, local):
    if gopack.is_sanitized:
        pytest.skip("the sanitizer needs more")
    go = GoCommand(gopack, "--local", local)
    body = bytes(64 << 20)
    assert go.put(b"large", body)["DiskPath"]
    peak = next(line for line in open(f"/proc/{go.process.pid}/status", encoding="ascii") if line.startswith("VmHWM"))
    assert int(peak.split()[1]) < 32 << 10
    go.close()
    assert gocache.body_of(local, hashlib.sha256(b"large").hexdigest()).read_bytes() == body


def test_wrong_use_is_told(gopack, tmp_path):
    assert gopack("cacheprog", "--base", tmp_path / "away").status == 1
    assert gopack("cache", "push").status == 2
