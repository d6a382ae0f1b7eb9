"""What servers do wrong, as a table: how the program ends, what it says, how often it asked and what it leaves. All rows
run at once, each with a server and a store of its own, since most of the time they wait. No server holds the program for
longer than conftest.TIMEOUT."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import releases
from conftest import Gopack
from behaviours import (
    HTML_PAGE,
    chunked,
    compressed,
    cut,
    endless,
    flipped,
    html,
    many_interim,
    multipart_range,
    plain,
    raw,
    redirect,
    reset,
    stall,
    status,
    trickle,
    trickling_head,
    truncated,
    unavailable,
    vanish,
    without_length,
    wrong_range,
)
from server import Server

VERSION, PLATFORM = "1.22.5", "linux-amd64"
ARCHIVE = releases.tar_gz(VERSION, PLATFORM)
SIZE = len(ARCHIVE)
NAME = releases.archive_name(VERSION, PLATFORM)
PART = 300_000  # bytes that get through where a transfer breaks
AT_ONCE = 16  # rows: they hardly work, they wait
TIMEOUT = 1  # seconds that the program gives a server that sends next to nothing

ONCE = [None]
TWICE = [None, None]
OFTEN = [None] * 5
RESUMED = [None, f"bytes={PART}-"]
RESTARTED = [*RESUMED, None]
PROVED = [None, f"bytes={PART}-{SIZE - 1}"]  # where the digest alone will tell whether it fits
ANY = object()  # a Range that depends on how fast something went


@dataclass(frozen=True)
class Row:
    name: str
    first: tuple  # behaviours of the archive, one a request
    always: object  # what follows; None: the file
    requests: list  # the Range of each request for it
    status: int
    text: str  # in the error's message
    leaves: tuple  # in downloads/, as endings of the archive's name
    index: object = None  # the behaviour of the index, in place of the right one


def index_of_archive():
    archive = releases.Archive(NAME, VERSION, PLATFORM, None, SIZE, hashlib.sha256(ARCHIVE).hexdigest())
    return json.dumps(releases.index([archive])).encode()


INDEX = index_of_archive()


def passes(name, first, requests=ONCE):
    """The archive arrives, whatever happens first."""
    return Row(name, first if isinstance(first, tuple) else (first,), None, requests, 0, "", ("", ".json"))


def unreachable(name, always, text, requests=ONCE, first=(), leaves=()):
    return Row(name, first, always, requests, 4, text, leaves)


def refused(name, always, text):
    """For what it is, after one request; nothing is kept of it."""
    return Row(name, (), always, ONCE, 3, text, ())


def indexed(name, text, **changed):
    """Refused for an index that says something else of the archive."""
    releases_of_it = json.loads(INDEX)
    releases_of_it[0]["files"][1] |= changed
    return with_index(name, plain(json.dumps(releases_of_it).encode()), text, 0)


def with_index(name, index, text, requests):
    return Row(name, (), None, [None] * requests, 4 if text else 0, text, () if text else ("", ".json"), index)


OK, LENGTH = "HTTP/1.1 200 OK", f"Content-Length: {SIZE}"
PADDING = [f"X-{i}: x" for i in range(10_000)]
BUSY = status(503, Retry_After="86400")

ROWS = [
    # Bodies that end too soon, or not at all.
    passes("cut before the first byte", cut(0), TWICE),
    passes("cut after the first byte", cut(1), [None, "bytes=1-"]),
    passes("cut before the last byte", cut(SIZE - 1), [None, f"bytes={SIZE - 1}-"]),
    passes("cut twice", (cut(PART), cut(PART)), [*RESUMED, f"bytes={2 * PART}-"]),
    passes("no answer at all", vanish(), TWICE),
    passes("reset after the head", reset(0), TWICE),
    passes("reset in the body", reset(PART), [None, ANY]),
    passes("stalls before the first byte", stall(0), TWICE),
    passes("stalls in the body", stall(PART), RESUMED),
    passes("trickles", trickle(PART), [None, ANY]),
    passes("head trickles", trickling_head(), TWICE),
    unreachable("never says a word", stall(0), "Operation too slow", OFTEN),
    unreachable("head trickles for ever", trickling_head(), "(5 attempts)", OFTEN),
    unreachable("cut, then busy for a day", BUSY, "503", RESUMED, (cut(PART),), (".part", ".part.json")),
    refused("endless", endless(), "found more"),
    # Content-Length.
    refused("a length that is one too large", raw(OK, f"Content-Length: {SIZE + 1}"), f"found {SIZE + 1}"),
    refused("a length that is one too small", raw(OK, f"Content-Length: {SIZE - 1}"), f"found {SIZE - 1}"),
    passes("no length", without_length()),
    passes("no length, and ended early", without_length(PART), TWICE),
    refused("two lengths, the last one wrong", raw(OK, LENGTH, f"Content-Length: {SIZE + 1}"), f"found {SIZE + 1}"),
    passes("two lengths, the last one right", raw(OK, f"Content-Length: {SIZE + 1}", LENGTH)),
    unreachable("a negative length", raw(OK, "Content-Length: -1"), "Invalid Content-Length"),
    passes("a length of 2^63, which is none", raw(OK, f"Content-Length: {2**63}")),
    refused("a length of 2^63 - 1", raw(OK, f"Content-Length: {2**63 - 1}"), f"found {2**63 - 1}"),
    passes("a list of lengths", raw(OK, f"{LENGTH}, {SIZE}")),
    # Chunks.
    passes("in chunks", chunked()),
    passes("a chunk without a size", chunked(b"zz"), TWICE),
    unreachable("chunks without sizes", chunked(b"zz"), "(5 attempts)", OFTEN),
    passes("chunks without an end", chunked(end=b""), TWICE),
    unreachable("a chunk with a huge extension", chunked(b"5;" + b"x" * 100_000), "chunked", OFTEN),
    # Heads.
    unreachable("100 Continue without end", many_interim(), "endless headers"),
    unreachable("a header of 64 KiB", status(200, Bloat="x" * 65_536), "endless headers"),
    unreachable("10,000 headers", raw(OK, LENGTH, *PADDING), "endless headers"),
    unreachable("HTTP/0.9", raw(body=b"hello\n"), "HTTP/0.9"),
    passes("HTTP/1.0", raw("HTTP/1.0 200 OK", LENGTH)),
    passes("HTTP/1.0 without a length", raw("HTTP/1.0 200 OK")),
    passes("another type", raw(OK, LENGTH, "Content-Type: text/plain")),
    passes("not compressed, whatever it says", raw(OK, LENGTH, "Content-Encoding: gzip")),
    refused("compressed once more", compressed(), "found "),
    # Statuses.
    unreachable("304 to a plain GET", status(304), "304"),
    unreachable("forbidden", status(403), "403"),
    unreachable("not there", status(404), "no such file"),
    unreachable("a part nobody asked for", status(206, b"x"), "206"),
    unreachable("no such part nobody asked for", status(416), "416"),
    passes("too many requests", status(429, Retry_After="0"), TWICE),
    passes("too many requests until the past", status(429, Retry_After="Tue, 02 Jul 2024 16:00:00 GMT"), TWICE),
    passes("too many requests until soon", status(429, Retry_After="soon"), TWICE),
    unreachable("too many requests for an hour", status(429, Retry_After="3600"), "429"),
    unreachable("too many requests till 2100", status(429, Retry_After="Fri, 31 Dec 2100 00:00:00 GMT"), "429"),
    passes("broken for a moment", (status(500), status(502), status(503)), [None] * 4),
    unreachable("busy for ever", unavailable(), "(5 attempts)", OFTEN),
    # The rest of a file.
    passes("the whole file for a part", (cut(PART), plain(ranges=False)), RESUMED),
    passes("a part refused", (cut(PART), status(416)), RESTARTED),
    passes("a part from another place", (cut(PART), wrong_range(shift=1)), RESTARTED),
    passes("a part with the whole body", (cut(PART), wrong_range(0, whole=True)), RESTARTED),
    passes("a part of another size", (cut(PART), wrong_range(0, total=10**6)), RESTARTED),
    passes("a part of who knows what", (cut(PART), wrong_range(0, content_range=False)), RESTARTED),
    passes("a part of another file", (cut(PART), wrong_range(0, other_file=True)), RESTARTED),
    passes("a part in a multipart body", (cut(PART), multipart_range()), RESTARTED),
    passes("a damaged rest", (cut(PART), flipped(PART + 1)), RESTARTED),
    passes("a file that changes meanwhile", cut(PART, content=bytes(SIZE)), RESUMED),
    passes("a weak tag, but a time", (cut(PART, etag="weak"), plain(etag="weak")), RESUMED),
    passes("a weak tag only, then another one", cut(PART, etag="weak", last_modified=None), [*PROVED, None]),
    passes("nothing to recognise it by but its digest", cut(PART, etag=None, last_modified=None), PROVED),
    # Other contents.
    refused("a login page", html(), "HTML page"),
    refused("a login page of unknown length", raw(OK, body=HTML_PAGE), "HTML page"),
    *(refused(f"a bit flipped at {n}/8", flipped((SIZE - 1) * n // 8), "SHA-256") for n in range(9)),
    refused("truncated", truncated(1000), "found 1000"),
    refused("empty", plain(b""), "found 0"),
    unreachable("empty without a length", raw(OK, body=b""), f"after 0 of {SIZE}", OFTEN),
    refused("another file", plain(b"PK\3\4" + bytes(100)), "found 104"),
    refused("another version", plain(releases.tar_gz("1.21.13", PLATFORM)), f"expected {SIZE} bytes"),
    refused("another file of that size", plain(bytes(SIZE)), "SHA-256"),
    # Redirections.
    unreachable("to itself", redirect("?again"), "more than 5 times", [None] * 6),
    unreachable("to nowhere", redirect(""), "to no address"),
    unreachable("to a file", redirect("file:///etc/passwd"), "neither http nor https"),
    unreachable("to ftp", redirect("ftp://127.0.0.1/x"), "neither http nor https"),
    unreachable("to another host", redirect("//host.invalid/x"), "redirected to http://host.invalid/x", TWICE),
    unreachable("to a refused port", redirect("http://me:pw@127.0.0.1:1/x"), "redirected to http://127.0.0.1:1/x", TWICE),
    # Indexes.
    with_index("an index with a byte order mark", plain(b"\xef\xbb\xbf" + INDEX), "", 1),
    with_index("an index of 100,000 entries", plain(b'[{"files": [' + b"{}," * 10**5 + b"{}]}]"), "neither a release", 0),
    with_index("an index of more than 8 MiB", plain(INDEX + b" " * (8 << 20)), "more than 8388608 bytes", 0),
    with_index("an endless index", endless(), "more than 8388608 bytes", 0),
    with_index("an index nested too deep", plain(b"[" * 10**6), "more than 32 levels", 0),
    with_index("a login page for an index", html(), "neither a release index nor archive names", 0),
    with_index("an index cut off", plain(INDEX[:-2]), "is not valid JSON", 0),
    with_index("an archive listed twice", plain(json.dumps(2 * json.loads(INDEX)).encode()), "twice", 0),
    indexed("a digest in upper case", "the SHA-256 of", sha256="A" * 64),
    indexed("a digest that is short", "the SHA-256 of", sha256="a" * 63),
    indexed("a negative size", "the size of", size=-1),
    indexed("a name that leads elsewhere", "neither a release index nor archive names", filename=f"../../{NAME}"),
]


def run(row, binary, directory):
    """Gives the result, the range of each request, and what lies in downloads/."""
    root = directory / "www"
    root.mkdir(parents=True)
    (root / NAME).write_bytes(ARCHIVE)
    (root / "index.json").write_bytes(INDEX)
    gopack = Gopack(binary, directory)
    with Server(root) as server:
        server.behave(f"/{NAME}", *row.first, always=row.always)
        for path in ("/index.json", "/"):
            server.behave(path, always=row.index)
        result = gopack("--json", "--timeout", TIMEOUT, "fetch", VERSION, "-p", PLATFORM, "--source", server.url)
        asked = [request.headers.get("Range") for request in server.requests if request.path.startswith(f"/{NAME}")]
    return result, asked, {path.name.removeprefix(NAME): path for path in gopack.downloads.glob("*")}


@pytest.fixture(scope="module")
def runs(request, gopack_binary, tmp_path_factory):
    """{name: future of run()} of the rows that are tested: most of the time they wait, so all are started now."""
    directory = tmp_path_factory.mktemp("rows")
    tested = [item.callspec.params["row"] for item in request.session.items if item.fspath == request.fspath]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {row.name: pool.submit(run, row, gopack_binary, directory / str(i)) for i, row in enumerate(tested)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_servers_do(row, runs):
    result, asked, left = runs[row.name].result()
    assert result.status == row.status, result.stdout + result.stderr
    if row.status != 0:
        assert row.text in result.error["message"]
        assert result.error["hint"]
    assert [ANY if expected is ANY else found for expected, found in zip(row.requests, asked)] == row.requests, asked
    assert len(asked) == len(row.requests)
    assert set(left) == set(row.leaves)
    if row.status == 0:
        assert left[""].read_bytes() == ARCHIVE
