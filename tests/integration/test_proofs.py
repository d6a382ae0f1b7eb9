"""What proves an archive when its source alone is not to be believed: the project's lock file, the official index, and
what a source was seen to have before."""

import hashlib
import json
import shutil
import zipfile

import pytest
from behaviours import LAST_MODIFIED, status
from proofs import archive, fetch, official  # noqa: F401  fixtures
from proofs import PLATFORM, VERSION, assert_refused, forget_digests, locked, poison, record, verified_by
from server import Server


def test_the_official_index_proves_what_a_mirror_serves(gopack, fetch, archive, official):
    assert verified_by(fetch()) == "release index"
    result = fetch("--require", "index", env=official.env)
    assert verified_by(result) == record(gopack, archive)["verified_by"] == "official release index"
    assert result.json["archives"][0]["was_there"], "what is there is proved, not fetched again"
    assert {request.path.partition("?")[0] for request in official.requests} == {"/index.json"}


def test_a_mirror_that_lies_consistently_is_found_out(gopack, fetch, server, archive, official):
    evil = poison(server, archive)
    refused = fetch("--require", "index", env=official.env)
    assert_refused(refused, evil)
    assert archive.sha256 in refused.error["message"]
    assert server.requests_of("/" + archive.filename) == []
    # Whoever demands nothing gets what the mirror vouches for; what is there is not good enough later.
    assert verified_by(fetch()) == "release index"
    assert_refused(fetch("--require", "index", env=official.env), evil)
    assert record(gopack, archive)["sha256"] == evil


def test_a_mirror_without_digests_is_proved_by_the_official_index(fetch, server, archive, official):
    forget_digests(server, archive)
    assert verified_by(fetch("--require", "index", env=official.env)) == "official release index"


def test_what_the_official_index_does_not_have_is_refused(fetch, server, releases, official):
    releases.write_mirror(server.root, ["1.22.4"], [PLATFORM])
    assert_refused(fetch("--require", "index", selector="1.22.4", env=official.env), "has no digest of it")


def test_the_official_index_comes_over_tls(fetch, server, archive):
    assert_refused(fetch("--require", "index", env={"GOPACK_OFFICIAL": server.url}), "https", 2)
    assert_refused(fetch("--require", "index,horoscope"), "horoscope", 2)


def test_the_newest_release_does_not_go_back(gopack, fetch, server, releases):
    releases.write_mirror(server.root, ["1.22.5", "1.21.13"], [PLATFORM])
    assert verified_by(fetch(selector="latest")) == "release index"
    releases.write_mirror(server.root, ["1.22.4", "1.21.13"], [PLATFORM])
    for selector in ("latest", "1.22", "1.21..1.22"):
        assert_refused(fetch(selector=selector), "go1.22.5")
    assert not list(gopack.downloads.glob("go1.22.4*"))
    fetch_names = [a["release"] for a in fetch(selector="1.22.4").json["archives"]]
    assert fetch_names == ["go1.22.4"], "named exactly"
    fetch("--allow-older", selector="latest").json["archives"]
    assert [a["release"] for a in fetch(selector="latest").json["archives"]] == ["go1.22.4"]
    releases.write_mirror(server.root, ["1.23.0", "1.22.4"], [PLATFORM])
    assert [a["release"] for a in fetch(selector="latest").json["archives"]] == ["go1.23.0"]


def test_another_source_or_platform_has_a_past_of_its_own(gopack, fetch, server, releases, tmp_path):
    releases.write_mirror(server.root, ["1.22.5"], [PLATFORM, "linux-arm64"])
    assert verified_by(fetch(selector="latest")) == "release index"
    releases.write_mirror(tmp_path / "other", ["1.21.13"], [PLATFORM])
    assert verified_by(fetch(selector="latest", source=tmp_path / "other")) == "release index"


def test_a_memory_that_is_damaged_is_told(gopack, fetch, server, releases):
    releases.write_mirror(server.root, ["1.22.5"], [PLATFORM])
    assert verified_by(fetch(selector="latest")) == "release index"
    (gopack.home / ".gopack/newest.json").write_text("{")
    releases.write_mirror(server.root, ["1.22.4"], [PLATFORM])
    forgotten = fetch(selector="latest")
    assert verified_by(forgotten) == "release index"
    assert "newest.json: it is damaged" in forgotten.stderr


def test_what_stands_in_for_a_source_has_its_past(gopack, fetch, server, releases, tmp_path):
    releases.write_mirror(tmp_path / "first", ["1.22.5", "1.21.13"], [PLATFORM])
    releases.write_mirror(server.root, ["1.22.4"], [PLATFORM])
    with Server(tmp_path / "first") as first:
        assert len(fetch("--source", server.url, selector="1.21..1.22", source=first.url).json["archives"]) == 2
    assert_refused(fetch("--source", server.url, selector="1.22", source=first.url), "lacks go1.22.5")
    assert_refused(fetch("--source", server.url, selector="1.21..1.22", source=first.url), "lacks go1.21.13")
    assert verified_by(fetch("--source", server.url, selector="1.22.4", source=first.url)) == "release index"
    assert verified_by(fetch(selector="1.22")) == "release index", "asked alone, it has a past of its own"


