"""The checksum database over HTTP: where it is asked, and what is said in its place. tests/unit/source forges its contents."""

import hashlib
import re
import zipfile

import pytest
import sumdb
from behaviours import endless, html, plain, redirect, status
from server import Server

VERSION, PLATFORM = "1.22.5", "linux-amd64"
BENEATH_PROXY = f"/sumdb/{sumdb.NAME}"


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return sumdb.Database(tmp_path_factory.mktemp("database"))


@pytest.fixture
def elsewhere(tmp_path):
    """The database's own address."""
    (tmp_path / "elsewhere").mkdir()
    with Server(tmp_path / "elsewhere") as running:
        yield running


@pytest.fixture
def publish(server, database, releases):
    """Makes `server` a module proxy, and writes the database below `root`."""
    releases.write_module_proxy(server.root, [VERSION])
    words = ("golang.org/toolchain", releases.module_version(VERSION, PLATFORM), releases.module_hash(VERSION, PLATFORM))
    return lambda root: ["/" + path for path in database.publish(root, *words)]


@pytest.fixture
def fetch(gopack, server, database, elsewhere):
    gosumdb = f"{database.verifier} {elsewhere.url}"
    words = ("--json", "-v", "--timeout", 1, "fetch", VERSION, "-p", PLATFORM, "--source", "goproxy")
    return lambda **env: gopack(*words, env={"GOPROXY": server.url, "GOSUMDB": gosumdb} | env)


def assert_proved(result):
    assert result.status == 0, result.stdout + result.stderr
    assert result.json["archives"][0]["verified_by"] == f"checksum database {sumdb.NAME}"


def paths(server):
    return [request.path for request in server.requests if re.search("lookup|tile|supported", request.path)]


def test_it_is_asked_through_the_proxy(fetch, publish, server, elsewhere):
    files = publish(server.root / BENEATH_PROXY[1:])
    assert_proved(fetch())
    assert paths(server) == [BENEATH_PROXY + file for file in files] and elsewhere.requests == []


@pytest.mark.parametrize("code", [404, 410])
def test_it_is_asked_itself_where_the_proxy_has_none(fetch, publish, server, elsewhere, code):
    files = publish(elsewhere.root)
    for file in (*files, "/supported"):
        server.behave(BENEATH_PROXY + file, always=status(code))
    assert_proved(fetch())
    assert paths(elsewhere) == files


def test_it_may_be_elsewhere(fetch, publish, server, elsewhere):
    for file in publish(elsewhere.root):
        server.behave(BENEATH_PROXY + file, always=redirect(elsewhere.url + file, 301))
    assert_proved(fetch())


LOOKUP, TILE = 0, 1


@pytest.mark.parametrize(
    ("which", "behaviour", "exit_status", "text"),
    [
        (LOOKUP, plain(b""), 3, "it is empty"),
        (LOOKUP, html(), 3, "does not start with a record's number"),
        (LOOKUP, endless(), 4, "more than 1048576 bytes"),
        (LOOKUP, status(403), 4, "403"),
        (LOOKUP, redirect("file:///etc/passwd"), 4, "neither http nor https"),
        (TILE, plain(b""), 3, "expected 96 bytes, found 0"),
        (TILE, plain(bytes(96)), 3, "tree of 3 records"),
        (TILE, plain(bytes(8192)), 3, "expected 96 bytes, found 8192"),  # a full tile for the partial one
        (TILE, status(404), 4, "tile/8/0/000"),  # as where tiles have another height
        (TILE, endless(), 4, "more than 65536 bytes"),
    ],
)
def test_what_is_no_proof(gopack, fetch, publish, server, which, behaviour, exit_status, text):
    file = publish(server.root / BENEATH_PROXY[1:])[which]
    server.behave(BENEATH_PROXY + file, always=behaviour)
    result = fetch()
    assert result.status == exit_status, result.stdout + result.stderr
    assert text in result.error["message"] and result.error["hint"]
    assert not list(gopack.downloads.glob("*.zip"))


def test_credentials_are_in_no_output_and_no_file(gopack, fetch, publish, server, elsewhere, database):
    files = publish(elsewhere.root)
    (gopack.work / "gopack.lock").write_text('{"schema": 1, "archives": []}')
    env = {"GOPROXY": server.url_with("me:hunter2"), "GOSUMDB": f"{database.verifier} {elsewhere.url_with('me:hunter2')}"}
    elsewhere.behave(files[TILE], plain(bytes(96)))
    refused, proved = fetch(**env), fetch(**env)
    assert refused.status == 3
    assert_proved(proved)
    assert "h1:" in (gopack.work / "gopack.lock").read_text()
    assert all(request.headers["Authorization"] for request in server.requests + elsewhere.requests)
    written = [path.read_text(errors="replace") for place in (gopack.home, gopack.work) for path in place.rglob("*") if path.is_file()]
    assert not any("hunter2" in text for text in (refused.stdout, refused.stderr, proved.stdout, proved.stderr, *written))


def rewrite(path, change=lambda name, content: content):
    """The zip with the same entries, none of them compressed: where contents keep their sizes, everything keeps its place."""
    with zipfile.ZipFile(path) as module:
        entries = [(info, change(info.filename, module.read(info))) for info in module.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as module:
        for info, content in entries:
            module.writestr(zipfile.ZipInfo(info.filename, info.date_time), content)


def test_a_forged_index_proves_nothing(gopack, fetch, publish, server, tmp_path):
    """Module, record and index are changed so that they agree: the index says what the module was."""
    publish(server.root / BENEATH_PROXY[1:])
    [module] = server.root.rglob("*.zip")
    rewrite(module)
    (gopack.work / "gopack.lock").write_text('{"schema": 1, "archives": []}')
    assert_proved(fetch())
    gopack.must("trim", VERSION, "--profile", "minimal")
    [tree] = gopack.must("--json", "list").json["trees"]
    gopack.must("remove", "--force", tree["id"])

    [stored] = gopack.downloads.glob("*.zip")
    index, record = (stored.with_name(stored.name + ending) for ending in (".index", ".json"))
    old = hashlib.sha256(stored.read_bytes())
    rewrite(stored, lambda name, content: b"evil" + content[4:] if name.endswith("src/fmt/print.go") else content)
    new = hashlib.sha256(stored.read_bytes())
    forged = index.read_bytes().replace(old.digest(), new.digest())
    assert forged != index.read_bytes()
    index.write_bytes(forged)
    record.write_text(record.read_text().replace(old.hexdigest(), new.hexdigest()))

    words = ("make", VERSION, "-p", PLATFORM, "--source", "goproxy", "--target", tmp_path / "stick", "--locked")
    made = gopack("--json", *words, env={"GOPROXY": server.url})
    assert not [path for path in tmp_path.rglob("print.go") if path.read_bytes().startswith(b"evil")]
    assert made.status == 3 or (made.status == 0 and index.read_bytes() != forged), made.stdout
