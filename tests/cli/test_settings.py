"""Where settings come from, and which of them wins."""

import os

import pytest
from conftest import NEW, OLD


def profile_used(gopack, *arguments, env=None, cwd=None):
    """The profile that a dry run takes."""
    result = gopack.must("--json", "trim", NEW, "--dry-run", *arguments, env=env, cwd=cwd)
    return result.json["trees"][0]["profile"]


def test_the_nearest_setting_wins(fetched):
    user = fetched.user_home / ".config/gopack/gopack.yaml"
    below = fetched.work / "project/sub"
    below.mkdir(parents=True)
    project = fetched.work / "project/gopack.yaml"
    assert profile_used(fetched, cwd=below) == "standard"
    user.parent.mkdir(parents=True)
    user.write_text("profile: full\n")
    assert profile_used(fetched, cwd=below) == "full"
    project.write_text("profile: minimal\n")
    assert profile_used(fetched, cwd=below) == "minimal"
    assert profile_used(fetched) == "full", "not in the project"
    assert profile_used(fetched, cwd=below, env={"GOPACK_PROFILE": "standard"}) == "standard"
    assert profile_used(fetched, "--profile", "full", cwd=below, env={"GOPACK_PROFILE": "standard"}) == "full"


def test_files_are_merged_key_by_key(gopack, mirror):
    user = gopack.user_home / ".config/gopack/gopack.yaml"
    user.parent.mkdir(parents=True)
    user.write_text(f"source: [/no/such/place, '{mirror}']\nprofile: full\n")
    (gopack.work / "gopack.yaml").write_text("platform: linux/amd64\nprofile: minimal\njobs: 1\n")
    gopack.must("fetch", NEW, OLD)
    trees = gopack.must("--json", "trim").json["trees"]
    assert [tree["profile"] for tree in trees] == ["minimal", "minimal"]


def test_the_user_file_is_found_where_xdg_says(fetched, tmp_path):
    (tmp_path / "xdg/gopack").mkdir(parents=True)
    (tmp_path / "xdg/gopack/gopack.yaml").write_text("profile: full\n")
    assert profile_used(fetched, env={"XDG_CONFIG_HOME": str(tmp_path / "xdg")}) == "full"


def test_versions_in_yaml_are_text(gopack, releases, tmp_path):
    """1.20 is not the number 1.2."""
    releases.write_mirror(tmp_path / "mirror", ["1.2.2", "1.20"], ["linux-amd64"])
    (tmp_path / "work/.go-version").write_text("1.20\n")
    for selector in ("1.20", ".go-version"):
        result = gopack.must("--json", "fetch", selector, "-p", "linux/amd64", "--source", tmp_path / "mirror")
        assert [archive["release"] for archive in result.json["archives"]] == ["go1.20"]


def test_the_home_of_the_flag_wins(store, tmp_path):
    assert store.gopack.must("list", env={"GOPACK_HOME": str(tmp_path)}).stdout == ""
    text = store.gopack.must("--home", store.home, "list", env={"GOPACK_HOME": str(tmp_path)}).stdout
    assert store.old in text
    (store.gopack.work / "gopack.yaml").write_text(f"home: {store.home}\n")
    assert store.old in store.gopack.must("list", env={"GOPACK_HOME": ""}).stdout


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("profile: full\nproflie: minimal\n", "2:1", "proflie"),
        ("hooks:\n  post_swich: x\n", "2:3", "post_swich"),
        ("profile: [a, b]\n", "1:10", "profile"),
        ("source:\n  - a: b\n", "2:5", "source"),
        ("- profile\n", "1:1", ""),
        ("profile: [x\n", "", "gopack.yaml:"),
    ],
)
def test_a_mistake_is_named_with_its_place(gopack, text, place, message):
    (gopack.work / "gopack.yaml").write_text(text)
    result = gopack("--json", "list")
    assert (result.status, result.error["kind"]) == (2, "usage")
    assert f"gopack.yaml:{place}" in result.error["message"] and message in result.error["message"]


def test_limits_are_settings(store):
    (store.gopack.work / "gopack.yaml").write_text("limits:\n  total_bytes: 1000\n")
    refused = store.gopack("trim", "--profile", "full")
    assert refused.status == 6 and "larger than 1000 bytes" in refused.stderr
    refused = store.gopack("trim", "--profile", "full", env={"GOPACK_LIMITS_ENTRIES": "2", "GOPACK_LIMITS_TOTAL_BYTES": "1000000000"})
    assert refused.status == 6 and "more than 2 entries" in refused.stderr
    wrong = store.gopack("trim", env={"GOPACK_LIMITS_DEPTH": "deep"})
    assert wrong.status == 2 and "limits.depth" in wrong.stderr


@pytest.mark.parametrize("word", ["TRUE", "Yes", "on", "1"])
def test_offline_in_any_case(gopack, server, word):
    refused = gopack("--json", "list", "--remote", "--source", server.url, env={"GOPACK_OFFLINE": word})
    assert refused.status == 4 and not server.requests


def test_words_that_are_neither_true_nor_false(gopack):
    (gopack.work / "gopack.yaml").write_text("offline: maybe\n")
    refused = gopack("--json", "list", "--remote")
    assert refused.status == 2 and "offline must be true or false" in refused.error["message"]


def test_no_home_at_all(gopack):
    refused = gopack("--json", "--home", "", "list")
    assert refused.status == 2 and "home names no directory" in refused.error["message"]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize(("line", "status"), [("hooks: {post_switch: 'exit 0'}", 2), ("official: https://example.org", 2), ("jobs: 2", 0)])
def test_what_is_run_or_trusted_is_the_users_own(store, line, status):
    settings = store.gopack.work / "gopack.yaml"
    settings.write_text(line + "\n")
    os.chown(settings, 65534, 65534)
    result = store.gopack("--json", "use", NEW)
    assert result.status == status
    settings.unlink()
    if status != 0:
        assert "another user" in result.error["message"] and "GOPACK_" in result.error["message"]
        assert store.current == store.old
