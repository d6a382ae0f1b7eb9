"""Downloads through the real program: what servers, proxies and users do to them."""

import hashlib
import json
import re
import shutil
import signal
import subprocess

import pytest
from conftest import wait_until
from behaviours import cut, flipped, html, plain, redirect, stall, status
from server import Server, make_certificate

VERSION, PLATFORM = "1.22.5", "linux-amd64"
SECRET = "hunter2"
PART = 300_000  # bytes that get through where a transfer breaks


@pytest.fixture
def archive(server, releases):
    """The one release the server has."""
    return releases.write_mirror(server.root, [VERSION], [PLATFORM])[0]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that only its owner trusts, with its key."""
    return make_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


def fetch(gopack, *sources, options=(), env=None):
    named = [word for source in sources for word in ("--source", source)]
    return gopack("--json", *options, "fetch", VERSION, "-p", PLATFORM, *named, env=env)


def start_fetch(gopack, source):
    return gopack.start("--json", "fetch", VERSION, "-p", PLATFORM, "--source", source)


def path_of(archive):
    return "/" + archive.filename


def ranges(server, archive):
    return [request.headers.get("Range") for request in server.requests_of(path_of(archive))]


def unfinished(gopack):
    return sorted(path.name for path in gopack.downloads.glob("*.part*")) if gopack.downloads.exists() else []


def assert_fetched(result, gopack, archive):
    assert result.status == 0, result.stdout + result.stderr
    assert (gopack.downloads / archive.filename).read_bytes() == archive.path.read_bytes()
    assert unfinished(gopack) == []


def assert_refused(result, gopack, archive, exit_status, kind, text):
    assert (result.status, result.error["kind"]) == (exit_status, kind), result.stdout + result.stderr
    assert text in result.error["message"]
    assert result.error["hint"]
    assert not (gopack.downloads / archive.filename).exists()
    assert unfinished(gopack) == []


def interrupt_after_part(gopack, server, archive):
    """Leaves what an interrupted download leaves: PART bytes and their sidecar."""
    server.behave(path_of(archive), stall(PART))
    running = start_fetch(gopack, server.url)
    part = gopack.downloads / (archive.filename + ".part")
    wait_until(lambda: running.poll() is not None or (part.exists() and part.stat().st_size == PART))
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode == 130


def test_an_archive_is_fetched_once(gopack, server, archive):
    result = fetch(gopack, server.url)
    assert_fetched(result, gopack, archive)
    [entry] = result.json["archives"]
    assert (entry["file"], entry["bytes"], entry["sha256"]) == (archive.filename, archive.size, archive.sha256)
    assert ranges(server, archive) == [None]

    server.requests.clear()
    assert_fetched(fetch(gopack, server.url), gopack, archive)
    assert server.requests == []


def test_archives_of_several_releases_and_platforms(gopack, server, releases):
    platforms = ["linux-amd64", "linux-arm", "windows-amd64"]
    archives = releases.write_mirror(server.root, ["1.21.13", "1.22.5"], platforms)
    result = gopack("--json", "fetch", "1.21", "1.22", "-p", ",".join(platforms), "--source", server.url)
    assert result.status == 0, result.stdout
    for archive in archives:
        assert (gopack.downloads / archive.filename).read_bytes() == archive.path.read_bytes()
        assert ranges(server, archive) == [None]


REST = f"bytes={PART}-"


def test_a_rest_is_asked_for_with_if_range(gopack, server, archive):
    server.behave(path_of(archive), cut(PART))
    assert_fetched(fetch(gopack, server.url), gopack, archive)
    first, second = server.requests_of(path_of(archive))
    assert "If-Range" not in first.headers
    assert second.headers["If-Range"].startswith('"')


def test_the_digest_expected_and_the_one_found_are_named(gopack, server, archive):
    server.behave(path_of(archive), always=flipped())
    data = archive.path.read_bytes()
    found = hashlib.sha256(bytes([data[0] ^ 1]) + data[1:]).hexdigest()
    message = fetch(gopack, server.url).error["message"]
    assert archive.sha256 in message and found in message
    assert archive.filename in message and server.url in message


def test_redirections_are_followed_five_times(gopack, server, archive):
    for hop in range(5):
        server.behave(f"/hop{hop}", always=redirect(f"/hop{hop + 1}"))
    server.behave("/hop5", always=plain(archive.path.read_bytes()))
    server.behave(path_of(archive), always=redirect("/hop1"))
    assert_fetched(fetch(gopack, server.url), gopack, archive)

    (gopack.downloads / archive.filename).unlink()
    server.behave(path_of(archive), always=redirect("/hop0"))
    assert_refused(fetch(gopack, server.url), gopack, archive, 4, "unreachable", "more than 5 times")


def test_an_interrupted_download_is_gone_on_with(gopack, server, archive):
    interrupt_after_part(gopack, server, archive)
    part, sidecar = archive.filename + ".part", archive.filename + ".part.json"
    assert unfinished(gopack) == [part, sidecar]
    assert (gopack.downloads / part).stat().st_size == PART
    kept = json.loads((gopack.downloads / sidecar).read_text())
    assert kept["total"] == archive.size and kept["sha256"] == archive.sha256

    server.requests.clear()
    assert_fetched(fetch(gopack, server.url), gopack, archive)
    assert ranges(server, archive) == [REST]


def test_a_download_given_up_is_gone_on_with(gopack, server, archive):
    server.behave(path_of(archive), cut(PART), always=status(503, Retry_After="86400"))
    assert fetch(gopack, server.url).status == 4
    server.behave(path_of(archive))
    server.requests.clear()
    assert_fetched(fetch(gopack, server.url), gopack, archive)
    assert ranges(server, archive) == [REST]


def test_a_damaged_part_is_not_trusted(gopack, server, archive):
    interrupt_after_part(gopack, server, archive)
    with open(gopack.downloads / (archive.filename + ".part"), "r+b") as part:
        part.write(b"rot")
    server.requests.clear()
    assert_fetched(fetch(gopack, server.url), gopack, archive)
    assert ranges(server, archive) == [REST, None]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": 1}', "\0" * 100_000])
def test_a_damaged_sidecar_starts_the_download_anew(gopack, server, archive, text):
    interrupt_after_part(gopack, server, archive)
    (gopack.downloads / (archive.filename + ".part.json")).write_text(text)
    server.requests.clear()
    assert_fetched(fetch(gopack, server.url), gopack, archive)
    assert ranges(server, archive) == [None]


def test_a_part_of_what_has_changed_is_dropped(gopack, server, archive, releases):
    interrupt_after_part(gopack, server, archive)
    changed = releases.tar_gz(VERSION, "linux-arm")
    archive.path.write_bytes(changed)
    [index] = releases.index([archive])
    index["files"][1] |= {"sha256": hashlib.sha256(changed).hexdigest(), "size": len(changed)}
    (server.root / "index.json").write_text(json.dumps([index]))
    server.requests.clear()
    assert_fetched(fetch(gopack, server.url), gopack, archive)
    assert ranges(server, archive) == [None]


def test_a_file_that_changes_during_the_download_is_taken_whole(gopack, server, archive):
    server.behave(path_of(archive), cut(PART, content=bytes(archive.size)))
    assert_fetched(fetch(gopack, server.url), gopack, archive)
    assert ranges(server, archive) == [None, REST]  # If-Range fails, the answer is the whole file


def test_another_source_takes_over(gopack, server, archive):
    with Server(server.root) as other:
        server.behave(path_of(archive), always=status(404))
        result = fetch(gopack, server.url, other.url)
        assert_fetched(result, gopack, archive)
        assert other.url in result.stderr


def test_credentials_stay_with_their_server(gopack, server, archive):
    with Server(server.root) as other:
        server.behave(path_of(archive), always=redirect(other.url + path_of(archive)))
        assert_fetched(fetch(gopack, server.url_with(f"me:{SECRET}")), gopack, archive)
        assert all("Authorization" in request.headers for request in server.requests)
        assert [request.headers.get("Authorization") for request in other.requests] == [None]


def test_netrc_is_for_the_server_that_was_named(gopack, server, archive):
    netrc = gopack.user_home / ".netrc"
    netrc.write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    netrc.chmod(0o600)
    with Server(server.root) as other:
        server.behave(path_of(archive), always=redirect(other.url + path_of(archive)))
        assert_fetched(fetch(gopack, server.url), gopack, archive)
        assert all("Authorization" in request.headers for request in server.requests)
        assert [request.headers.get("Authorization") for request in other.requests] == [None]


@pytest.mark.parametrize(
    "behaviours",
    [
        pytest.param([status(403)], id="forbidden"),
        pytest.param([flipped()], id="damaged"),
        pytest.param([html()], id="login page"),
        pytest.param([redirect(f"/elsewhere?token={SECRET}")], id="failing elsewhere"),
        pytest.param([cut(PART), status(503, Retry_After="86400")], id="part kept"),
    ],
)
def test_secrets_are_written_nowhere(gopack, server, archive, behaviours):
    server.behave(path_of(archive), *behaviours[:-1], always=behaviours[-1])
    server.behave("/elsewhere", always=status(503, Retry_After="86400"))
    result = fetch(gopack, server.url_with(f"me:{SECRET}"), options=["-v"])
    assert result.status in (3, 4)
    assert SECRET not in result.stdout + result.stderr
    assert bool(unfinished(gopack)) == (len(behaviours) == 2)
    assert all(SECRET not in path.read_text(errors="replace") for path in gopack.home.rglob("*") if path.is_file())


def test_secrets_are_in_no_record(gopack, server, archive):
    assert_fetched(fetch(gopack, server.url_with(f"me:{SECRET}"), options=["-v"]), gopack, archive)
    assert all(SECRET not in path.read_text(errors="replace") for path in gopack.home.rglob("*") if path.is_file())


def test_a_certificate_of_our_own_is_named_in_ssl_cert_file(gopack, server, archive, certificate):
    with Server(server.root, certificate) as secure:
        refused = fetch(gopack, secure.url)
        assert_refused(refused, gopack, archive, 4, "unreachable", "certificate")
        assert "SSL_CERT_FILE" in refused.error["hint"]
        assert secure.requests == []
        assert_fetched(fetch(gopack, secure.url, env={"SSL_CERT_FILE": str(certificate)}), gopack, archive)


@pytest.mark.parametrize(
    ("name", "days", "text"),
    [("IP:127.0.0.1", -1, "certificate has expired"), ("DNS:other.invalid", 2, "does not match|no alternative")],
)
def test_a_certificate_must_hold_now_and_for_this_server(gopack, server, archive, tmp_path, name, days, text):
    certificate = make_certificate(tmp_path / "server.pem", name, days)
    with Server(server.root, certificate) as secure:
        refused = fetch(gopack, secure.url, env={"SSL_CERT_FILE": str(certificate)})
        assert_refused(refused, gopack, archive, 4, "unreachable", "")
        assert re.search(text, refused.error["message"])
        assert secure.requests == []


@pytest.mark.parametrize(
    ("url", "env", "text", "hint"),
    [
        ("http://127.0.0.1:1", {}, "(2 attempts)", "--source"),
        ("http://mirror.invalid", {}, "Could not resolve host", "--source"),
        ("http://mirror.invalid", {"http_proxy": "http://127.0.0.1:1"}, "Failed to connect", "HTTPS_PROXY"),
        ("http://mirror.invalid", {"http_proxy": "http://proxy.invalid:1"}, "resolve proxy", "HTTPS_PROXY"),
    ],
)
def test_who_cannot_be_reached_is_given_up_soon(gopack, archive, url, env, text, hint):
    refused = fetch(gopack, url, env=env)
    assert_refused(refused, gopack, archive, 4, "unreachable", text)
    assert hint in refused.error["hint"]


def test_a_proxy_that_wants_a_password_is_asked_once(gopack, server, archive):
    server.behave("CONNECT", always=status(407, Proxy_Authenticate="Basic"))
    refused = fetch(gopack, "https://mirror.invalid", env={"HTTPS_PROXY": server.url})
    assert_refused(refused, gopack, archive, 4, "unreachable", "the proxy answered with status 407")
    assert "password" in refused.error["hint"]
    assert [request.method for request in server.requests] == ["CONNECT"]


def test_the_second_address_of_a_name_is_tried(gopack, server, archive):
    """localhost is ::1, where nobody answers, and 127.0.0.1."""
    assert_fetched(fetch(gopack, f"http://localhost:{server.port}"), gopack, archive)


def test_https_does_not_lead_to_http(gopack, server, archive, certificate):
    with Server(server.root, certificate) as secure:
        secure.behave(path_of(archive), always=redirect(server.url + path_of(archive)))
        result = fetch(gopack, secure.url, env={"CURL_CA_BUNDLE": str(certificate)})
        assert_refused(result, gopack, archive, 4, "unreachable", "from https to http")
        assert server.requests == []


def test_a_proxy_is_used_but_for_what_no_proxy_names(gopack, server, archive):
    proxy = {"http_proxy": server.url, "NO_PROXY": "other.invalid"}
    assert_fetched(fetch(gopack, "http://mirror.invalid", env=proxy), gopack, archive)
    assert {request.path.partition("/")[0] for request in server.requests} == {"http:"}

    (gopack.downloads / archive.filename).unlink()
    server.requests.clear()
    direct = {"http_proxy": "http://127.0.0.1:1", "NO_PROXY": "127.0.0.1"}
    assert_fetched(fetch(gopack, server.url, env=direct), gopack, archive)


def test_the_password_of_a_proxy_is_not_shown(gopack):
    for proxy in (f"http://me:{SECRET}@127.0.0.1:1", f"nonsense://me:{SECRET}@127.0.0.1:1", f"me:{SECRET}@a b:x"):
        result = fetch(gopack, "http://mirror.invalid", options=["-v"], env={"http_proxy": proxy})
        assert result.status == 4, result.stdout
        assert SECRET not in result.stdout + result.stderr


def test_offline_asks_nobody(gopack, server, archive):
    assert_refused(fetch(gopack, server.url, options=["--offline"]), gopack, archive, 4, "unreachable", "offline")
    assert server.requests == []
    assert_fetched(fetch(gopack, f"file://{server.root}", options=["--offline"]), gopack, archive)


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_offline_opens_no_socket(gopack, server, archive, tmp_path):
    trace = tmp_path / "trace"
    watch = ["strace", "-f", "-qq", "-o", trace, "-e", "trace=network"]

    def run(*options, source):
        words = [*watch, gopack.binary, *options, "fetch", VERSION, "-p", PLATFORM, "--source", source]
        subprocess.run(list(map(str, words)), env=gopack.environment(), capture_output=True, check=False, timeout=60)
        return trace.read_text()

    for source in (server.url, "https://mirror.invalid", "official", "goproxy", server.root):
        assert "socket(" not in run("--offline", source=source)
    (gopack.downloads / archive.filename).unlink()
    assert "connect(" in run(source=server.url), "strace sees nothing"


@pytest.mark.parametrize("form", ["file://{}", "{}"])
def test_directories_are_sources(gopack, server, archive, form):
    assert_fetched(fetch(gopack, form.format(server.root)), gopack, archive)
    assert server.requests == []


def test_a_damaged_file_in_a_directory_is_refused(gopack, server, archive):
    data = bytearray(archive.path.read_bytes())
    data[-1] ^= 1
    archive.path.write_bytes(data)
    assert_refused(fetch(gopack, server.root), gopack, archive, 3, "integrity", archive.sha256)
