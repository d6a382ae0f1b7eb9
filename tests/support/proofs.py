"""What tests of proofs (lock file, official index, signatures) ask of a fetch, and how a mirror lies to it."""

import hashlib
import json

import pytest
from server import Server, make_certificate

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


@pytest.fixture
def official(tmp_path, releases, archive):
    """A site in the official one's place; `.env` says so to gopack."""
    certificate = make_certificate(tmp_path / "official.pem")
    releases.write_mirror(tmp_path / "official", [VERSION], [PLATFORM])
    with Server(tmp_path / "official", certificate) as site:
        site.env = {"GOPACK_OFFICIAL": site.url, "SSL_CERT_FILE": str(certificate)}
        yield site


def assert_refused(result, text, exit_status=3):
    assert result.status == exit_status, result.stdout + result.stderr
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


def locked(path):
    return json.loads(path.read_text())["archives"]
