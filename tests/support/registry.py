"""Debian's docker-registry on loopback, a service that gives tokens for it, and a wire that is cut.

    with Registry(directory) as registry:
        gopack.must("publish", packs, "--to", registry.repository("tools/go"))
"""

import base64
import json
import re
import shutil
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest

USER, PASSWORD = "builder", "secret"
HTPASSWD = USER + ":$2b$04$JHZv9ZgStJXGGar33U7uo.7qPPknjQD.6kqV8gTYwZDTu18qXnTsG\n"  # of that password
PATIENCE = 60  # seconds


def basic(user=USER, password=PASSWORD):
    return base64.b64encode(f"{user}:{password}".encode()).decode()


class Registry:
    """A docker-registry with its blobs below `directory`; `auth` is that section of its configuration."""

    def __init__(self, directory, auth=None):
        if not shutil.which("docker-registry"):
            pytest.fail("docker-registry is not installed (tests/support/packages.sh)")
        directory.mkdir(parents=True, exist_ok=True)
        configuration = {
            "version": "0.1",
            "log": {"level": "info"},
            "storage": {"filesystem": {"rootdirectory": str(directory / "data")}, "delete": {"enabled": True}},
            "http": {"addr": "127.0.0.1:0", "secret": "of the tests"},
        }
        if auth:
            configuration["auth"] = auth
        self._file = directory / "registry.json"  # JSON is YAML
        self._file.write_text(json.dumps(configuration))
        self._log = directory / "registry.log"
        self.authorization = {}

    def __enter__(self):
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(["docker-registry", "serve", self._file], stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(r"listening on 127\.0\.0\.1:(\d+)", self._log.read_text())):
            assert self._process.poll() is None and time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.01)
        self.port = int(found[1])
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()

    @property
    def authority(self):
        return f"127.0.0.1:{self.port}"

    def repository(self, name, port=None):
        return f"oci://127.0.0.1:{port or self.port}/{name}"

    def get(self, path, accept="*/*"):
        request = Request(f"http://{self.authority}/v2/{path}", headers={"Accept": accept, **self.authorization})
        with urlopen(request) as answer:
            return answer.read()

    def put(self, path, content, kind):
        with urlopen(Request(f"http://{self.authority}/v2/{path}", content, {"Content-Type": kind}, method="PUT")) as answer:
            answer.read()

    def requests(self):
        """The lines "METHOD /v2/… HTTP/1.1" of its log."""
        return re.findall(r'"((?:GET|HEAD|POST|PUT|PATCH) \S+) HTTP/1\.1"', self._log.read_text())


class Nginx:
    """An nginx on loopback with that file included in its server."""

    def __init__(self, directory, included):
        if not shutil.which("nginx"):
            pytest.fail("nginx is not installed (tests/support/packages.sh)")
        self._directory, self._included = directory, included

    def __enter__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._directory.mkdir()
        places = "".join(f"{kind}_temp_path {self._directory}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        configuration = self._directory / "nginx.conf"
        configuration.write_text(f"""daemon off; master_process off; pid {self._directory}/pid; error_log {self._directory}/errors;
            events {{}} http {{ access_log off; {places} server {{ listen 127.0.0.1:{self.port}; include {self._included}; }} }}""")
        self._process = subprocess.Popen(["nginx", "-c", configuration], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                assert self._process.poll() is None and time.monotonic() < deadline, (self._directory / "errors").read_text()
                time.sleep(0.01)

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()

    def repository(self, name):
        return f"oci://127.0.0.1:{self.port}/{name}"

    def get(self, path):
        """Content and its type."""
        with urlopen(f"http://127.0.0.1:{self.port}/v2/{path}") as answer:
            return answer.read(), answer.headers["Content-Type"]


class TokenService:
    """Gives tokens that a registry with `self.auth` takes: to everybody for what is in `public`, else to USER."""

    def __init__(self, directory, public=()):
        directory.mkdir(parents=True, exist_ok=True)
        self._key, certificate = directory / "token.key", directory / "token.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self._key, "-out", certificate,
                        "-subj", "/CN=tokens", "-days", "2"], check=True, capture_output=True)
        der = subprocess.run(["openssl", "x509", "-in", certificate, "-outform", "DER"], check=True, capture_output=True).stdout
        self._chain = [base64.b64encode(der).decode()]
        self.public = public
        self.requests = []  # (method, Authorization, parameters)
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                service.answer(self, parse_qs(urlsplit(self.path).query))

            def do_POST(self):
                service.answer(self, parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))

            def log_message(self, format, *args):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._http.server_address[1]
        self.auth = {"token": {"realm": f"http://127.0.0.1:{self.port}/token", "service": "registry", "issuer": "tokens",
                               "rootcertbundle": str(certificate)}}

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._http.server_close()

    def answer(self, handler, parameters):
        authorization = handler.headers.get("Authorization")
        self.requests.append((handler.command, authorization, parameters))
        is_user = authorization == "Basic " + basic() or parameters.get("refresh_token") == [PASSWORD]
        access = []
        for scope in parameters.get("scope", []):
            kind, name, actions = scope.split(":")
            allowed = [action for action in actions.split(",") if is_user or (action == "pull" and name in self.public)]
            access.append({"type": kind, "name": name, "actions": allowed})
        body = json.dumps({"token": self._token(access)}).encode()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _token(self, access):
        now = int(time.time())
        claims = {"iss": "tokens", "sub": USER, "aud": "registry", "iat": now, "nbf": now - 10, "exp": now + 300,
                  "jti": str(len(self.requests)), "access": access}
        parts = [_url64(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "RS256", "x5c": self._chain}, claims)]
        signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self._key], input=".".join(parts).encode(), check=True,
                                capture_output=True)
        return ".".join([*parts, _url64(signed.stdout)])


def _url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Wire:
    """Leads to a port of loopback; each connection in turn is cut after the next of `limits` (up, down: bytes, None: never)."""

    def __init__(self, port):
        self._port = port
        self.limits = []
        self.cuts = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                up, down = self.limits.pop(0) if self.limits else (None, None)
            server = socket.create_connection(("127.0.0.1", self._port))
            for source, target, limit in ((client, server, up), (server, client, down)):
                threading.Thread(target=self._pass, args=(source, target, limit), daemon=True).start()

    def _pass(self, source, target, limit):
        try:
            while limit is None or limit > 0:
                data = source.recv(65536 if limit is None else min(limit, 65536))
                if not data:
                    break
                target.sendall(data)
                if limit is not None:
                    limit -= len(data)
            if limit == 0:
                with self._lock:
                    self.cuts += 1
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