@pytest.mark.parametrize(
    ("selector", "date", "age", "warns"),
    [
        ("latest", "Mon, 30 Sep 2024 16:00:00 GMT", None, ""),
        ("latest", "Tue, 01 Oct 2024 16:00:00 GMT", None, "91 days"),
        ("1.22", "Tue, 01 Jul 2025 16:00:00 GMT", str(86400), "365 days"),
        ("latest", "Tue, 02 Jul 2024 15:00:00 GMT", None, ""),
        ("latest", "yesterday", None, ""),
        ("1.22.5", "Tue, 01 Jul 2025 16:00:00 GMT", None, ""),
    ],
)
def test_an_old_index_is_warned_of_by_the_clock_of_its_server(fetch, server, archive, selector, date, age, warns):
    server.date = date
    index = (server.root / "index.json").read_bytes()
    server.behave("/index.json", always=status(200, index, Last_Modified=LAST_MODIFIED, Age=age))
    result = fetch(selector=selector)
    assert verified_by(result) == "release index"
    warnings = [line for line in result.stderr.splitlines() if line.startswith("warning:")]
    assert len(warnings) == bool(warns) and all(warns in line and "--source" in line for line in warnings)


# Lock files.


@pytest.fixture
def lock(gopack, fetch, archive):
    """A lock file that names the archive; the store is empty again."""
    path = gopack.work / "gopack.lock"
    assert verified_by(fetch("--lock", path)) == "release index"
    shutil.rmtree(gopack.home)
    return path


LOCKED = "lock file (release index)"


def test_a_lock_file_names_what_is_fetched(gopack, fetch, server, archive, releases, lock):
    entry = {"file": archive.filename, "release": "go1.22.5", "platform": "linux/amd64", "bytes": archive.size}
    entry |= {"sha256": archive.sha256, "verified_by": "release index"}
    assert lock.read_text() == json.dumps({"schema": 1, "archives": [entry]}, indent=2) + "\n"
    before = (lock.stat().st_mtime_ns, lock.read_bytes())
    for was_there in (False, True):
        result = fetch()
        assert verified_by(result) == record(gopack, archive)["verified_by"] == LOCKED
        assert result.json["archives"][0]["was_there"] == was_there
    assert (lock.stat().st_mtime_ns, lock.read_bytes()) == before
    [tree] = gopack.must("--json", "trim").json["trees"]
    assert json.loads((gopack.home / f"{tree['id']}.json").read_text())["origins"][0]["verified_by"] == LOCKED
    # Others are added, in order.
    releases.write_mirror(server.root, ["1.21.13", VERSION], ["linux-arm64", PLATFORM])
    assert fetch("-p", "linux/arm64", selector="1.21..1.22").status == 0
    names = [archive["file"].removeprefix("go").removesuffix(".tar.gz") for archive in locked(lock)]
    assert names == ["1.21.13.linux-amd64", "1.21.13.linux-arm64", "1.22.5.linux-amd64", "1.22.5.linux-arm64"]
    assert locked(lock)[2] == entry


def test_another_archive_than_the_locked_one_is_refused(gopack, fetch, server, archive, lock):
    before = lock.read_bytes()
    evil = poison(server, archive)
    for source in (server.url, server.root):
        refused = fetch(source=source)
        assert_refused(refused, evil)
        assert archive.sha256 in refused.error["message"] and str(lock) in refused.error["message"]
        assert "--update-lock" in refused.error["hint"]
    assert len(server.requests_of("/" + archive.filename)) == 1, "when it was locked"
    assert_refused(fetch("--sha256", evil), "by the digest given by the user")
    forget_digests(server, archive)
    refused = fetch()
    assert_refused(refused, evil)
    assert archive.sha256 in refused.error["message"] and str(lock) in refused.error["message"]
    assert list(gopack.downloads.iterdir()) == [] and lock.read_bytes() == before
    assert verified_by(fetch("--update-lock", "--sha256", evil)) == "digest given by the user"
    assert [(entry["sha256"], entry["verified_by"]) for entry in locked(lock)] == [(evil, "digest given by the user")]


def test_a_lock_file_proves_what_has_no_digest(gopack, fetch, server, archive, lock, official):
    forget_digests(server, archive)
    assert verified_by(fetch("--offline", source=server.root)) == LOCKED
    both = f"{LOCKED}, official release index"
    assert verified_by(fetch("--require", "lock,index", env=official.env)) == both


def test_what_was_not_verified_stays_so(gopack, fetch, server, archive):
    """The lock file does not make it better."""
    forget_digests(server, archive)
    assert verified_by(fetch("--lock", "gopack.lock", "--allow-unverified")) == "nothing"
    shutil.rmtree(gopack.home)
    assert verified_by(fetch()) == "lock file (nothing)"


