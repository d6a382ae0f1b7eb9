"""Packs in registries and other directories: published, pulled again, cut, contested, with users and without."""

import base64
import hashlib
import json
import os
import stat
import threading

import pytest
from behaviours import plain, redirect, status, unavailable
from conftest import NEW, OLD, copy, fails
from registry import HTPASSWD, PASSWORD, USER, Nginx, Registry, TokenService, Wire, basic
from server import Server

REPOSITORY = "tools/go"
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


@pytest.fixture(scope="module")
def packed(gopack_in, prepared, tmp_path_factory):
    """`packs` with OLD, NEW and the delta between them; `old` with OLD alone; all signed by team.key."""
    directory = tmp_path_factory.mktemp("packed")
    copy(prepared / "store", directory / "store")
    gopack = gopack_in(directory)
    gopack.must("trim", NEW, "--profile", "full")
    gopack.must("key", "new", directory / "team")
    signed = ["--sign", directory / "team.key"]
    gopack.must("pack", OLD, "-o", directory / "old", *signed)
    gopack.must("pack", NEW + "+full", "-o", directory / "packs", *signed)
    gopack.must("pack", NEW + "+minimal", "-o", directory / "packs", "--delta-from", NEW + "+full", *signed)
    return directory


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    with Registry(tmp_path_factory.mktemp("registry")) as running:
        yield running


def index_of(registry, name=REPOSITORY):
    return json.loads(registry.get(f"{name}/manifests/latest", INDEX))["manifests"]


def refs_of(descriptors):
    return {entry["annotations"]["org.opencontainers.image.ref.name"] for entry in descriptors}


def layout_of(packs):
    return json.loads((packs / "index.json").read_text())["manifests"]


def test_what_is_published_is_pulled(gopack, packed, registry):
    to = registry.repository(REPOSITORY)
    first = gopack.must("--json", "publish", packed / "packs", "--to", to).json
    assert first["to"] == to + ":latest" and len(first["trees"]) == 2 and index_of(registry) == layout_of(packed / "packs")
    assert [set(delta) for delta in first["deltas"]] == [{"from", "to", "sha256", "sent_blobs", "sent_bytes"}]
    assert sum(one["sent_blobs"] for one in first["trees"] + first["deltas"]) > 3
    for entry in layout_of(packed / "packs"):
        ref = entry["annotations"]["org.opencontainers.image.ref.name"]
        manifest = registry.get(f"{REPOSITORY}/manifests/{ref}", MANIFEST)
        assert "sha256:" + hashlib.sha256(manifest).hexdigest() == entry["digest"]

    plan = gopack.must("--json", "pull", to, NEW + "+full", "--plan").json
    assert not gopack.home.exists() and [tree["was_there"] for tree in plan["trees"]] == [False]
    gopack.must("pull", to, NEW + "+full", "--trust", packed / "team.pub")
    before = len(registry.requests())
    pulled = gopack.must("--json", "pull", to, NEW + "+minimal", "--trust", packed / "team.pub", "--use").json
    assert pulled["trees"][0]["delta_from"] and len(registry.requests()) - before <= 6
    gopack.must("verify")
    for tree in gopack.must("--json", "list").json["trees"]:
        assert (gopack.home / f"{tree['id']}.json").read_bytes() == (packed / "store" / f"{tree['id']}.json").read_bytes()


def test_nothing_is_sent_twice(gopack, packed, registry):
    to = registry.repository("twice")
    gopack.must("publish", packed / "packs", "--to", to)
    before = len(registry.requests())
    again = gopack.must("--json", "publish", packed / "packs", "--to", to).json
    assert {one["sent_bytes"] for one in again["trees"] + again["deltas"]} == {0}
    assert {request.split()[0] for request in registry.requests()[before:]} == {"GET", "HEAD"}


