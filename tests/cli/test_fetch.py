"""What `fetch` opens and asks: no more than what it needs, whatever the rest of the settings says."""

import os
import re
import signal
import subprocess

import pytest
import releases
import strace
from conftest import NEW, OLD

PLATFORM = "linux-amd64"


@pytest.fixture
def mirror_url(server):
    releases.write_mirror(server.root, [OLD, NEW], [PLATFORM])
    return server.url


def test_each_record_is_read_once(fetched, mirror, tmp_path):
    trace = tmp_path / "trace"
    line = [fetched.binary, "fetch", "1.21..1.22", "-p", "linux/amd64", "--source", mirror]
    watched = ["strace", "-f", "-qq", "-o", trace, "-e", "trace=openat", *line]
    environment = fetched.environment(ASAN_OPTIONS="detect_leaks=0")  # which a traced process cannot do
    done = subprocess.run(watched, env=environment, cwd=fetched.work, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    opened = re.findall(r'openat\(\d+, "(go[^"]*\.tar\.gz\.json)"', "\n".join(strace.read_trace(trace)))
    assert sorted(opened) == [f"go{version}.{PLATFORM}.tar.gz.json" for version in (OLD, NEW)]


@pytest.fixture
def asked(tmp_path):
    """A directory with a `go` that notes what it is asked."""
    (tmp_path / "bin").mkdir()
    go = tmp_path / "bin/go"
    go.write_text(f'#!/bin/sh\necho "$*" >>"{tmp_path}/asked"\n')
    go.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("selector", [NEW, "latest"])
def test_settings_of_a_source_that_is_not_needed_do_no_harm(gopack, mirror_url, asked, selector):
    settings = {"GOPROXY": "https://:port/", "PATH": f"{asked}/bin:/usr/bin:/bin"}
    gopack.must("fetch", selector, "-p", "linux/amd64", "--source", mirror_url, "--source", "goproxy", env=settings)
    assert not (asked / "asked").exists()


def test_a_check_of_a_signature_ends_with_gopack(gopack, mirror, tmp_path):
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    (tmp_path / "bin").mkdir()
    gpgv = tmp_path / "bin/gpgv"
    gpgv.write_text(f"#!/bin/sh\necho >'{begun}'\nexec sleep 600 >&-\n")
    gpgv.chmod(0o755)
    (tmp_path / "key").write_bytes(b"key")
    (mirror / f"{releases.archive_name(NEW, PLATFORM)}.asc").write_text("-----BEGIN PGP SIGNATURE-----\n")
    signing = ("--require", "signature", "--signing-key", tmp_path / "key")
    line = ("fetch", NEW, "-p", "linux/amd64", "--source", mirror, *signing)
    running = gopack.start(*line, env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"})
    begun.read_text()
    running.send_signal(signal.SIGTERM)
    assert running.communicate()[0] == "" and running.returncode == 130
