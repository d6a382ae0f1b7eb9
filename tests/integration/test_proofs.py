"""What proves an archive when its source alone is not to be believed: the official index, signatures, and what a source
was seen to have before."""

import hashlib
import json
import os
import subprocess

import pytest
from server import HTML_PAGE, Server, make_certificate

VERSION, PLATFORM = "1.22.5", "linux-amd64"


@pytest.fixture
def archive(server, releases):
    return releases.write_mirror(server.root, [VERSION], [PLATFORM])[0]


@pytest.fixture
def fetch(gopack, server):
    """Runs fetch --json from the mirror `server`."""

    def run(*options, selector=VERSION, source=server.url, env=None):
        words = ("--json", "fetch", selector, "-p", PLATFORM, "--source", source, *options)
        return gopack(*words, env=env)

    return run


def assert_refused(result, text, status=3):
    assert result.status == status, result.stdout + result.stderr
    assert text in result.error["message"], result.error
    assert result.error["hint"]


def verified_by(result):
    assert result.status == 0, result.stdout + result.stderr
    [archive] = result.json["archives"]
    return archive["verified_by"]


def record(gopack, archive):
    return json.loads((gopack.downloads / (archive.filename + ".json")).read_text())


def poison(server, archive):
    """A mirror that lies consistently: another archive with an index and a .sha256 to match."""
    data = archive.path.read_bytes()[:-1] + b"x"
    archive.path.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    (server.root / (archive.filename + ".sha256")).write_text(digest)
    index = json.loads((server.root / "index.json").read_text())
    index[0]["files"][1] |= {"sha256": digest, "size": len(data)}
    (server.root / "index.json").write_text(json.dumps(index))
    return digest


def forget_digests(server, archive):
    """The mirror names the archive, as old releases are, without any digest."""
    index = json.loads((server.root / "index.json").read_text())
    del index[0]["files"][1]["sha256"], index[0]["files"][1]["size"]
    (server.root / "index.json").write_text(json.dumps(index))
    (server.root / (archive.filename + ".sha256")).unlink()


@pytest.fixture
def official(tmp_path, releases, archive):
    """A site in the official one's place; `.env` says so to gopack."""
    certificate = make_certificate(tmp_path / "official.pem")
    releases.write_mirror(tmp_path / "official", [VERSION], [PLATFORM])
    with Server(tmp_path / "official", certificate) as site:
        site.env = {"GOPACK_OFFICIAL": site.url, "SSL_CERT_FILE": str(certificate)}
        yield site


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
        refused = fetch(selector=selector)
        assert_refused(refused, "go1.22.4")
        assert "go1.22.5" in refused.error["message"]
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
    (gopack.home / ".gopack/newest.json").write_text("{")
    releases.write_mirror(server.root, ["1.22.4"], [PLATFORM])
    assert verified_by(fetch(selector="latest")) == "release index"


# Signatures.


class Keys:
    """Keys of a GnuPG home of their own."""

    def __init__(self, home):
        home.mkdir(mode=0o700)
        self.home = home

    def gpg(self, *words, time=None):
        faked = ["--faked-system-time", time] if time else []
        words = ["--batch", "--quiet", "--yes", "--pinentry-mode", "loopback", "--passphrase", "", *faked, *map(str, words)]
        environment = dict(os.environ, GNUPGHOME=str(self.home))
        return subprocess.run(["gpg", *words], env=environment, check=True, capture_output=True).stdout

    def make(self, name, expires="never", time=None):
        self.gpg("--quick-gen-key", name, "ed25519", "sign", expires, time=time)
        rows = self.gpg("--with-colons", "--list-keys", name).decode().splitlines()
        return next(row.split(":")[9] for row in rows if row.startswith("fpr"))

    def sign(self, name, path, time=None):
        self.gpg("--local-user", name, "--armor", "--output", f"{path}.asc", "--detach-sign", path, time=time)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    # The path of a socket may not be long.
    home = tmp_path_factory.mktemp("k") / "gpg"
    keys = Keys(home)
    yield keys
    subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False, capture_output=True)


