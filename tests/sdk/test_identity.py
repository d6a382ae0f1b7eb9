"""One release is one tree, wherever it comes from; and a copy that is not the release is refused."""

import contextlib
import json
import threading
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sdks

RELEASE, PLATFORM = "go1.26.10", "linux-amd64"
WAYS = ["tar.gz", "zip", "module", "mirror"]


@contextlib.contextmanager
def serving(directory):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=directory))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(gopack, source, *options, **environment):
    return gopack("--json", "fetch", RELEASE, "-p", "linux/amd64", "--source", source, *options, **environment)


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """A mirror directory with the release as .tar.gz, and one with it as .zip."""
    base = tmp_path_factory.mktemp("archives")
    made = {ending: sdks.official(RELEASE, PLATFORM, ending) for ending in ("tar.gz", "zip")}
    return {ending: sdks.mirror(base / ending, [archive]) for ending, archive in made.items()}


def test_every_way_gives_the_same_tree(archives, runner, file_proxy, tmp_path):
    ids = {}
    for way in WAYS:
        gopack = runner(tmp_path / way)
        with contextlib.ExitStack() as stack:
            if way == "module":
                done = fetch(gopack, "goproxy", **file_proxy)
            elif way == "mirror":
                done = fetch(gopack, stack.enter_context(serving(archives["tar.gz"])))
            else:
                done = fetch(gopack, archives[way])
        assert done.returncode == 0, done.stdout + done.stderr
        [archive] = json.loads(done.stdout)["archives"]
        assert archive["file"].endswith("tar.gz" if way in ("tar.gz", "mirror") else "zip")
        [tree] = json.loads(gopack.must("--json", "trim", "--profile", "standard").stdout)["trees"]
        ids[way] = tree["id"]
    assert len(set(ids.values())) == 1, ids


def test_the_checksum_database_knows_the_official_archive(archives, runner, file_proxy, tmp_path):
    for ending, mirror in archives.items():
        done = fetch(runner(tmp_path / ending), mirror, "--require", "sumdb", **file_proxy)
        assert done.returncode == 0, done.stdout + done.stderr
        [archive] = json.loads(done.stdout)["archives"]
        assert file_proxy["GOSUMDB"] in archive["verified_by"]


def test_the_checksum_database_unmasks_a_changed_archive(runner, file_proxy, tmp_path):
    """One byte of one file, packed again and with a digest to match."""
    changed = tmp_path / "changed" / f"{RELEASE}.{PLATFORM}.zip"
    changed.parent.mkdir()
    with zipfile.ZipFile(sdks.official(RELEASE, PLATFORM, "zip")) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == "go/src/fmt/print.go":
                content = content.replace(b"Copyright", b"copyright", 1)
            new.writestr(entry, content, zipfile.ZIP_DEFLATED, 1)
    gopack = runner(tmp_path / "store")
    done = fetch(gopack, sdks.mirror(tmp_path / "mirror", [changed]), "--require", "sumdb", **file_proxy)
    assert done.returncode == 3, done.stdout
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "integrity" and changed.name in error["message"] and "h1:" in error["message"]
    assert not list((tmp_path / "store/downloads").iterdir())


MODULES = [(f"go1.{minor}", "linux/amd64") for minor in ("18.10", "19.13", "20.14", "21.13", "22.12", "23.12")] + [
    (RELEASE, platform) for platform in ("linux/amd64", "windows/amd64", "darwin/arm64")
]


def test_nine_modules_from_an_empty_state(runner, file_proxy, tmp_path):
    """The first look-up takes the signed tree head on trust in its key; each later one must agree with it."""
    gopack = runner(tmp_path / "store")
    for release, platform in MODULES:
        sdks.module_zip(release, platform.replace("/", "-"))
        line = ["--json", "--durability", "fast", "fetch", release, "-p", platform, "--source", "goproxy"]
        [archive] = json.loads(gopack.must(*line, **file_proxy).stdout)["archives"]
        assert (archive["release"], archive["platform"]) == (release, platform)
        assert file_proxy["GOSUMDB"] in archive["verified_by"]
    assert list((tmp_path / "store/.gopack/sumdb").rglob("*"))


def test_a_module_is_not_accepted_when_the_database_is_off(runner, file_proxy, tmp_path):
    done = fetch(runner(tmp_path / "store"), "goproxy", **(file_proxy | {"GOSUMDB": "off"}))
    assert done.returncode == 3 and "GOSUMDB" in json.loads(done.stdout)["error"]["hint"]
