"""A company's forge for tests, alone in a network: git over HTTPS that wants a password, a module proxy, a checksum database.

`forge.py DIR` serves on port 443 of a network namespace of its own; DIR/log gets a line for each request. Git repositories
lie in DIR/git/team/NAME.git and are the modules git.corp.test/team/NAME; the proxy has DIR/proxy, and no database.
"""

import base64
import fcntl
import hashlib
import os
import socket
import ssl
import struct
import subprocess
import sys
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

GIT, PROXY = "git.corp.test", "proxy.corp.test"
USER, PASSWORD = "me", "secret"
META = '<meta name="go-import" content="{0}/team/{1} git https://{0}/team/{1}.git">'


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        with open("log", "a", encoding="utf-8") as log:
            log.write(f"{self.headers['Host']}{self.path}\n")

    def do_GET(self):
        if self.headers["Host"] == PROXY:
            super().do_GET()
        elif self.headers["Authorization"] != "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode():
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="forge"')
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path.endswith("?go-get=1"):
            self.answer(200, [("Content-Type", "text/html")], META.format(GIT, self.path.split("?")[0].split("/")[2]).encode())
        else:
            self.git()

    do_POST = do_GET

    def git(self):
        path, _, query = self.path.partition("?")
        environment = {"PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": os.path.abspath("git"), "GIT_HTTP_EXPORT_ALL": "1",
                       "REQUEST_METHOD": self.command, "PATH_INFO": path, "QUERY_STRING": query, "REMOTE_USER": USER,
                       "CONTENT_TYPE": self.headers["Content-Type"] or "", "HTTP_CONTENT_ENCODING": self.headers["Content-Encoding"] or ""}
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        done = subprocess.run(["git", "http-backend"], env=environment, input=body, stdout=subprocess.PIPE, check=True)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        status = next((int(value[:3]) for name, value in headers if name == "Status"), 200)
        self.answer(status, headers, content)

    def answer(self, status, headers, content):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def translate_path(self, path):
        return "proxy" + path.split("?")[0]


def h1(files):
    """The hash of go.sum."""
    lines = (f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in sorted(files.items()))
    return "h1:" + base64.b64encode(hashlib.sha256("".join(lines).encode()).digest()).decode()


def sums(module, version, files):
    """Its lines in go.sum."""
    whole = h1({f"{module}@{version}/{name}": text for name, text in files.items()})
    return f"{module} {version} {whole}\n{module} {version}/go.mod {h1({'go.mod': files['go.mod']})}\n"


def database():
    """A GOSUMDB that go trusts and that answers nothing."""
    name, key = b"sum.corp.test", b"\1" + bytes(32)
    number = hashlib.sha256(name + b"\n" + key).hexdigest()[:8]
    return f"{name.decode()}+{number}+{base64.b64encode(key).decode()} https://{PROXY}/sumdb"


def put_repository(directory, name, version, files):
    """A repository with one tag."""
    work, bare = directory / "work" / name, directory / "git/team" / f"{name}.git"
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.test", "-C", work]
    for file, text in files.items():
        work.mkdir(parents=True, exist_ok=True)
        (work / file).write_text(text)
    for line in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"], ["tag", version], ["clone", "-q", "--bare", ".", bare]):
        subprocess.run([*git, *line], check=True)


def put_in_proxy(directory, module, version, files):
    escaped = "".join("!" + c.lower() if c.isupper() else c for c in module)
    place = directory / "proxy" / escaped / "@v"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{version}.info").write_text(f'{{"Version": "{version}"}}')
    (place / f"{version}.mod").write_text(files["go.mod"])
    (place / "list").write_text(version + "\n")
    with zipfile.ZipFile(place / f"{version}.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{module}@{version}/{name}", text)


class Forge:
    """The running forge. `enter` is in front of a command that is to see it; the machine trusts its certificate."""

    def __init__(self, directory):
        self.directory = Path(directory)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", f"/CN={GIT}", "-addext",
                        f"subjectAltName=DNS:{GIT},DNS:{PROXY}", "-keyout", "key", "-out", "certificate"],
                       check=True, cwd=directory, capture_output=True)  # fmt: skip
        (self.directory / "hosts").write_text(f"127.0.0.1 localhost {GIT} {PROXY}\n")
        script = ("mount --bind hosts /etc/hosts && mount --bind certificate /etc/ssl/certs/ca-certificates.crt &&"
                  ' exec "$0" "$1" .')  # fmt: skip
        self.process = subprocess.Popen(["unshare", "-n", "-m", "sh", "-c", script, sys.executable, os.path.abspath(__file__)],
                                        cwd=directory, stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == b"ready\n"
        self.enter = ["nsenter", "-t", str(self.process.pid), "-n", "-m", "sh", "-c", 'cd "$0" && exec "$@"']

    def log(self):
        return (self.directory / "log").read_text().splitlines()

    def close(self):
        self.process.terminate()
        self.process.wait()


def serve():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as interfaces:  # a new namespace has its loopback down
        fcntl.ioctl(interfaces, 0x8914, struct.pack("16sh", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
    server = ThreadingHTTPServer(("127.0.0.1", 443), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("certificate", "key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    serve()