@pytest.fixture(scope="module")
def signer(keys, tmp_path_factory):
    """The key that is trusted, (fingerprint, file with it and, to mislead, with others)."""
    fingerprint = keys.make("signer")
    keys.make("other")
    keys.make("expired", "1y", "20200101T000000")
    path = tmp_path_factory.mktemp("key") / "keys.asc"
    path.write_bytes(keys.gpg("--armor", "--export"))
    return fingerprint, path


@pytest.fixture
def demand(signer):
    """The options that demand a signature of the trusted key."""
    return ("--require-signature", "--signing-key", signer[1])


@pytest.fixture
def trusting(signer):
    return {"GOPACK_SIGNING_FINGERPRINT": signer[0]}


def test_a_signature_proves_an_archive(gopack, fetch, archive, keys, signer, demand, trusting):
    keys.sign("signer", archive.path)
    expected = f"release index, signature of {signer[0]}"
    assert verified_by(fetch(*demand, env=trusting)) == expected
    assert record(gopack, archive)["verified_by"] == expected


def test_a_signature_is_enough(fetch, server, archive, keys, signer, trusting, tmp_path):
    """Without any digest, with a binary key, in a directory, and of what is there already."""
    keys.sign("signer", archive.path)
    forget_digests(server, archive)
    key = tmp_path / "key.gpg"
    key.write_bytes(keys.gpg("--export", "signer"))
    for source in (server.url, server.root):
        options = ("--require", "signature", "--signing-key", key)
        assert verified_by(fetch(*options, source=source, env=trusting)) == f"signature of {signer[0]}"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda keys, path: poison_signed(path), "not the signature of these bytes"),
        (lambda keys, path: keys.sign("other", path), "made by the key"),
        (lambda keys, path: keys.sign("expired", path, "20200601T000000"), "has expired"),
        (lambda keys, path: keys.sign(keys.make("stranger"), path), "made by a key that"),
        (lambda keys, path: os.unlink(f"{path}.asc"), "no signature"),
        (lambda keys, path: write(f"{path}.asc", HTML_PAGE), "no signature"),
        (lambda keys, path: write(f"{path}.asc", b""), "no signature"),
        (lambda keys, path: write(f"{path}.asc", b"-----BEGIN PGP SIGNATURE-----\n\nxxxx\n"), "signature"),
    ],
    ids=["other bytes", "other key", "expired key", "unknown key", "missing", "login page", "empty", "damaged"],
)
def test_what_is_not_well_signed_is_refused(gopack, fetch, archive, keys, demand, trusting, server, change, text):
    keys.sign("signer", archive.path)
    change(keys, archive.path)
    forget_digests(server, archive)
    assert_refused(fetch(*demand, env=trusting), text)
    assert list(gopack.downloads.iterdir()) == []


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def poison_signed(path):
    data = path.read_bytes()
    path.write_bytes(data[:1000] + bytes([data[1000] ^ 1]) + data[1001:])


def test_signatures_that_cannot_be_checked_are_no_proof(fetch, server, archive, keys, demand, trusting, tmp_path):
    keys.sign("signer", archive.path)
    assert_refused(fetch("--require-signature"), "no signing key", 2)
    assert_refused(fetch("--require-signature", "--signing-key", tmp_path / "none"), "none", 2)
    assert_refused(fetch(*demand, env={"GOPACK_SIGNING_FINGERPRINT": "1234"}), "fingerprint", 2)
    assert_refused(fetch(*demand, env=trusting | {"PATH": str(tmp_path)}), "gpgv", 2)
    assert server.requests_of("/" + archive.filename) == []
    assert_refused(fetch(*demand), "made by the key")  # the Go project's is expected
    (tmp_path / "bin").mkdir()
    liar = tmp_path / "bin/gpgv"
    liar.write_text("#!/bin/sh\nexit 0\n")
    liar.chmod(0o755)
    assert_refused(fetch(*demand, env=trusting | {"PATH": f"{liar.parent}:/usr/bin:/bin"}), "does not say")
