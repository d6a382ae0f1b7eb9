"""Trees as packs, and from there into other stores: signed, whole or by a delta, from a directory and from a web server."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import releases
from behaviours import cut, html, unavailable
from conftest import NEW, OLD, copy, fails
from files import overwrite
from server import Server


WHOLE, SMALL = NEW + "+full", NEW + "+minimal"  # a delta leads from one to the other


@pytest.fixture(scope="module")
def packer(gopack_in, prepared, tmp_path_factory):
    """A store with OLD, WHOLE and SMALL."""
    directory = tmp_path_factory.mktemp("packed")
    copy(prepared / "store", directory / "store")
    gopack = gopack_in(directory)
    gopack.must("trim", NEW, "--profile", "full")
    return gopack


@pytest.fixture(scope="module")
def packed(packer):
    """`packs` with all of them and the delta, signed by team.key; another key; the store they are from."""
    directory = packer.home.parent
    for name in ("team", "other"):
        packer.must("key", "new", directory / name)
    # Nothing of SMALL is new: comparing programs of noise takes minutes where each access to memory is watched.
    packer.must("pack", OLD, WHOLE, "-o", directory / "packs", "--sign", directory / "team.key")
    packer.must("pack", SMALL, "-o", directory / "packs", "--sign", directory / "team.key", "--delta-from", WHOLE)
    return directory


@pytest.fixture
def packs(packed, tmp_path):
    copy(packed / "packs", tmp_path / "packs")
    return tmp_path / "packs"


def descriptors(packs, kind):
    return [entry for entry in json.loads((packs / "index.json").read_text())["manifests"] if f".{kind}." in entry["artifactType"]]


def blob(packs, descriptor):
    return packs / "blobs/sha256" / descriptor["digest"].removeprefix("sha256:")


def layers(packs, artifact, kind):
    manifest = json.loads(blob(packs, artifact).read_text())
    return [blob(packs, layer) for layer in manifest["layers"] if kind in layer["mediaType"]]


def files_of(directory):
    return {path.relative_to(directory): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def id_of(gopack, selector):
    [tree] = gopack.must("--json", "list", selector).json["trees"]
    return tree["id"]


def test_a_pulled_tree_is_the_tree(gopack, packed):
    result = gopack.must("pull", packed / "packs", "--trust", packed / "team.pub")
    trees = [tree["id"] for tree in gopack.must("--json", "list").json["trees"]]
    assert len(trees) == 3 and re.search(r"^v_\w+ is current$", result.stdout, re.M)
    for tree in trees:
        assert files_of(gopack.home / tree) == files_of(packed / "store" / tree)
        assert (gopack.home / f"{tree}.json").read_bytes() == (packed / "store" / f"{tree}.json").read_bytes()
        for path in (packed / "store" / tree).rglob("*"):
            mine = gopack.home / tree / path.relative_to(packed / "store" / tree)
            assert (mine.stat().st_mode, path.is_dir() or mine.stat().st_mtime) == (path.stat().st_mode, path.is_dir() or path.stat().st_mtime)
    gopack.must("verify")
    assert not (gopack.home / ".gopack/incoming").exists()
    again = gopack.must("--json", "pull", packed / "packs", "--trust", packed / "team.pub").json
    assert [tree["was_there"] for tree in again["trees"]] == [True] * 3


def test_the_same_trees_give_the_same_bits(packer, packed, tmp_path):
    env = {"TZ": "Asia/Tokyo", "LC_ALL": "C"}
    first = packer.must("-j", "1", "pack", OLD, WHOLE, "-o", tmp_path / "one", "--sign", packed / "team.key", env=env)
    assert "Signed by the key" in first.stdout
    packer.must("pack", SMALL, "-o", tmp_path / "one", "--sign", packed / "team.key", "--delta-from", WHOLE, env=env)
    assert files_of(tmp_path / "one") == files_of(packed / "packs")


def test_a_layout_is_one_of_oci(packs):
    assert json.loads((packs / "oci-layout").read_text()) == {"imageLayoutVersion": "1.0.0"}
    for path in (packs / "blobs/sha256").iterdir():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    for entry in descriptors(packs, "tree") + descriptors(packs, "delta"):
        manifest = json.loads(blob(packs, entry).read_text())
        assert manifest["config"]["digest"] == "sha256:" + hashlib.sha256(b"{}").hexdigest()
        for layer in [manifest["config"], *manifest["layers"]]:
            assert blob(packs, layer).stat().st_size == layer["size"]
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", entry["annotations"]["org.opencontainers.image.ref.name"])
               for entry in descriptors(packs, "tree") + descriptors(packs, "delta"))


def test_a_delta_is_got_where_its_base_is_there(gopack, packed):
    trust = ["--trust", packed / "team.pub"]
    gopack.must("pull", packed / "packs", WHOLE, *trust)
    plan = gopack.must("--json", "pull", packed / "packs", SMALL, "--plan").json
    assert [tree["delta_from"] for tree in plan["trees"]] == [id_of(gopack, WHOLE)]
    pulled = gopack.must("--json", "pull", packed / "packs", SMALL, *trust).json["trees"][0]
    [delta] = descriptors(packed / "packs", "delta")
    assert pulled["delta_from"] == id_of(gopack, WHOLE)
    assert pulled["pulled_bytes"] == int(delta["annotations"]["vnd.gopack.bytes"])
    gopack.must("verify")
    assert files_of(gopack.home / pulled["id"]) == files_of(packed / "store" / pulled["id"])


def test_a_plan_writes_nothing(gopack, packed):
    plan = gopack.must("--json", "pull", packed / "packs", "--plan").json
    assert [tree["was_there"] for tree in plan["trees"]] == [False] * 3
    assert not gopack.home.exists()


def test_whom_to_trust(gopack, packed, tmp_path):
    packs = packed / "packs"
    refused = {
        "it is signed, and no key is trusted": [],
        "which is not trusted": ["--trust", packed / "other.pub"],
    }
    for words, trust in refused.items():
        result = fails(gopack, 3, "pull", packs, OLD, *trust)
        assert words in result.stderr and not list(gopack.home.glob("v_*"))
    key = (packed / "team.pub").read_text().splitlines()[1]
    gopack.must("pull", packs, OLD, "--trust", packed / "other.pub", "--trust", key)


def test_unsigned_trees_are_taken_only_when_told_so(gopack, packer, packed, tmp_path):
    packer.must("pack", OLD, "-o", tmp_path / "packs")
    for trust in ([], ["--trust", packed / "team.pub"]):
        assert "it is not signed" in fails(gopack, 3, "pull", tmp_path / "packs", *trust).stderr
    gopack.must("pull", tmp_path / "packs", "--allow-unsigned")
    gopack.must("verify")


def test_what_is_not_as_signed_is_refused(gopack, packed, packs):
    """Each blob is damaged in turn; nothing of a tree is left, and the words say what is wrong."""
    [old] = [entry for entry in descriptors(packs, "tree") if entry["annotations"]["vnd.gopack.release"] == "go" + OLD]
    targets = [blob(packs, old), *layers(packs, old, "tree.manifest"), *layers(packs, old, "pack.v1"), *layers(packs, old, "signature")]
    assert len(targets) > 4
    for path in targets:
        right = path.read_bytes()
        for wrong in (right[: len(right) // 2], right[:-9] + bytes([right[-9] ^ 1]) + right[-8:], b""):
            overwrite(path, wrong)
            fails(gopack, 3, "pull", packs, OLD, "--trust", packed / "team.pub")
            assert not list(gopack.home.glob("v_*"))
        overwrite(path, right)
    gopack.must("pull", packs, OLD, "--trust", packed / "team.pub")


def test_a_damaged_delta_is_no_reason_to_give_up(gopack, packed, packs):
    trust = ["--trust", packed / "team.pub"]
    gopack.must("pull", packs, WHOLE, *trust)
    [delta] = descriptors(packs, "delta")
    [data] = layers(packs, delta, "delta.data")
    overwrite(data, data.read_bytes()[:-20] + b"\0" * 20)
    result = gopack.must("pull", packs, SMALL, *trust)
    assert "cannot be used, so the whole tree is pulled" in result.stderr and "as packs" in result.stdout
    gopack.must("verify")


def test_a_damaged_base_is_no_reason_to_give_up(gopack, packed):
    trust = ["--trust", packed / "team.pub"]
    gopack.must("pull", packed / "packs", WHOLE, *trust)
    for path in (gopack.home / id_of(gopack, WHOLE)).rglob("*"):
        if path.is_file() and path.stat().st_size > 0:
            overwrite(path, b"x" * path.stat().st_size)
    gopack.must("pull", packed / "packs", SMALL, *trust)
    small = id_of(gopack, SMALL)
    assert files_of(gopack.home / small) == files_of(packed / "store" / small)


def test_pack_refuses_a_damaged_tree(gopack, store, tmp_path):
    overwrite(gopack.home / store.old / "VERSION", b"x" * (gopack.home / store.old / "VERSION").stat().st_size)
    assert "VERSION" in fails(gopack, 3, "pack", OLD, "-o", tmp_path / "packs").stderr
    assert not (tmp_path / "packs/index.json").exists()


def test_pack_refuses_a_directory_of_others(gopack, store, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/file").write_text("x")
    assert "is not an OCI image layout" in fails(gopack, 2, "pack", "-o", tmp_path / "mine").stderr
    assert os.listdir(tmp_path / "mine") == ["file"]


def rewrite(packs, entry, change):
    """Another manifest of an artifact, by its text, and the index that names it."""
    index = json.loads((packs / "index.json").read_text())
    text = change(blob(packs, entry).read_text()).encode()
    digest = hashlib.sha256(text).hexdigest()
    (packs / "blobs/sha256" / digest).write_bytes(text)
    for other in index["manifests"]:
        if other["digest"] == entry["digest"]:
            other |= {"digest": "sha256:" + digest, "size": len(text)}
    overwrite(packs / "index.json", json.dumps(index).encode())


@pytest.mark.parametrize(("key", "value"), [("release", "../../x"), ("release", "go1.21.3\nmore"), ("profile", "a\nb"), ("profile", "\x1b[31m"), ("platforms", "linux"),
                                            ("release", "go" + NEW), ("profile", "full"), ("platforms", "darwin/arm64"), ("stripped", "true")])  # fmt: skip
def test_an_index_that_lies_is_refused(gopack, packed, packs, key, value):
    index = json.loads((packs / "index.json").read_text())
    [entry] = [entry for entry in index["manifests"] if entry["annotations"].get("vnd.gopack.release") == "go" + OLD]
    entry["annotations"][f"vnd.gopack.{key}"] = value
    overwrite(packs / "index.json", json.dumps(index).encode())
    result = fails(gopack, 3, "pull", packs, entry["annotations"]["vnd.gopack.tree"], "--trust", packed / "team.pub")
    assert "\x1b" not in result.stderr and len(result.stderr.splitlines()) <= 2
    assert not list(gopack.home.glob("v_*"))


def test_one_of_several_signatures_is_enough(gopack, packer, packed, packs, tmp_path):
    packer.must("pack", OLD, "-o", tmp_path / "others", "--sign", packed / "other.key")
    [theirs] = descriptors(tmp_path / "others", "tree")
    [signature] = layers(tmp_path / "others", theirs, "signature")
    shutil.copy(signature, packs / "blobs/sha256")
    layer = next(layer for layer in json.loads(blob(tmp_path / "others", theirs).read_text())["layers"] if "signature" in layer["mediaType"])
    [old] = [entry for entry in descriptors(packs, "tree") if entry["annotations"]["vnd.gopack.release"] == "go" + OLD]

    def add(text):
        manifest = json.loads(text)
        manifest["layers"].append(layer)
        return json.dumps(manifest)

    rewrite(packs, old, add)
    for key in ("team.pub", "other.pub"):
        gopack.must("pull", packs, OLD, "--trust", packed / key)
        gopack.must("remove", OLD, "--force")


def test_a_layout_without_trees(gopack, tmp_path):
    (tmp_path / "index.json").write_text('{"schemaVersion": 2, "manifests": []}')
    assert "it has no tree" in fails(gopack, 4, "pull", tmp_path).stderr


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero"), lambda path: None])
def test_a_blob_that_is_not_a_file(gopack, packed, packs, make):
    [old] = [entry for entry in descriptors(packs, "tree") if entry["annotations"]["vnd.gopack.release"] == "go" + OLD]
    path = layers(packs, old, "pack.v1")[0]
    path.unlink()
    make(path)
    assert "there is no such file" in fails(gopack, 4, "pull", packs, OLD, "--trust", packed / "team.pub").stderr


def test_what_a_run_that_did_not_end_has_left_goes(packer, packed, packs):
    before = files_of(packs)
    (packs / "blobs/sha256" / ("0" * 64)).write_bytes(b"x")
    (packs / "blobs/sha256/.blob.01234567.tmp").write_bytes(b"x")
    (packs / "blobs/sha256/mine").write_bytes(b"x")
    packer.must("pack", OLD, "-o", packs, "--sign", packed / "team.key")
    (packs / "blobs/sha256/mine").unlink()
    assert files_of(packs) == before


def test_blobs_of_others_stay(packer, packed, packs):
    """An artifact of another program's, whose config is not a layer."""
    index = json.loads((packs / "index.json").read_text())
    config = hashlib.sha256(b"config").hexdigest()
    text = json.dumps({"schemaVersion": 2, "config": {"digest": f"sha256:{config}"}, "layers": []}).encode()
    names = [config, hashlib.sha256(text).hexdigest()]
    for name, content in zip(names, (b"config", text), strict=True):
        (packs / "blobs/sha256" / name).write_bytes(content)
    index["manifests"].append({"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": f"sha256:{names[1]}", "size": len(text)})
    overwrite(packs / "index.json", json.dumps(index).encode())
    packer.must("pack", OLD, "-o", packs, "--sign", packed / "team.key")
    assert all((packs / "blobs/sha256" / name).exists() for name in names)
    assert names[1] in (packs / "index.json").read_text()


