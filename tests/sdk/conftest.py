"""Stores with real SDKs, laid out once a session, and what it takes to use them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import sdks  # noqa: E402


class Runner:
    """Runs gopack on one store, with nothing else inherited."""

    def __init__(self, binary, home):
        self.binary = binary
        self.home = home

    def __call__(self, *arguments, **environment):
        given = {"PATH": "/usr/bin:/bin", "HOME": str(self.home.parent), "GOPACK_HOME": str(self.home), "GOPROXY": "off"}
        return subprocess.run([self.binary, *map(str, arguments)], env=given | environment, cwd=self.home.parent,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)  # fmt: skip

    def must(self, *arguments, **environment):
        done = self(*arguments, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done


@pytest.fixture(scope="session")
def runner(gopack_binary):
    return lambda home: Runner(gopack_binary, home)


@pytest.fixture(scope="session")
def file_proxy():
    """The environment in which toolchain modules, and the checksum database, come from the proxy on disk.

    The database is the one that the go command of this machine uses. What the go command has not needed of it, such as
    a proof from one old tree head to another, comes from this machine's own proxy.
    """
    for platform in ("linux-amd64", "windows-amd64", "darwin-arm64"):
        sdks.module_zip("go1.26.10", platform)
    asked = subprocess.run(["go", "env", "GOSUMDB", "GOPROXY"], capture_output=True, text=True, check=True, cwd=sdks.CACHE,
                           env=dict(os.environ, GOTOOLCHAIN="local"))  # fmt: skip
    gosumdb, goproxy = asked.stdout.split("\n")[:2]
    return {"GOPROXY": f"{sdks.PROXY.as_uri()},{goproxy}", "GOSUMDB": gosumdb}


class Sdk:
    """A tree of a store; its go commands see only what they are given."""

    def __init__(self, root, work, cache):
        self.root = root
        self.work = work
        self.cache = cache

    def go(self, *arguments, cwd=None, **more):
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.work), "GOROOT": str(self.root), "GOTOOLCHAIN": "local",
                       "GOCACHE": str(self.cache), "GOPATH": str(self.work / "gopath"), "GOPROXY": "off", "GOENV": "off",
                       "GO111MODULE": "on", "GOTELEMETRY": "off"}  # fmt: skip
        return subprocess.run([self.root / "bin/go", *map(str, arguments)], env=environment | more, cwd=cwd or self.work,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)  # fmt: skip

    def must(self, *arguments, **more):
        done = self.go(*arguments, **more)
        assert done.returncode == 0, f"go {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}"
        return done
