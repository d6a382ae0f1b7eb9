"""`gopack prove`: a good tree is proved, and what is missing from a bad one is named."""

import json
import shutil

import pytest
import sdks

NEW, OLD = "go1.26.10", "go1.18.10"  # test_minimal has more of the old one


@pytest.fixture(scope="module")
def store(runner, tmp_path_factory):
    base = tmp_path_factory.mktemp("prove")
    gopack = runner(base / "store")
    mirror = sdks.mirror(base / "mirror", [sdks.official(release) for release in (NEW, OLD)])
    gopack.must("fetch", NEW, OLD, "-p", "linux/amd64", "--source", mirror)
    gopack.must("trim", NEW, "--profile", "standard")  # the first is the current one, which cannot be removed
    yield gopack
    shutil.rmtree(base, ignore_errors=True)


def trim(store, release, *options):
    [tree] = json.loads(store.must("trim", "--json", release, *options).stdout)["trees"]
    return store.home / tree["id"]


def remove(path):
    for above in (path, *path.parents[:2]):
        above.chmod(0o755)
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_minimal_is_proved_and_carries_its_proof(store, tmp_path):
    tree = trim(store, NEW, "--profile", "minimal", "--strip")
    proof = json.loads(store.must("prove", "--json", tree.name).stdout)
    assert proof["proved"] and {check["result"] for check in proof["checks"]} <= {"same", "not tried"}
    assert {"build", "test", "vet", "fmt"} <= {check["capability"] for check in proof["checks"]}
    store.must("bundle", tree.name, "--target", tmp_path / "stick")
    said = store.must("--home", tmp_path / "stick", "verify").stdout
    assert f"{len(proof['checks'])} checks proved on linux/amd64" in said
    assert json.loads((tmp_path / "stick" / f"{tree.name}.proof.json").read_text())["proved"] is True
    assert not list((store.home / ".gopack/staging").iterdir())


MISSING = {"there is no gofmt": "bin/gofmt", "zoneinfo.zip": "lib/time/zoneinfo.zip",
           "crypto/md5": "src/crypto/md5/md5block_amd64.s"}  # fmt: skip


def test_what_is_missing_is_named(store):
    tree = trim(store, OLD, "--profile", "build-only+test+fmt")
    for path in MISSING.values():
        remove(tree / path)
    done = store("prove", "--json", tree.name)
    store.must("remove", tree.name)
    assert done.returncode == 3
    differing = [check for check in json.loads(done.stdout)["checks"] if check["result"] == "different"]
    details = " ".join(check["detail"] for check in differing)
    for name in MISSING:
        assert name in details, name
