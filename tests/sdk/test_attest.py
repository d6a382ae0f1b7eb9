"""What `gopack sbom` and `gopack provenance` say of real SDKs: by CycloneDX's own schema, and by what Go itself says of its modules."""

import hashlib
import json
import re
import subprocess

import pytest
import sdks

pytest.importorskip("jsonschema")
import cyclonedx  # noqa: E402

RELEASES = ["go1.18.10", "go1.26.10"]


@pytest.fixture(scope="module")
def store(runner, tmp_path_factory):
    base = tmp_path_factory.mktemp("attest")
    gopack = runner(base / "store")
    gopack.must("-q", "fetch", *RELEASES, "--source", sdks.mirror(base / "mirror", [sdks.official(release) for release in RELEASES]))
    for profile in ("minimal", "full"):
        gopack.must("-q", "--durability", "fast", "trim", "--profile", profile)
    return gopack


def sbom(gopack, tree):
    return json.loads(gopack.must("sbom", tree).stdout)


def modules_of(document):
    return {(component["name"], component["version"]) for component in document["components"] if component["name"] != "stdlib"}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("profile", ["minimal", "full"])
def test_an_sbom_is_valid_and_names_the_modules_that_go_vendors(store, release, profile):
    document = sbom(store, f"{release}+{profile}")
    assert cyclonedx.problems(document) == []
    whole = store.home / tree_of(store, release, "full")["id"]
    listed = set()
    for directory in ("src", "src/cmd"):
        text = (whole / directory / "vendor/modules.txt").read_text()
        listed |= set(re.findall(r"^# (\S+) (v\S+)$", text, re.M))
    assert modules_of(document) == listed
    references = [component["bom-ref"] for component in [document["metadata"]["component"], *document["components"]]]
    assert len(set(references)) == len(references)
    used = {reference for dependency in document["dependencies"] for reference in [dependency["ref"], *dependency.get("dependsOn", [])]}
    assert used == set(references)
    assert document["compositions"][0]["aggregate"] == "complete"


def tree_of(store, release, profile):
    trees = json.loads(store.must("--json", "list").stdout)["trees"]
    return next(tree for tree in trees if (tree["release"], tree["profile"]) == (release, profile))


def test_the_same_tree_gives_the_same_document_and_another_another_number(store):
    numbers = {sbom(store, f"{release}+{profile}")["serialNumber"] for release in RELEASES for profile in ("minimal", "full")}
    assert len(numbers) == 4
    assert store.must("sbom", "1.26+full", TZ="Asia/Tokyo").stdout == store.must("sbom", "1.26+full").stdout


def test_a_document_has_the_time_of_the_release(store):
    tree = store.home / tree_of(store, "go1.26.10", "minimal")["id"]
    time = re.search(r"^time (\S+)$", (tree / "VERSION").read_text(), re.M)[1]
    assert sbom(store, "1.26+minimal")["metadata"]["timestamp"] == time
    assert "timestamp" not in sbom(store, "1.18+minimal")["metadata"]


def test_provenance_names_tree_manifest_and_archives_by_their_digests(store):
    tree = tree_of(store, "go1.26.10", "minimal")
    statement = json.loads(store.must("provenance", "1.26+minimal").stdout)
    assert (statement["_type"], statement["predicateType"]) == ("https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1")
    manifest = store.home / f"{tree['id']}.json"
    lines = "".join(f"{int(file['mode'] == '0555')} {file['size']} {file['sha256']} {file['path']}\n"
                    for file in json.loads(manifest.read_text())["file_list"])  # fmt: skip
    digests = {subject["name"]: subject["digest"]["sha256"] for subject in statement["subject"]}
    assert digests == {tree["id"]: hashlib.sha256(lines.encode()).hexdigest(), manifest.name: hashlib.sha256(manifest.read_bytes()).hexdigest()}
    definition = statement["predicate"]["buildDefinition"]
    [archive] = definition["resolvedDependencies"]
    [file] = (store.home / "downloads").glob("go1.26.10*.gz")
    assert archive["digest"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest() and archive["name"] == file.name
    assert definition["externalParameters"]["profile"] == "minimal" and definition["buildType"].startswith("urn:")
    assert statement["predicate"]["runDetails"]["builder"]["id"].startswith("urn:")
    assert str(store.home.parent) not in json.dumps(statement)


def test_without_its_archive_an_sbom_says_that_it_is_incomplete(store, runner, tmp_path):
    subprocess.run(["cp", "-a", "--reflink=auto", store.home, tmp_path / "store"], check=True)
    other = runner(tmp_path / "store")
    for archive in (tmp_path / "store/downloads").iterdir():
        archive.unlink()
    done = other.must("sbom", "1.26+minimal")
    document = json.loads(done.stdout)
    assert document["compositions"][0]["aggregate"] == "incomplete" and "are not known" in done.stderr
    assert {place["value"] for component in document["components"] for place in component.get("properties", [])} == {"src/vendor"}
    assert cyclonedx.problems(document) == []
    assert json.loads(other.must("sbom", "1.26+full").stdout)["compositions"][0]["aggregate"] == "complete"


def test_a_changed_file_is_not_believed(store, runner, tmp_path):
    subprocess.run(["cp", "-a", "--reflink=auto", store.home, tmp_path / "store"], check=True)
    other = runner(tmp_path / "store")
    modules = tmp_path / "store" / tree_of(store, "go1.26.10", "minimal")["id"] / "src/vendor/modules.txt"
    modules.chmod(0o644)
    modules.write_text(modules.read_text().replace("v", "w"))
    done = other("sbom", "1.26+minimal")
    assert done.returncode == 3 and "src/vendor/modules.txt is not what its manifest says" in done.stderr and done.stdout == ""
