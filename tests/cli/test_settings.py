"""Where settings come from, and which of them wins."""

import os

import pytest
from conftest import NEW, OLD


def profile_used(gopack, *arguments, env=None, cwd=None):
    """The profile that a dry run takes."""
    result = gopack.must("--json", "trim", NEW, "--dry-run", *arguments, env=env, cwd=cwd)
    return result.json["trees"][0]["profile"]


def test_the_nearest_setting_wins(fetched):
    user = fetched.settings
    below = fetched.work / "project/sub"
    below.mkdir(parents=True)
    project = fetched.work / "project/gopack.yaml"
    assert profile_used(fetched, cwd=below) == "minimal"
    user.parent.mkdir(parents=True)
    user.write_text("profile: full\n")
    assert profile_used(fetched, cwd=below) == "full"
    project.write_text("profile: minimal\n")
    assert profile_used(fetched, cwd=below) == "minimal"
    assert profile_used(fetched) == "full", "not in the project"
    assert profile_used(fetched, cwd=below, env={"GOPACK_PROFILE": "standard"}) == "standard"
    assert profile_used(fetched, "--profile", "full", cwd=below, env={"GOPACK_PROFILE": "standard"}) == "full"


def test_files_are_merged_key_by_key(gopack, mirror):
    user = gopack.settings
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


def test_blanks_after_commas_are_no_part_of_words(gopack, mirror):
    words = ["--json", "fetch", NEW]
    for platforms, more in (("linux/amd64, linux/amd64", {}), (None, {"GOPACK_PLATFORM": " linux/amd64 ,linux/amd64"})):
        done = gopack.must(*words, *(["-p", platforms] if platforms else []), env=more | {"GOPACK_SOURCE": f"/no/such, {mirror}"})
        assert [archive["platform"] for archive in done.json["archives"]] == ["linux/amd64"]


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
        ("profile: full\nprofile: minimal\n", "2:1", "profile is given twice"),
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
    assert wrong.status == 2 and "GOPACK_LIMITS_DEPTH" in wrong.stderr


@pytest.mark.parametrize("word", ["TRUE", "Yes", "on", "1"])
def test_offline_in_any_case(gopack, server, word):
    refused = gopack("--json", "list", "--remote", "--source", server.url, env={"GOPACK_OFFLINE": word})
    assert refused.status == 4 and not server.requests


def test_offline_takes_what_is_fetched(fetched):
    """And asks neither a source nor Go, whatever their settings are."""
    for selector, count in ((NEW, 1), ("1.22", 1), ("latest", 1), ("1.21..1.22", 2)):
        for settings in ({}, {"GOPROXY": ""}, {"GOPROXY": "nonsense://"}):
            line = ["--json", "--offline", "fetch", selector, "-p", "linux/amd64"]
            archives = fetched.must(*line, env=settings).json["archives"]
            assert len(archives) == count and all(archive["was_there"] for archive in archives)
    refused = fetched("--json", "--offline", "fetch", "1.19", "-p", "linux/amd64", env={"GOPROXY": ""})
    assert (refused.status, refused.error["kind"]) == (4, "unreachable")
    assert "offline" in refused.error["message"] and "GOPROXY" not in refused.stdout and "go env" not in refused.stdout


def test_words_that_are_neither_true_nor_false(gopack):
    (gopack.work / "gopack.yaml").write_text("offline: maybe\n")
    refused = gopack("--json", "list", "--remote")
    assert refused.status == 2 and "gopack.yaml:1:10: offline must be true or false" in refused.error["message"]


def test_a_value_that_is_none_is_told_as_it_was_written(fetched):
    """By file, line and column, by variable or by flag, whichever counts."""
    settings = fetched.work / "gopack.yaml"
    settings.write_text("jobs: 2\nlink: nevr\nlock_timeout: soon\n")
    told = fetched("--json", "trim").error
    assert told["message"].endswith('gopack.yaml:2:7: link must be auto or never, not "nevr"')
    assert told["hint"] == 'did you mean "never"?'
    for key, value in (("link", "of"), ("lock_timeout", "soon"), ("jobs", "two")):
        settings.write_text("link: never\n")
        told = fetched("--json", "trim", env={"GOPACK_" + key.upper(): value}).error["message"]
        assert told.startswith(f"GOPACK_{key.upper()} must be ") and told.endswith(f'not "{value}"')
        told = fetched("--json", "--" + key.replace("_", "-"), value, "trim", env={"GOPACK_" + key.upper(): "3"}).error["message"]
        assert told.startswith(f"--{key.replace('_', '-')} must be ") and told.endswith(f'not "{value}"')