def test_what_others_have_published_stays(gopack, packed, registry):
    to = registry.repository("shared/by-two")
    gopack.must("publish", packed / "packs", "--to", to)
    gopack.must("publish", packed / "old", "--to", to)
    assert refs_of(index_of(registry, "shared/by-two")) == refs_of(layout_of(packed / "packs") + layout_of(packed / "old"))
    gopack.must("pull", to, "--trust", packed / "team.pub")
    assert len(gopack.must("--json", "list").json["trees"]) == 3


def test_an_index_that_lost_a_tree_gets_it_back(gopack, packed, registry):
    """Another publisher has written an index without it, and ended before it looked again."""
    to = registry.repository("lost")
    gopack.must("publish", packed / "packs", "--to", to)
    before = registry.get("lost/manifests/latest", INDEX)
    gopack.must("publish", packed / "old", "--to", to)
    registry.put("lost/manifests/latest", before, INDEX)
    assert refs_of(index_of(registry, "lost")) == refs_of(layout_of(packed / "packs"))
    gopack.must("publish", packed / "packs", "--to", to)
    assert refs_of(index_of(registry, "lost")) == refs_of(layout_of(packed / "packs") + layout_of(packed / "old"))


def test_an_index_of_its_own_has_its_own_trees(gopack, packed, registry):
    gopack.must("publish", packed / "packs", "--to", registry.repository("teams"))
    gopack.must("publish", packed / "old", "--to", registry.repository("teams:team-b"))
    assert refs_of(json.loads(registry.get("teams/manifests/team-b", INDEX))["manifests"]) == refs_of(layout_of(packed / "old"))
    assert refs_of(index_of(registry, "teams")) == refs_of(layout_of(packed / "packs"))
    gopack.must("pull", registry.repository("teams:team-b"), "--trust", packed / "team.pub")


def test_what_is_not_gopacks_stays_as_it_is(gopack, packed, registry):
    """In an index: images for platforms. Under tags: whatever it is."""
    gopack.must("publish", packed / "old", "--to", registry.repository("foreign"))
    [entry] = layout_of(packed / "old")
    image = registry.get(f"foreign/manifests/{entry['digest']}", MANIFEST).replace(b"vnd.gopack.tree.v1+json", b"vnd.example.image")
    registry.put("foreign/manifests/v_0123456789abcdef", image, MANIFEST)
    digest = "sha256:" + hashlib.sha256(image).hexdigest()
    others = {"mediaType": MANIFEST, "digest": digest, "size": len(image), "platform": {"os": "linux", "architecture": "arm64"}}
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [others]}
    registry.put("foreign/manifests/latest", json.dumps(index).encode(), INDEX)
    gopack.must("publish", packed / "packs", "--to", registry.repository("foreign"))
    found = index_of(registry, "foreign")
    assert [one for one in found if one["digest"] == digest] == [others]
    assert refs_of(one for one in found if one["digest"] != digest) == refs_of(layout_of(packed / "packs") + layout_of(packed / "old"))
    gopack.must("pull", registry.repository("foreign"), "--trust", packed / "team.pub")
    refused = fails(gopack, 2, "publish", packed / "old", "--to", registry.repository("foreign:v_0123456789abcdef"))
    assert "not an index" in refused.stderr and "another tag" in refused.stderr