def test_a_store_with_another_copy_gets_the_locked_one(gopack, fetch, server, archive, lock):
    good = archive.path.read_bytes()
    evil = poison(server, archive)
    assert verified_by(fetch("--lock", gopack.work / "other.lock")) == "release index"
    archive.path.write_bytes(good)
    forget_digests(server, archive)
    result = fetch()
    assert verified_by(result) == LOCKED and evil in result.stderr
    assert (gopack.downloads / archive.filename).read_bytes() == good


def test_only_what_is_locked_is_accepted_where_that_is_required(gopack, fetch, server, releases, lock):
    releases.write_mirror(server.root, ["1.21.13", "1.22.6", VERSION], [PLATFORM])
    before = lock.read_bytes()
    (gopack.work / "gopack.yaml").write_text("require: [lock]\nlock: sub/my.lock\n")
    (gopack.work / "sub").mkdir()
    lock.rename(gopack.work / "sub/my.lock")
    lock = gopack.work / "sub/my.lock"
    for selector in ("1.21", "1.22.6"):
        assert_refused(fetch(selector=selector), str(lock))
    other = gopack("--json", "fetch", VERSION, "-p", "linux/arm64", "--source", server.url)
    assert_refused(other, str(lock))
    for selector in ("latest", "1.22", VERSION):
        result = fetch(selector=selector)
        assert (verified_by(result), result.json["archives"][0]["release"]) == (LOCKED, "go1.22.5")
    assert lock.read_bytes() == before
    # What is there is asked nobody for.
    server.requests.clear()
    below = gopack("--json", "--offline", "fetch", "1.22", "-p", PLATFORM, cwd=gopack.work / "sub")
    assert verified_by(below) == LOCKED and server.requests == []
    assert fetch("--update-lock", selector="1.22").json["archives"][0]["release"] == "go1.22.6"
    assert [entry["release"] for entry in locked(lock)] == ["go1.22.5", "go1.22.6"]


def test_a_lock_file_that_is_none(gopack, fetch, archive, lock):
    [entry] = locked(lock)
    sizes = [[entry | {"bytes": size}] for size in (-1, 1.5, 1e300, 2**64 - 1, "1")]
    for archives in (
        [entry, entry], [entry | {"sha256": "a" * 63}], [entry | {"h1": "h1:x"}], [{}], {"a": entry}, 1, None, *sizes
    ):
        lock.write_text(json.dumps({"schema": 1, "archives": archives}))
        assert_refused(fetch(), str(lock), 2)
    nested = "[" * 100_000 + "]" * 100_000
    for text in ("", "<<<<<<< HEAD\n", '{"schema": 2, "archives": []}', f'{{"schema": 1, "archives": {nested}}}'):
        lock.write_text(text)
        assert_refused(fetch(), str(lock), 2)
    lock.write_text(json.dumps({"schema": 1, "archives": [entry | {"verified_by": "\x1b[2Jme"}]}))
    assert verified_by(fetch()) == "lock file (\\x1b[2Jme)"
    shutil.rmtree(gopack.home)
    lock.unlink()
    for option in ("--update-lock", "--require=lock"):
        assert_refused(fetch(option), "no gopack.lock", 2)
    assert not lock.exists() and not gopack.downloads.exists()


def test_the_contents_of_a_module_are_locked(gopack, releases, tmp_path):
    """A proxy may pack them anew."""
    [module] = releases.write_module_proxy(tmp_path / "proxy", [VERSION])
    words = ("--json", "--offline", "fetch", VERSION, "-p", PLATFORM, "--source", f"goproxy+file://{tmp_path}/proxy")
    digest = hashlib.sha256(module.read_bytes()).hexdigest()
    off = {"GOSUMDB": "off"}
    assert_refused(gopack(*words, env=off), "cannot verify")
    given = gopack(*words, "--sha256", digest, "--lock", "gopack.lock", env=off)
    assert verified_by(given) == "digest given by the user"
    [entry] = locked(gopack.work / "gopack.lock")
    assert (entry["sha256"], entry["h1"]) == (digest, releases.module_hash(VERSION, PLATFORM))
    for level, exit_status in ((9, 0), (0, 0), (None, 3)):
        shutil.rmtree(gopack.home)
        repack(module, level)
        result = gopack(*words, env=off)
        assert result.status == exit_status, result.stdout
        if exit_status == 0:
            assert verified_by(result) == verified_by(gopack(*words, env=off)) == "lock file (digest given by the user)"
    assert entry["h1"] in result.error["message"] and "--update-lock" in result.error["hint"]
    assert locked(gopack.work / "gopack.lock") == [entry]


def repack(path, level):
    """The same files in another zip; with a byte more in each where there is no level."""
    with zipfile.ZipFile(path) as old:
        files = [(info, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as new:
        for info, data in files:
            new.writestr(info, data if level is not None else data + b"x", compresslevel=level)
