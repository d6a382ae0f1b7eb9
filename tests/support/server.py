"""A web server on loopback that behaves, or misbehaves, as a test wants it.

    with Server(root) as server:
        server.behave("/a.tar.gz", unavailable(), cut(1000))   # one behaviour a request, then files as they are
        ...
        assert [r.headers.get("Range") for r in server.requests] == [...]

behaviours.py has the behaviours. Paths without one are files below `root`, with Range, If-Range, ETag and Last-Modified as RFC 9110 has them.
`/?mode=json…` is answered with `root`/index.json, a directory with a listing. What stalls or trickles does so until the
client goes away, release() or the end.
"""

import html as html_escapes
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from behaviours import LAST_MODIFIED, plain

DATE = "Tue, 02 Jul 2024 17:00:00 GMT"  # what its clock shows, always
MAX_WAIT = 60  # seconds after which a test that waits for an event has failed
TRICKLE = 0.2  # seconds from one byte to the next


@dataclass(frozen=True)
class Request:
    method: str
    path: str  # with its query
    headers: Message  # case-insensitive


def make_certificate(path, name="IP:127.0.0.1", days=2):
    """Writes a self-signed certificate, with its key, that ends in `days`."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path]
    request, certificate = path.with_suffix(".csr"), path.with_suffix(".crt")
    for command in (
        ["req", *key, "-subj", "/CN=server", "-addext", f"subjectAltName={name}", "-out", request],
        ["x509", "-req", "-in", request, "-signkey", path, "-days", days, "-copy_extensions", "copy", "-out", certificate],
    ):
        subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True)
    path.write_text(path.read_text() + certificate.read_text())
    return path


class Server:
    """Serves on 127.0.0.1 at a port of its own; `certificate` (PEM with its key) makes it https."""

    def __init__(self, root, certificate=None):
        self.root = Path(root)
        self.date = DATE
        self.requests = []
        self._behaviours = {}
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._stalled = threading.Event()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # The handshake is left to the thread of the connection.
            self._http.socket = context.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
            self._scheme = "https"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.release()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def port(self):
        return self._http.server_address[1]

    @property
    def url(self):
        """Without a slash at its end."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def url_with(self, userinfo):
        return f"{self._scheme}://{userinfo}@127.0.0.1:{self.port}"

    def behave(self, path, *behaviours, always=None):
        """One of `behaviours` for each request of `path` in turn; after them `always`, or the plain file."""
        with self._lock:
            self._behaviours[path] = (list(behaviours), always or plain())

    def requests_of(self, path):
        with self._lock:
            return [request for request in self.requests if request.path == path]

    def wait_until_stalled(self):
        assert self._stalled.wait(MAX_WAIT), "no request has come to the place where the server stalls"

    def release(self):
        """Ends what stalls; nothing stalls afterwards."""
        self._released.set()

    def stall_anew(self):
        """What stalls from now on does so until release() is called again."""
        self._released.clear()
        self._stalled.clear()

    # What handlers need.

    def note(self, request):
        with self._lock:
            self.requests.append(request)

    def next_behaviour(self, path):
        with self._lock:
            steps, always = self._behaviours.get(path, ([], plain()))
            return steps.pop(0) if steps else always

    def stall(self, seconds=MAX_WAIT):
        """True when the server was released meanwhile."""
        self._stalled.set()
        return self._released.wait(seconds)

    def is_released(self):
        return self._released.is_set()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    owner = None

    def handle_error(self, request, client_address):
        # Clients that go away, or that do not like our certificate, are what tests are about.
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        owner = self.server.owner
        owner.note(Request(self.command, self.path, self.headers))
        path = unquote(urlsplit(self.path).path)
        owner.next_behaviour(path)(self)

    do_HEAD = do_GET

    def do_CONNECT(self):
        """As a proxy: behaviours of the path "CONNECT"."""
        self.server.owner.note(Request(self.command, self.path, self.headers))
        self.server.owner.next_behaviour("CONNECT")(self)

    def date_time_string(self, timestamp=None):
        return self.server.owner.date

    def log_message(self, format, *args):
        pass

    # The words behaviours are made of.

    def content(self):
        """The bytes of the file that is asked for; None when there is none."""
        url = urlsplit(self.path)
        root = self.server.owner.root
        path = root / unquote(url.path).lstrip("/")
        if parse_qs(url.query).get("mode") == ["json"]:
            path = path / "index.json"
        if path.is_dir():
            names = sorted(child.name + "/" * child.is_dir() for child in path.iterdir())
            links = (f'<a href="{html_escapes.escape(name)}">{html_escapes.escape(name)}</a>\n' for name in names)
            return ("<html><body><pre>\n" + "".join(links) + "</pre></body></html>\n").encode()
        return path.read_bytes() if path.is_file() else None

    def head(self, status, length=None, **headers):
        """Sends the head; names of headers with "_" for "-"."""
        self.send_response(status)
        if length is None:
            self.close_connection = True
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            if value is not None:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def body(self, data):
        if self.command != "HEAD":
            self.wfile.write(data)
            self.wfile.flush()

    def answer(self, status, data, **headers):
        self.head(status, len(data), **headers)
        self.body(data)

    def drop(self):
        """Ends the connection where it is."""
        self.close_connection = True

    def reset(self):
        """Ends the connection with an RST."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def trickle(self, data):
        """Sends byte after byte, slowly."""
        for byte in data:
            self.body(bytes([byte]))
            if self.server.owner.stall(TRICKLE):
                break
        self.drop()

    def range_start(self, data, etag):
        """Where the part begins that is rightly asked for; 0 when it is the whole."""
        asked = self.headers.get("Range")
        if not asked or self.headers.get("If-Range", etag) not in (etag, LAST_MODIFIED):
            return 0
        return int(asked.removeprefix("bytes=").partition("-")[0])