def test_a_signature_by_another_key_takes_the_place_of_the_first(gopack, packer, packed, packs):
    packer.must("pack", OLD, WHOLE, "-o", packs, "--sign", packed / "other.key")
    packer.must("pack", SMALL, "-o", packs, "--sign", packed / "other.key", "--delta-from", WHOLE)
    packer.must("pack", OLD, "-o", packs, "--sign", packed / "other.key")
    names = {layer["digest"] for kind in ("tree", "delta") for entry in descriptors(packs, kind) for layer in json.loads(blob(packs, entry).read_text())["layers"]}
    kept = {f"sha256:{path.name}" for path in (packs / "blobs/sha256").iterdir()}
    assert len(kept) == len(names) + 4 + 1  # with manifests and the empty config
    gopack.must("pull", packs, "--trust", packed / "other.pub")


def test_times_from_before_version_says_them(gopack, gopack_in, tmp_path):
    """VERSION of 1.18 has no time, so all files have that of VERSION in the archive."""
    releases.write_mirror(tmp_path / "mirror", ["1.18.2"], ["linux-amd64"])
    (tmp_path / "builder").mkdir()
    builder = gopack_in(tmp_path / "builder")
    builder.must("fetch", "1.18.2", "-p", "linux/amd64", "--source", tmp_path / "mirror")
    builder.must("trim")
    builder.must("pack", "-o", tmp_path / "packs")
    gopack.must("pull", tmp_path / "packs", "--allow-unsigned")
    [tree] = gopack.home.glob("v_????????????????")
    for path in tree.rglob("*"):
        if path.is_file():
            assert path.stat().st_mtime == (builder.home / path.relative_to(gopack.home)).stat().st_mtime


