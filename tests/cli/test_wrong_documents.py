"""Documents that are sound JSON or YAML and something else than what is expected: gopack says so in its own words."""

import re

import pytest
from conftest import NEW, OLD

JSON = [
    "", "nonsense", "null", "true", "7", '"text"', "[]", "[7]", "[[]]", "[null]", '[{"files": 7}]', '[{"files": [{"kind": 7}]}]',
    '[{"files": [{"kind": "archive", "filename": 7}]}]', '[{"version": "go1.22.5"}]', "{}", '{"schema": "1"}', '{"schema": 1}',
    '{"schema": 1, "archives": {}}', '{"schema": 1, "archives": [7]}', '{"schema": 1, "archives": [{"file": []}]}',
    '{"schema": 1, "sources": [7]}', '{"schema": 1, "sources": {"a": {"go1.22.5": [7]}}}', '{"schema": 1, "checks": 7, "host": 7}',
    '{"schema": 1, "checks": [{"result": 7}]}', '{"schema": 1, "release": 7, "platforms": {}}', '{"schema": 1, "file": {}}',
]  # fmt: skip
YAML = ["7", "[]", "- 7", "a: [", "name: [7]", "? [a]\n: b", "require: {a: b}", "rules: 7", "name: x\nrules: {a: b}", "source: [[]]", "*x"]
FOREIGN = re.compile(r"exception|nlohmann|json\.|yaml-cpp|type_error|parse_error|std::|bad_|libarchive|Truncated|terminate")


def outcome(result):
    """What the user reads; the program has ended as it should."""
    assert 0 <= result.status <= 7, result.stderr
    text = result.stdout + result.stderr
    assert not FOREIGN.search(text.replace(".json", "")), text
    return text


def places(store, mirror):
    """What is read, and a command that reads it."""
    downloads, trees = store.gopack.downloads, store.home
    archive = f"go{NEW}.linux-amd64.tar.gz"
    fetch = ("fetch", "latest", "-p", "linux/amd64", "--source", mirror)
    yield mirror / "index.json", fetch
    yield downloads / f"{archive}.json", fetch
    yield store.gopack.work / "gopack.lock", fetch
    yield trees / ".gopack/newest.json", fetch
    yield trees / f"{store.new}.json", ("list",)
    yield trees / f"{store.new}.proof.json", ("verify", store.new)


@pytest.mark.parametrize("place", range(6))
def test_json(store, mirror, place):
    path, command = list(places(store, mirror))[place]
    for text in JSON:
        path.unlink(missing_ok=True)
        path.write_text(text)
        outcome(store.gopack(*command))


def test_indexes_of_servers(gopack, server):
    for text in JSON:
        (server.root / "index.json").write_text(text)
        outcome(gopack("list", "--remote", "--source", server.url))


def test_a_directory_listing_in_json(gopack, server, releases):
    archives = releases.write_mirror(server.root, [OLD, NEW], ["linux-amd64"], with_index=False)
    entries = ", ".join(f'{{"name": "{one.filename}", "type": "file", "size": {one.size}}}' for one in archives)
    (server.root / "index.json").write_text(f'[{{"name": "old", "type": "directory"}}, {entries}]')
    gopack.must("fetch", "latest", "-p", "linux/amd64", "--source", server.url)


def test_yaml(store):
    for text in YAML:
        (store.gopack.work / "gopack.yaml").write_text(text)
        outcome(store.gopack("list"))
    (store.gopack.work / "gopack.yaml").unlink()
    for text in YAML:
        (store.gopack.work / "mine.yaml").write_text(text)
        assert "mine.yaml" in outcome(store.gopack("profile", "check", "./mine.yaml"))


@pytest.mark.parametrize("name", [f"go{NEW}.linux-amd64.tar.gz", f"go{NEW}.windows-amd64.zip"])
def test_archives(gopack, releases, tmp_path, name):
    platform = "windows/amd64" if name.endswith("zip") else "linux/amd64"
    [archive] = releases.write_mirror(tmp_path / "mirror", [NEW], [platform.replace("/", "-")])
    whole = archive.path.read_bytes()
    for data in (whole[:1000], whole[:-1000], b"", b"PK\3\4" * 100, b"\x1f\x8b\x08\0" + b"x" * 1000):
        archive.path.write_bytes(data)
        for beside in (tmp_path / "mirror").glob("*.sha256"):
            beside.unlink()
        (tmp_path / "mirror/index.json").unlink(missing_ok=True)
        text = outcome(gopack("fetch", NEW, "-p", platform, "--source", tmp_path / "mirror", "--allow-unverified"))
        text += outcome(gopack("trim", NEW, "--profile", "minimal"))
        assert text
