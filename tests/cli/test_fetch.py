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
    line = fetched.command(["fetch", "1.21..1.22", "-p", "linux/amd64", "--source", mirror])
    watched = ["strace", "-f", "-qq", "-o", trace, "-e", "trace=openat", *line]
    environment = fetched.environment(ASAN_OPTIONS="detect_leaks=0")  # which a traced process cannot do
    done = subprocess.run(watched, env=environment, cwd=fetched.work, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    opened = re.findall(r'openat\(\d+, "(go[^"]*\.tar\.gz\.json)"', "\n".join(strace.read_trace(trace)))
    assert sorted(opened) == [f"go{version}.{PLATFORM}.tar.gz.json" for version in (OLD, NEW)]


def test_a_source_is_asked_for_its_list_once(gopack, server, mirror_url):
    """Also where it is asked before there is a store."""
    gopack.must("fetch", NEW, "-p", "linux/amd64", "--source", mirror_url)
    assert len(server.requests_of("/index.json")) == 1


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


NOWHERE = "http://127.0.0.1:1"


@pytest.mark.parametrize(("selector", "sources", "options", "status"), [
    ("1.99", ["{mirror}"], [], 4),
    ("nonsense", ["{mirror}"], [], 2),
    (NEW, ["{mirror}"], ["-p", "plan9/mips"], 2),
    (NEW, ["{mirror}"], ["-p", "darwin/arm64"], 4),
    ("latest", [NOWHERE], [], 4),
    ("latest", ["{mirror}"], ["--offline", "--source", "official", "-p", "linux/amd64"], 4),
    ("latest", ["goproxy"], [], 4),
    ("latest", ["{mirror}", NOWHERE], ["--update-lock"], 2),
])  # fmt: skip
def test_no_store_is_made_for_what_cannot_be_fetched(gopack, mirror_url, selector, sources, options, status):
    named = [word for source in sources for word in ("--source", source.format(mirror=mirror_url))]
    result = gopack("fetch", selector, *named, *options)
    assert result.status == status and result.stderr.count("gopack: ") == 1, result.stderr
    assert not gopack.home.exists()
    gopack.must("fetch", NEW, "-p", "linux/amd64", "--source", mirror_url)
    is_fetched = "--offline" in options  # then what is there is chosen from
    assert gopack("fetch", selector, *named, *options).status == (0 if is_fetched else status)
    assert [path.name for path in gopack.downloads.glob("*.gz")] == [releases.archive_name(NEW, PLATFORM)]


def test_a_source_that_stands_in_for_another_is_noted_once(gopack, mirror_url):
    result = gopack.must("fetch", "latest", "-p", "linux/amd64", "--source", NOWHERE, "--source", mirror_url)
    assert result.stderr.count("going on with") == 1


@pytest.mark.parametrize(("setting", "said"), [
    ("", "GOPROXY is not set, and no go command in PATH says what it is"),
    ("off", "GOPROXY has only off or direct, and no proxy that can be asked"),
    ("direct", "GOPROXY has only off or direct, and no proxy that can be asked"),
])  # fmt: skip
def test_why_no_proxy_can_be_asked(gopack, tmp_path, setting, said):
    refused = gopack("--json", "fetch", "latest", "--source", "goproxy", env={"GOPROXY": setting, "PATH": str(tmp_path)})
    assert refused.status == 4 and said in refused.error["message"] and "--source goproxy+URL" in refused.error["hint"]