def test_from_a_web_server(gopack, packed, packs):
    """Errors that pass are waited for, a cut blob is gone on with, and a page in place of a blob is refused."""
    [old] = [entry for entry in descriptors(packs, "tree") if entry["annotations"]["vnd.gopack.release"] == "go" + OLD]
    pack = max(layers(packs, old, "pack.v1"), key=lambda path: path.stat().st_size)
    with Server(packs) as server:
        path = f"/blobs/sha256/{pack.name}"
        server.behave("/index.json", unavailable())
        server.behave(path, cut(pack.stat().st_size // 2))
        gopack.must("pull", server.url, OLD, "--trust", packed / "team.pub")
        assert [request.headers.get("Range") for request in server.requests if request.path == path][1].startswith("bytes=")
        gopack.must("verify")
        assert not (gopack.home / ".gopack/incoming").exists()
    with Server(packs) as server:
        server.behave("/index.json", html())
        assert "cannot read an OCI document" in fails(gopack, 3, "pull", server.url, NEW, "--trust", packed / "team.pub").stderr


def test_an_update_takes_six_requests_at_most(gopack, packed):
    trust = ["--trust", packed / "team.pub"]
    gopack.must("pull", packed / "packs", WHOLE, *trust)
    with Server(packed / "packs") as server:
        gopack.must("pull", server.url, SMALL, *trust)
        assert len(server.requests) <= 6


def test_an_interrupted_pull_goes_on(gopack, packed, packs):
    [old] = [entry for entry in descriptors(packs, "tree") if entry["annotations"]["vnd.gopack.release"] == "go" + OLD]
    pack = max(layers(packs, old, "pack.v1"), key=lambda path: path.stat().st_size)
    trust = ["--trust", packed / "team.pub"]
    with Server(packs) as server:
        path = f"/blobs/sha256/{pack.name}"
        half = pack.stat().st_size // 2
        server.behave(path, *[cut(half)] + [unavailable()] * 9)
        fails(gopack, 4, "--timeout", "5", "pull", server.url, OLD, *trust, env={})
        assert not list(gopack.home.glob("v_*"))
        parts = {part.name: part.stat().st_size for part in (gopack.home / ".gopack/incoming").iterdir()}
        assert parts[f"{pack.name}.part"] == half
        gopack.must("gc", "--dry-run")
        server.behave(path)
        gopack.must("pull", server.url, OLD, *trust)
    gopack.must("verify")


def test_gc_drops_what_an_interrupted_pull_has_left(gopack, store):
    (gopack.home / ".gopack/incoming").mkdir()
    (gopack.home / ".gopack/incoming/a.part").write_bytes(b"x" * 1000)
    gopack.must("gc")
    assert not (gopack.home / ".gopack/incoming").exists()


def test_keys(gopack, tmp_path):
    gopack.must("key", "new", tmp_path / "k")
    assert (tmp_path / "k.key").stat().st_mode & 0o777 == 0o600
    before = (tmp_path / "k.key").read_bytes()
    assert gopack("key", "new", tmp_path / "k").status != 0
    assert (tmp_path / "k.key").read_bytes() == before
    public = subprocess.run(["openssl", "pkey", "-in", tmp_path / "k.key", "-pubout"], check=True, capture_output=True).stdout
    assert public == (tmp_path / "k.pem").read_bytes()
    for wrong in (tmp_path / "k.pem", tmp_path / "k.pub"):
        assert "cannot read a secret key" in fails(gopack, 2, "pack", "-o", tmp_path / "p", "--sign", wrong).stderr


@pytest.mark.skipif(not shutil.which("minisign"), reason="minisign is not there")
def test_minisign_agrees(packed, tmp_path):
    packs = packed / "packs"
    for entry in descriptors(packs, "tree"):
        [signature] = layers(packs, entry, "signature")
        manifest = packed / "store" / (entry["annotations"]["vnd.gopack.tree"] + ".json")
        command = ["minisign", "-V", "-H", "-p", packed / "team.pub", "-m", manifest, "-x", signature]
        assert f"tree={manifest.stem}" in subprocess.run(command, check=True, capture_output=True, text=True).stdout
        text = tmp_path / "changed"
        text.write_bytes(manifest.read_bytes() + b"\n")
        assert subprocess.run([*command[:6], text, "-x", signature], capture_output=True).returncode != 0


def test_provenance_is_signed_as_sigstore_has_it(packed, tmp_path):
    """The DSSE envelope of the bundle, checked by OpenSSL."""
    import base64

    for entry in descriptors(packed / "packs", "tree"):
        [path] = layers(packed / "packs", entry, "sigstore")
        envelope = json.loads(path.read_text())["dsseEnvelope"]
        payload = base64.b64decode(envelope["payload"])
        assert json.loads(payload)["subject"][0]["name"] == entry["annotations"]["vnd.gopack.tree"]
        kind = envelope["payloadType"].encode()
        (tmp_path / "pae").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
        (tmp_path / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", packed / "team.pem", "-rawin", "-in", tmp_path / "pae", "-sigfile", tmp_path / "sig"]
        subprocess.run(command, check=True, capture_output=True)