def test_publishers_at_the_same_time_lose_nothing(gopack, packed, registry):
    for attempt in range(3):
        name = f"contested/{attempt}"
        results = []

        def publish(packs, name=name, results=results):
            results.append(gopack("publish", packed / packs, "--to", registry.repository(name)))

        threads = [threading.Thread(target=publish, args=(packs,)) for packs in ("packs", "old") * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [result.status for result in results] == [0] * 4, [result.stderr for result in results]
        assert refs_of(index_of(registry, name)) == refs_of(layout_of(packed / "packs") + layout_of(packed / "old"))


def test_a_cut_anywhere_is_gone_on_with(gopack, packed, registry):
    """While sending and while getting, in one connection after the other."""
    step = 48 << 10
    size = sum(path.stat().st_size for path in (packed / "old").rglob("*") if path.is_file())
    assert size > 2 * step
    with Wire(registry.port) as wire:
        for number, up in enumerate(range(100, size + step, step)):
            wire.limits = [(up, None)]
            gopack.must("-j", "1", "publish", packed / "old", "--to", registry.repository(f"cut/up-{number}", wire.port))
            assert refs_of(index_of(registry, f"cut/up-{number}")) == refs_of(layout_of(packed / "old"))
        assert wire.cuts >= size // step
        for number, down in enumerate(range(100, size, step)):
            wire.limits = [(None, down)]
            target = gopack.home.parent / f"cut-{number}"
            gopack.must("--home", target, "-j", "1", "pull", registry.repository("cut/up-0", wire.port), "--trust", packed / "team.pub")
            gopack.must("--home", target, "verify")
        assert wire.cuts >= 2 * (size // step)


def test_a_pull_that_was_given_up_goes_on_inside_a_blob(gopack, packed, registry):
    to = "resumed"
    gopack.must("publish", packed / "old", "--to", registry.repository(to))
    [entry] = layout_of(packed / "old")
    manifest = json.loads(registry.get(f"{to}/manifests/{entry['digest']}", MANIFEST))
    largest = max(layer["size"] for layer in manifest["layers"])
    with Wire(registry.port) as wire:
        wire.limits = [(None, largest // 2)] + [(None, 0)] * 20
        arguments = ["-j", "1", "pull", registry.repository(to, wire.port), "--trust", packed / "team.pub"]
        fails(gopack, 4, *arguments)
        wire.limits = []
        parts = [path.stat().st_size for path in (gopack.home / ".gopack/incoming").glob("*.part")]
        assert any(0 < size < largest for size in parts), parts
        gopack.must(*arguments)
    gopack.must("verify")


def test_a_damaged_layout_is_not_published(gopack, packed, registry, tmp_path):
    copy(packed / "old", tmp_path / "old")
    blob = max((tmp_path / "old/blobs/sha256").iterdir(), key=lambda path: path.stat().st_size)
    blob.write_bytes(blob.read_bytes()[:-1] + b"\0")
    result = fails(gopack, 3, "publish", tmp_path / "old", "--to", registry.repository("damaged"))
    assert blob.name in result.stderr and "pack the trees again" in result.stderr
    fails(gopack, 4, "pull", registry.repository("damaged"))
    blob.unlink()
    assert "missing or damaged" in fails(gopack, 3, "publish", tmp_path / "old", "--to", registry.repository("damaged")).stderr
    assert "has no index.json" in fails(gopack, 2, "publish", tmp_path, "--to", registry.repository("damaged")).stderr


def test_into_a_directory(gopack, packed, tmp_path):
    to = tmp_path / "www"
    gopack.must("publish", packed / "old", "--to", to)
    again = gopack.must("--json", "publish", packed / "packs", "--to", to).json
    assert sum(tree["sent_blobs"] for tree in again["trees"]) > 0
    assert refs_of(layout_of(to)) == refs_of(layout_of(packed / "packs") + layout_of(packed / "old"))
    again = gopack.must("--json", "publish", packed / "packs", "--to", to).json
    assert {one["sent_blobs"] for one in again["trees"] + again["deltas"]} == {0}
    with Server(to) as server:
        gopack.must("pull", server.url, "--trust", packed / "team.pub")
    gopack.must("verify")
    assert "neither a directory nor a repository" in fails(gopack, 2, "publish", to, "--to", "https://go.example.com/").stderr


def test_a_directory_is_a_registry_behind_nginx(gopack, packed, tmp_path):
    """With the configuration that publish writes; twice, for what is there already."""
    to = tmp_path / "www"
    for packs in ("old", "packs"):
        gopack.must("publish", packed / packs, "--to", to)
    with Nginx(tmp_path / "nginx", to / "nginx.conf") as nginx:
        gopack.must("pull", nginx.repository("www"), "--trust", packed / "team.pub")
        index, kind = nginx.get("www/manifests/latest")
        assert json.loads(index)["manifests"] == layout_of(to) and kind == INDEX
        assert nginx.get(f"www/manifests/sha256:{hashlib.sha256(index).hexdigest()}") == (index, INDEX)
        for entry in layout_of(to):
            ref = entry["annotations"]["org.opencontainers.image.ref.name"]
            assert nginx.get(f"www/manifests/{ref}")[1] == MANIFEST
            assert nginx.get(f"www/manifests/{ref}") == nginx.get(f"www/manifests/{entry['digest']}")
        fails(gopack, 4, "pull", nginx.repository("www:none"))
    gopack.must("verify")


def test_a_blob_that_was_cut_in_a_directory_is_written_again(gopack, packed, tmp_path):
    to = tmp_path / "www"
    gopack.must("publish", packed / "old", "--to", to)
    (to / "index.json").unlink()
    blob = max((to / "blobs/sha256").iterdir(), key=lambda path: path.stat().st_size)
    blob.write_bytes(blob.read_bytes()[:100])
    [tree] = gopack.must("--json", "publish", packed / "old", "--to", to).json["trees"]
    assert tree["sent_blobs"] == 1
    gopack.must("pull", to, "--trust", packed / "team.pub")


@pytest.fixture
def log_in(tmp_path):
    """Writes what other clients write when somebody logs in; the environment that names it."""

    def write(registry, **entry):
        directory = tmp_path / "docker"
        directory.mkdir(exist_ok=True)
        (directory / "config.json").write_text(json.dumps({"auths": {registry.authority: entry}} if entry else {}))
        return {"DOCKER_CONFIG": str(directory)}

    return write


def test_a_user_with_a_password(gopack, packed, tmp_path, log_in):
    (tmp_path / "htpasswd").write_text(HTPASSWD)
    with Registry(tmp_path / "registry", {"htpasswd": {"realm": "tests", "path": str(tmp_path / "htpasswd")}}) as registry:
        to = registry.repository("go")
        nobody = fails(gopack, 4, "publish", packed / "old", "--to", to, env=log_in(registry))
        assert "the registry wants a user" in nobody.stderr and "docker login " + registry.authority in nobody.stderr
        wrong = fails(gopack, 4, "publish", packed / "old", "--to", to, env=log_in(registry, auth=basic(password="wrong")))
        assert "refuses the user" in wrong.stderr and "wrong" not in wrong.stderr + wrong.stdout
        user = log_in(registry, auth=basic())
        gopack.must("publish", packed / "old", "--to", to, env=user)
        fails(gopack, 4, "pull", to, "--trust", packed / "team.pub")
        gopack.must("pull", to, "--trust", packed / "team.pub", env=user)
        gopack.must("verify")


def test_a_helper_that_has_the_password(gopack, packed, tmp_path, log_in):
    (tmp_path / "htpasswd").write_text(HTPASSWD)
    programs = tmp_path / "programs"
    programs.mkdir()
    helper = programs / "docker-credential-tests"
    with Registry(tmp_path / "registry", {"htpasswd": {"realm": "tests", "path": str(tmp_path / "htpasswd")}}) as registry:
        helper.write_text(f"#!/bin/sh\nread -r host\n[ \"$1 $host\" = 'get {registry.authority}' ] || exit 1\n"
                          f"echo '{json.dumps({'ServerURL': registry.authority, 'Username': USER, 'Secret': PASSWORD})}'\n")
        helper.chmod(stat.S_IRWXU)
        env = {**log_in(registry), "PATH": f"{programs}:{os.environ['PATH']}"}
        configuration = tmp_path / "docker/config.json"
        for value in ({"credHelpers": {registry.authority: "tests"}}, {"credsStore": "tests"}):
            configuration.write_text(json.dumps(value))
            gopack.must("publish", packed / "old", "--to", registry.repository("go"), env=env)
        configuration.write_text("{")
        broken = fails(gopack, 4, "publish", packed / "old", "--to", registry.repository("go"), env=env)
        assert "cannot read the credentials" in broken.stderr and "not valid JSON" in broken.stderr
        configuration.write_text(json.dumps({"credsStore": "none-such"}))
        assert "docker-credential-none-such" in fails(gopack, 4, "pull", registry.repository("go"), env=env).stderr
        configuration.write_text(json.dumps({"credsStore": "none-such", "auths": {registry.authority: {"auth": basic()}}}))
        gopack.must("pull", registry.repository("go"), "--trust", packed / "team.pub", env=env)


def test_tokens(gopack, packed, tmp_path, log_in):
    with TokenService(tmp_path / "tokens", public=["open"]) as service, Registry(tmp_path / "registry", service.auth) as registry:
        user = log_in(registry, auth=basic())
        gopack.must("publish", packed / "old", "--to", registry.repository("open"), env=user)
        assert {request[1] for request in service.requests} == {"Basic " + basic()}
        gopack.must("pull", registry.repository("open"), "--trust", packed / "team.pub")  # nobody may do that
        assert service.requests[-1][1] is None
        refused = fails(gopack, 4, "publish", packed / "packs", "--to", registry.repository("open"))
        assert "the registry wants a user" in refused.stderr
        identity = log_in(registry, auth=base64.b64encode(b"x:").decode(), identitytoken=PASSWORD)
        gopack.must("publish", packed / "packs", "--to", registry.repository("open"), env=identity)
        method, authorization, parameters = service.requests[-1]
        assert (method, authorization, parameters["grant_type"]) == ("POST", None, ["refresh_token"])


def write_static_registry(packs, root, name="go"):
    """What a registry answers to a client that pulls, as files."""
    manifests, blobs = root / "v2" / name / "manifests", root / "v2" / name / "blobs"
    manifests.mkdir(parents=True)
    blobs.mkdir()
    for blob in (packs / "blobs/sha256").iterdir():
        for directory in (manifests, blobs):
            os.link(blob, directory / f"sha256:{blob.name}")
    copy(packs / "index.json", manifests / "latest")


def test_credentials_go_to_nobody_else(gopack, packed, tmp_path, log_in):
    """A registry that leads to a storage host, as those in clouds do; that host refuses what it did not ask for."""
    write_static_registry(packed / "old", tmp_path / "root")
    challenge = {"WWW_Authenticate": 'Basic realm="tests"'}
    with Server(tmp_path / "root") as server, Server(tmp_path / "root") as storage:
        [entry] = layout_of(packed / "old")
        manifest = json.loads((packed / "old/blobs/sha256" / entry["digest"].removeprefix("sha256:")).read_text())
        for layer in manifest["layers"]:
            server.behave(f"/v2/go/blobs/{layer['digest']}", always=redirect(f"{storage.url}/v2/go/blobs/{layer['digest']}", 307))
        server.behave("/v2/go/manifests/latest", status(401, b"", **challenge))
        server.authority = f"127.0.0.1:{server.port}"
        gopack.must("pull", f"oci://{server.authority}/go", "--trust", packed / "team.pub", env=log_in(server, auth=basic()))
        assert {request.headers.get("Authorization") for request in server.requests} == {None, "Basic " + basic()}
        assert storage.requests and {request.headers.get("Authorization") for request in storage.requests} == {None}


def test_a_token_that_runs_out_is_renewed(gopack, packed, tmp_path, log_in):
    write_static_registry(packed / "old", tmp_path / "root")
    [entry] = layout_of(packed / "old")
    with TokenService(tmp_path / "tokens") as service, Server(tmp_path / "root") as server:
        refuse = status(401, WWW_Authenticate=f'Bearer realm="{service.auth["token"]["realm"]}",scope="repository:go:pull"')
        server.behave("/v2/go/manifests/latest", refuse)
        server.behave(f"/v2/go/manifests/{entry['digest']}", refuse)
        server.authority = f"127.0.0.1:{server.port}"
        gopack.must("pull", f"oci://{server.authority}/go", "--trust", packed / "team.pub", env=log_in(server, auth=basic()))
        assert [request[2]["scope"] for request in service.requests] == [["repository:go:pull"]] * 2
        sent = [request.headers.get("Authorization") for request in server.requests]
        assert sent[0] is None and sent[-1].startswith("Bearer ") and len(set(sent)) == 3


def test_passwords_do_not_follow_the_service_of_tokens_elsewhere(gopack, packed, tmp_path, log_in):
    write_static_registry(packed / "old", tmp_path / "root")
    with Server(tmp_path / "root") as server, Server(tmp_path) as tokens, Server(tmp_path) as thief:
        server.behave("/v2/go/manifests/latest", always=status(401, WWW_Authenticate=f'Bearer realm="{tokens.url}/token"'))
        tokens.behave("/token", always=redirect(f"{thief.url}/token"))
        server.authority = f"127.0.0.1:{server.port}"
        fails(gopack, 4, "pull", f"oci://{server.authority}/go", env=log_in(server, auth=basic()))
        assert [request.headers.get("Authorization") for request in tokens.requests] == ["Basic " + basic()]
        assert [request.headers.get("Authorization") for request in thief.requests] == [None]
        server.behave("/v2/go/manifests/latest", always=status(401, WWW_Authenticate='Bearer realm="http://192.0.2.1/token"'))
        assert "not an https URL" in fails(gopack, 4, "pull", f"oci://{server.authority}/go", env=log_in(server, auth=basic())).stderr


def test_a_registry_that_misbehaves(gopack, packed, tmp_path):
    write_static_registry(packed / "old", tmp_path / "root")
    [entry] = layout_of(packed / "old")
    manifest = json.loads((packed / "old/blobs/sha256" / entry["digest"].removeprefix("sha256:")).read_text())
    pack = max(manifest["layers"], key=lambda layer: layer["size"])["digest"]
    with Server(tmp_path / "root") as server:
        arguments = ["pull", f"oci://127.0.0.1:{server.port}/go", "--trust", packed / "team.pub"]
        server.behave("/v2/go/manifests/latest", unavailable(), status(429, Retry_After="0"))
        server.behave(f"/v2/go/manifests/{entry['digest']}", always=plain(b"{}"))
        assert "expected" in fails(gopack, 3, *arguments).stderr
        server.behave(f"/v2/go/manifests/{entry['digest']}")
        server.behave(f"/v2/go/blobs/{pack}", status(404))
        assert "there is no such file" in fails(gopack, 4, *arguments).stderr
        server.behave("/v2/go/manifests/latest", status(403, b'{"errors":[{"code":"DENIED","message":"no"}]}'))
        assert "DENIED" in fails(gopack, 4, *arguments).stderr
        server.behave("/v2/go/manifests/latest", status(200, b"<html>log in</html>", Content_Type="text/html"))
        assert "cannot read an OCI document" in fails(gopack, 3, *arguments).stderr
        server.behave("/v2/go/manifests/latest", status(401, WWW_Authenticate='Bearer realm="ftp://x",service="y"'))
        assert "not an https URL" in fails(gopack, 4, *arguments).stderr
        server.behave("/v2/go/manifests/latest", status(401, WWW_Authenticate=',,=" Bearer realm='))
        assert "wants a user" in fails(gopack, 4, *arguments).stderr
        gopack.must(*arguments)


@pytest.mark.parametrize("name", ["oci://", "oci://host", "oci:///go", "oci://host/Go", "oci://me:word@host/go", "oci://host/go:", "oci://host/go:a+b",
                                  "oci://host/a//b", "oci://host/go@sha256:" + "0" * 64, "oci:host/go", "OCI://host/go"])
def test_a_malformed_name_is_refused(gopack, packed, name):
    result = fails(gopack, 2, "publish", packed / "old", "--to", name)
    assert "cannot use" in result.stderr and "oci://host/name" in result.stderr and "word" not in result.stderr.replace("password", "")
    fails(gopack, 2, "pull", name)


def test_offline(gopack, packed, registry):
    assert "leave out --offline" in fails(gopack, 4, "--offline", "pull", registry.repository("offline")).stderr
