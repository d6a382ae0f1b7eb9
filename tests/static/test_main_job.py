"""The static program does its main job where there is nothing of the system that it was built on."""

import shutil

import pytest
import sdks
import server as server_support
from conftest import PLATFORM

NEW = "go1.26.10"
HELLO = """package main

import "fmt"

func main() { fmt.Println("hello from Alpine") }
"""


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    return server_support.make_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture
def mirror(tmp_path, certificate):
    """A server of one real release, by https."""
    root = sdks.mirror(tmp_path / "mirror", [sdks.official(NEW, PLATFORM)])
    with server_support.Server(root, certificate) as running:
        yield running


def make(root, mirror):
    line = ["make", "latest", "--profile", "minimal", "--target", "/stick", "--source", mirror.url]
    return root("/gopack", "--home", "/store", *line)


def test_in_an_empty_root(empty, mirror, certificate):
    refused = make(empty, mirror)
    assert refused.returncode != 0 and "SSL_CERT_FILE" in refused.stderr and not (empty.directory / "stick").exists()
    shutil.copy(certificate, empty.directory / "own.pem")
    empty.variables["SSL_CERT_FILE"] = "/own.pem"
    made = make(empty, mirror)
    assert made.returncode == 0, made.stderr
    empty.must("/gopack", "verify", "/stick")
    empty.variables["GOROOT"] = "/stick/current"  # which go asks /proc for
    assert f"go version {NEW} " in empty.must("/stick/current/bin/go", "version")


def test_as_on_alpine(alpine, mirror, certificate):
    """The system's authorities are found, and the stick builds and runs a program with the shell of busybox."""
    shutil.copy(certificate, alpine.directory / "etc/ssl/cert.pem")
    made = make(alpine, mirror)
    assert made.returncode == 0, made.stderr
    alpine.must("/gopack", "verify", "/stick")
    (alpine.directory / "home/hello").mkdir(parents=True)
    (alpine.directory / "home/hello/main.go").write_text(HELLO)
    for launcher in (["/bin/sh", "/stick/go.sh"], [f"/stick/go-{PLATFORM}"]):
        assert alpine.must(*launcher, "run", "/home/hello/main.go") == "hello from Alpine\n"


def test_other_authorities_are_refused(alpine, mirror, tmp_path):
    shutil.copy(server_support.make_certificate(tmp_path / "other.pem"), alpine.directory / "etc/ssl/cert.pem")
    refused = make(alpine, mirror)
    assert refused.returncode != 0 and "certificate" in refused.stderr and not (alpine.directory / "stick").exists()