def test_no_home_at_all(gopack):
    refused = gopack("--json", "--home", "", "list")
    assert refused.status == 2 and "home names no directory" in refused.error["message"]


@pytest.fixture(params=["another user's", "writable for all"])
def foreign(request, store):
    """Writes a gopack.yaml that others can have written; returns its path."""
    if request.param == "another user's" and os.geteuid() != 0:
        pytest.skip("needs root")

    def write(text):
        settings = store.gopack.work / "gopack.yaml"
        settings.write_text(text)
        if request.param == "another user's":
            os.chown(settings, 65534, 65534)
        else:
            settings.chmod(0o666)
        return settings

    return write


@pytest.mark.parametrize(
    "line",
    [
        "hooks: {post_switch: 'exit 1'}", "official: https://example.org", "home: /tmp/elsewhere", "source: /no/such/place",
        "lock: other.lock", "signing_key: key.asc", "signing_fingerprint: ABCD", "limits: {entries: 1}",
    ],
)  # fmt: skip
def test_what_decides_on_trust_is_the_users_own(store, foreign, line):
    settings = foreign(line + "\njobs: 2\n")
    result = store.gopack.must("use", NEW)
    name = line.split(":")[0]
    assert f"warning: {name}" in result.stderr and f"in {settings} is ignored" in result.stderr
    assert store.current == store.new
    settings.write_text("jobs: none\n")
    assert store.gopack("--json", "list", "--remote", "--source", settings.parent).status == 2, "all else is taken"


def test_others_may_demand_more(store, foreign, mirror):
    foreign("require: [sumdb]\nsource: /no/such/place\n")
    environment = {"GOPACK_REQUIRE": "index", "GOPACK_OFFICIAL": "https://127.0.0.1:9/", "GOPACK_TIMEOUT": "1"}
    with_both = store.gopack("fetch", NEW, "-p", "linux/amd64", "--source", mirror, env=environment)
    assert with_both.status == 4 and "the official release index" in with_both.stderr, "the user's own demand stays"
    refused = store.gopack("--json", "fetch", NEW, "-p", "linux/amd64", "--source", mirror, env={"GOSUMDB": "off"})
    assert refused.status == 3 and "checksum database" in refused.error["message"]


def test_a_lock_file_that_others_can_write_is_not_used_unless_it_is_named(fetched, mirror):
    lock = fetched.work / "gopack.lock"
    line = ("fetch", NEW, "-p", "linux/amd64", "--source", mirror)
    fetched.must(*line, "--lock", lock)
    lock.chmod(0o666)
    result = fetched(*line, "--require", "lock")
    assert result.status == 2 and f"{lock} is not used" in result.stderr
    fetched.must(*line, "--require", "lock", "--lock", lock)


def test_a_hook_of_a_project_runs_when_it_is_allowed(store):
    settings = store.gopack.work / "gopack.yaml"

    def use(selector):
        return store.gopack("--json", "use", selector)

    for content in ("echo >ran", "echo again >ran"):
        settings.write_text(f"hooks: {{post_switch: '{content}'}}\n")
        refused = use(NEW)
        assert refused.status == 2 and content in refused.error["message"] and "gopack allow" in refused.error["hint"]
        assert store.current == store.old and not (store.gopack.work / "ran").exists()
        assert store.gopack.must("--json", "allow").json["command"] == content
        assert use(NEW).status == 0 and (store.gopack.work / "ran").exists()
        (store.gopack.work / "ran").unlink()
        settings.unlink()
        store.gopack.must("use", OLD)
    assert store.gopack("allow").status == 2
    store.gopack.must("use", NEW, env={"GOPACK_HOOKS_POST_SWITCH": "echo >ran"})
    assert (store.gopack.work / "ran").exists()
