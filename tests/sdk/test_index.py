"""Trees that are made by the index of a real archive are, to the byte, those made by a pass over it."""

import hashlib
import json
import os
import random

import pytest
import sdks

PROFILES = 67 if os.environ.get("GOPACK_FULL") else 3  # for each archive
CAPABILITIES = ("build", "cross", "cgo", "race", "wasm", "test", "vet", "fmt", "cover", "doc", "tools")
PLACES = ("src/cmd/", "test/", "api/", "doc/", "**/testdata/", "**/*_test.go", "**/*.html", "lib/", "misc/", "src/net/http/*", "bin/**")
ARCHIVES = [("go1.18.10", "linux/amd64", "directory"), ("go1.26.10", "windows/amd64", "directory"), ("go1.23.12", "linux/amd64", "goproxy")]


def random_profile(chance):
    capabilities = ", ".join(chance.sample(CAPABILITIES, chance.randint(1, 5)))
    targets = chance.choice(["[host]", "[linux/amd64, windows/amd64]", "[]"])
    rules = "".join(f"  - {chance.choice(['drop', 'keep'])}: \"{place}\"\n    category: x\n    reason: y\n"
                    for place in chance.sample(PLACES, chance.randint(1, 4)))  # fmt: skip
    return f"name: mine\ncapabilities: [{capabilities}]\ntargets: {targets}\nrules:\n{rules}"


def content(tree):
    """A digest of paths, modes, times and bytes."""
    digest = hashlib.sha256()
    for path in sorted(tree.rglob("*")):
        status = path.lstat()
        digest.update(f"{path.relative_to(tree)} {status.st_mode:o} ".encode())
        if path.is_file():
            digest.update(f"{status.st_mtime} ".encode() + path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(params=ARCHIVES, ids=lambda archive: f"{archive[0]}-{archive[2]}")
def fetched(request, runner, file_proxy, tmp_path):
    release, platform, source = request.param
    gopack = runner(tmp_path / "store")
    if source == "goproxy":
        sdks.module_zip(release)
        gopack.must("fetch", release, "-p", platform, "--source", "goproxy", **file_proxy)
    else:
        mirror = sdks.mirror(tmp_path / "mirror", [sdks.official(release, platform.replace("/", "-"))])
        gopack.must("fetch", release, "-p", platform, "--source", mirror)
    return gopack


def test_trees_by_index_are_those_without(fetched, tmp_path):
    chance, made = random.Random(5), 0
    profile = tmp_path / "mine.yaml"
    for _ in range(PROFILES):
        profile.write_text(random_profile(chance))
        [archive] = [path for path in (fetched.home / "downloads").iterdir() if path.suffix in (".gz", ".zip")]
        archive.with_name(archive.name + ".index").unlink(missing_ok=True)
        found = []
        for _ in ("by a pass", "by the index"):
            done = fetched("--json", "--durability", "fast", "--link", "never", "trim", "--profile", profile)
            if done.returncode:
                assert json.loads(done.stdout)["error"]["kind"] in ("usage", "failed"), done.stdout
                break
            [tree] = json.loads(done.stdout)["trees"]
            found.append((tree, content(fetched.home / tree["id"])))
            fetched.must("--durability", "fast", "remove", "--force", tree["id"])
        made += len(found) == 2
        assert len(found) == 0 or found[0] == found[1], profile.read_text()
    assert made >= PROFILES / 8
