"""Signatures of archives, and that no password reaches any output or file."""

import os
import shutil
import subprocess

import pytest
from behaviours import HTML_PAGE, status
from proofs import archive, fetch, official  # noqa: F401  fixtures
from proofs import assert_refused, forget_digests, locked, record, verified_by


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
        (lambda keys, path: write(f"{path}.asc", HTML_PAGE), "not a signature"),
        (lambda keys, path: write(f"{path}.asc", b""), "not a signature"),
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


SECRET = "hunter2"


def assert_secret(result, gopack):
    assert SECRET not in result.stdout + result.stderr
    files = [path for place in (gopack.home, gopack.work) for path in place.rglob("*") if path.is_file()]
    assert files and all(SECRET not in path.read_text(errors="replace") for path in files)


def test_credentials_are_in_no_output_and_no_file(gopack, fetch, server, archive, keys, demand, trusting, official):
    keys.sign("signer", archive.path)
    env = official.env | trusting | {"GOPACK_OFFICIAL": official.url_with(f"me:{SECRET}")}
    source = server.url_with(f"me:{SECRET}")
    options = ("-v", "--lock", "gopack.lock", *demand, "--require", "index")
    assert_secret(result := fetch(*options, source=source, env=env), gopack)
    assert "signature" in verified_by(result) and len(locked(gopack.work / "gopack.lock")) == 1
    assert server.requests and official.requests
    assert all(request.headers["Authorization"] for request in server.requests + official.requests)
    assert_secret(fetch(*options, source="official", env=env), gopack)
    for site, path in ((server, f"/{archive.filename}.asc"), (official, "/index.json")):
        site.behave(path, always=status(403))
        refused = fetch(*options, source=source, env=env)
        assert_refused(refused, "403", 4)
        assert_secret(refused, gopack)
        site.behave(path)
    archive.path.write_bytes(HTML_PAGE)
    shutil.rmtree(gopack.home)
    assert_secret(refused := fetch(*options, source=source, env=env), gopack)
    assert_refused(refused, "HTML page")


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
