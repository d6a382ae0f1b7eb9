"""use and rollback, the hook after them, and commands that end with gopack."""

import os
import signal

import pytest
from conftest import NEW, OLD
from files import listing, overwrite
from terminal import Terminal


def test_use_and_rollback_go_to_and_fro(store):
    assert store.current == store.old
    before = listing(store.home / store.old, store.home / store.new)
    steps = [
        ("use " + NEW, store.new), ("rollback", store.old), ("rollback", store.new), ("use 1.21", store.old),
        ("use " + store.new[:8], store.new), ("use latest", store.new), ("rollback", store.old),
    ]  # fmt: skip
    for line, expected in steps:
        switch = store.gopack.must("--json", *line.split()).json
        assert switch["to"] == expected == store.current
        assert store.gopack.current(store.home) == expected
    assert listing(store.home / store.old, store.home / store.new) == before


def test_a_project_runs_in_what_is_new_enough(store):
    """The lines of go.mod and go.work are least releases, that of .go-version is the one."""
    gopack = store.gopack
    (gopack.work / "go.mod").write_text("module m\n\ngo 1.21.0\n")
    (gopack.work / "go.work").write_text("go 1.18\n")
    (gopack.work / ".go-version").write_text("1.21.0\n")
    assert gopack.must("--json", "use", "go.mod").json["to"] == store.old
    assert gopack.must("--json", "use", "go.work").json["to"] == store.new
    assert gopack.must("exec", "go.mod", "--", "echo", "in").stdout == "in\n"
    assert gopack("use", ".go-version").status == 4
    assert gopack("remove", "--dry-run", "go.mod").status == 4, "only what it names"
    (gopack.work / "go.mod").write_text("module m\n\ngo 1.99.0\n")
    assert gopack("use", "go.mod").status == 4


def test_using_what_is_current_does_nothing(store):
    before = listing(store.home)
    assert store.gopack.must("--json", "use", OLD).json["changed"] is False
    assert listing(store.home) == before
    store.gopack.must("use", NEW)
    store.gopack.must("use", NEW)
    assert store.gopack.must("--json", "rollback").json["to"] == store.old


def test_the_hook_gets_the_switch_as_json(store, hook):
    hook.record()
    result = store.gopack.must("--json", "use", NEW)
    assert result.json["to"] == store.new
    assert hook.recorded() == {
        "schema": 1, "event": "post_switch", "home": str(store.home), "from": store.old, "to": store.new,
        "release": "go" + NEW, "platforms": ["linux/amd64"], "profile": "minimal", "path": str(store.home / store.new),
    }  # fmt: skip
    store.gopack.must("use", NEW)
    assert not hook.event.exists(), "nothing was switched"
    store.gopack.must("rollback")
    assert hook.recorded()["to"] == store.old


def test_the_hook_finds_the_switch_done(store, hook, tmp_path):
    """What it says is not what gopack says."""
    home, seen = store.gopack.to_windows(store.home), store.gopack.to_windows(tmp_path / "seen")
    hook(f"readlink '{home}/current' >'{seen}'; echo hello", f"type {home}\\current.txt >{seen}\necho hello")
    assert store.gopack.must("--json", "use", NEW).json["to"] == store.new
    assert (tmp_path / "seen").read_text().strip() == store.new


def test_a_failing_hook_fails_the_switch(store, hook):
    hook("exit 9")
    result = store.gopack("--json", "use", NEW)
    assert (result.status, result.error["kind"]) == (1, "failed")
    assert "status 9" in result.error["message"] and "gopack rollback" in result.error["hint"]
    assert store.current == store.new


def test_a_failing_hook_can_bring_the_old_tree_back(store, hook):
    hook("exit 9")
    result = store.gopack("--json", "use", NEW, "--rollback-on-failure")
    assert (result.status, result.error["kind"]) == (1, "failed")
    assert store.old in result.error["hint"]
    assert store.current == store.old


@pytest.mark.parametrize(("options", "current"), [([], "new"), (["--rollback-on-failure"], "old")])
def test_a_hook_ends_with_the_command(store, hook, tmp_path, options, current):
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    hook(f"echo >'{begun}'; sleep 600")
    running = store.gopack.start("use", NEW, *options)
    begun.read_text()
    running.send_signal(signal.SIGTERM)
    assert running.communicate()[0] == "" and running.returncode == 130
    assert store.current == getattr(store, current)


def test_a_hook_has_no_terminal(store, hook, tmp_path):
    """What asks there for a password fails at once; as a program in the background it would stop for good."""
    hook(f"read answer </dev/tty || echo none >'{tmp_path}/answer'")
    with Terminal(store.gopack.command(["use", NEW]), store.gopack.environment(), store.gopack.work) as terminal:
        assert terminal.process.wait(timeout=60) == 0
    assert (tmp_path / "answer").read_text() == "none\n"


def test_what_a_hook_leaves_running_holds_nothing(store, hook, tmp_path):
    hook(f"sleep 600 2>/dev/null & echo $! >'{tmp_path}/left'")
    store.gopack.must("use", NEW)
    try:
        store.gopack.must("--lock-timeout", "0", "use", NEW)
    finally:
        os.kill(int((tmp_path / "left").read_text()), signal.SIGKILL)


def test_a_hook_may_change_the_store(store, hook):
    hook(f"cd / && exec '{store.gopack.binary}' --lock-timeout 0 use {OLD}",
         f"{store.gopack.to_windows(store.gopack.binary)} --lock-timeout 0 use {OLD}")  # fmt: skip
    store.gopack.must("use", NEW)
    assert store.current == store.old


def test_going_back_leaves_what_another_gopack_has_chosen(store, hook):
    newest = store.gopack.must("--json", "trim", NEW, "--profile", "standard").json["trees"][0]["id"]
    hook(f"cd / && '{store.gopack.binary}' --lock-timeout 0 use {newest}; exit 9",
         f"{store.gopack.to_windows(store.gopack.binary)} --lock-timeout 0 use {newest}\nexit 9")  # fmt: skip
    result = store.gopack("--json", "use", store.new, "--rollback-on-failure")
    assert result.status == 1 and "status 9" in result.error["message"]
    assert f"{store.old} was not made current again" in result.error["hint"]
    assert store.current == newest


def test_a_command_that_is_watched_ends_with_gopack(store, tmp_path):
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    watched = ["sh", "-c", f"echo >'{begun}'; exec sleep 600 >&-"]
    running = store.gopack.start("profile", "suggest", NEW, "--trace", "--", *watched)
    begun.read_text()
    running.send_signal(signal.SIGTERM)
    assert running.communicate()[0] == "" and running.returncode == 130


def test_a_proof_ends_with_gopack(store, tmp_path):
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    overwrite(store.home / store.old / "bin/go", f"#!/bin/sh\necho >'{begun}'\nexec sleep 600 >&- 2>&-\n".encode())
    running = store.gopack.start("prove", store.old)
    begun.read_text()
    running.send_signal(signal.SIGTERM)
    assert running.communicate()[0] == "" and running.returncode == 130


def test_rollback_names_a_tree_that_was_removed(store):
    store.gopack.must("use", NEW)
    store.gopack.must("remove", store.old)
    result = store.gopack("--json", "rollback")
    assert (result.status, result.error["kind"]) == (1, "failed")
    assert store.old in result.error["message"] and "removed" in result.error["message"]
