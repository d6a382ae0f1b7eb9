"""Laying releases out: what is kept, why, and under which name."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from conftest import NEW, OLD
from files import listing

PROFILE = """name: mine
extends: minimal
rules:
  - drop: "{LICENSE,PATENTS}"
    category: licenses
    reason: for a test
"""


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(PROFILE)
    return path


def rows(table):
    return {row["category"]: row["files"] for row in table}


def test_the_table_tells_what_was_kept_and_dropped_and_why(fetched, releases):
    [tree] = fetched.must("--json", "trim", NEW, "--profile", "minimal").json["trees"]
    files = releases.tree(NEW, "linux-amd64")
    kept = {str(path.relative_to(tree["path"])) for path in fetched.home.glob("v_*/**/*") if path.is_file()}
    assert tree["files"] == len(kept) == sum(rows(tree["kept"]).values())
    assert sum(rows(tree["dropped"]).values()) == len(files) - len(kept)
    assert tree["bytes"] == sum(len(files[name]) for name in kept)
    assert {"src/fmt/print.go", "pkg/tool/linux_amd64/compile", "VERSION", "go.env"} <= kept
    assert not {"src/fmt/fmt_test.go", "doc/go_spec.html", "test/run.go", "pkg/tool/linux_amd64/pprof"} & kept
    text = fetched.must("trim", NEW, "--profile", "minimal", "--dry-run").stdout
    for row in tree["kept"] + tree["dropped"]:
        assert row["category"] in text and row["reason"] in text


def test_files_are_read_only_and_programs_executable(store, releases):
    root = store.home / store.new
    for path in [root, *root.rglob("*")]:
        name = str(path.relative_to(root))
        if store.gopack.is_windows:  # which knows no more than ReadOnly, and that of files
            assert path.is_dir() or path.stat().st_mode & 0o777 == 0o444, name
            continue
        executable = path.is_dir() or releases.is_executable(name)
        assert path.stat().st_mode & 0o777 == (0o555 if executable else 0o444), name


def test_files_have_the_time_of_the_release(store, releases):
    files = [path for path in (store.home / store.new).rglob("*") if path.is_file()]
    assert files and {path.stat().st_mtime for path in files} == {releases.UNIX_TIME}


def test_a_dry_run_shows_the_same_and_writes_nothing(fetched):
    before = listing(fetched.home)
    dry = fetched.must("--json", "trim", "--profile", "minimal", "--dry-run").json["trees"]
    assert listing(fetched.home) == before
    for promised, tree in zip(dry, fetched.must("--json", "trim", "--profile", "minimal").json["trees"], strict=True):
        for field in ("release", "platforms", "profile", "files", "bytes", "kept", "dropped"):
            assert promised[field] == tree[field]


def test_explain_names_the_deciding_rule(fetched, profile):
    def explain(path):
        return fetched.must("--json", "trim", NEW, "--profile", profile, "--explain", path).json["explanations"][0]

    own = explain("PATENTS")
    assert (own["action"], own["rule"], own["category"]) == ("drop", "{LICENSE,PATENTS}", "licenses")
    assert own["location"].endswith("mine.yaml:4")
    inherited = explain("src/fmt/fmt_test.go")
    assert (inherited["action"], inherited["category"]) == ("drop", "tests")
    file, line = inherited["location"].split(":")[:2]
    text = fetched.must("profile", "show", "capabilities").stdout.splitlines()
    assert file == "capabilities.yaml" and "_test.go" in text[int(line) - 1]
    kept = explain("src/fmt/print.go")
    assert (kept["action"], kept["rule"], kept["location"]) == ("keep", "", "")
    assert not list(fetched.home.glob("v_*"))


def test_a_profile_of_the_user_extends_a_built_in_one(fetched, profile):
    [minimal] = fetched.must("--json", "trim", NEW, "--profile", "minimal").json["trees"]
    [mine] = fetched.must("--json", "trim", NEW, "--profile", profile).json["trees"]
    assert mine["profile"] == "mine" and mine["id"] != minimal["id"]
    gone = {path.relative_to(minimal["path"]) for path in fetched.home.glob(minimal["id"] + "/**/*") if path.is_file()}
    gone -= {path.relative_to(mine["path"]) for path in fetched.home.glob(mine["id"] + "/**/*")}
    assert {str(path) for path in gone} == {"LICENSE", "PATENTS"}
    assert rows(mine["dropped"])["licenses"] == len(gone)


def test_rules_that_match_nothing_are_named(fetched, tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text(PROFILE + """  - keep: [src/fmt/, src/nowhere/]
    category: kept
    reason: for a test
  - drop: misc/old.txt
    category: other
    reason: for a test
    go: "<1.20"
  - drop: misc/editors
    category: other
    reason: matches, though a rule of minimal has dropped it
""")
    expected = f"mine.yaml:7: keep \"src/nowhere/\" matches no file of go{OLD}, go{NEW}"
    for more in ([], ["--dry-run"]):
        warned = fetched.must("trim", "--profile", mine, *more).stderr
        assert [line for line in warned.splitlines() if "matches no file" in line] == [f"warning: {mine.parent}/{expected}"]
    assert "matches no file" not in fetched.must("trim", "--profile", "minimal").stderr
    checked = fetched.must("--json", "profile", "check", mine)
    assert checked.json["warnings"] == [f"{mine.parent}/{expected.replace(f'go{OLD}, ', '')}"]
    assert f"no file of go{OLD}" in fetched.must("profile", "check", mine, "--release", OLD).stderr


@pytest.mark.parametrize(
    "line",
    ["trim --targets widows/amd64", "trim --targets host,win/amd64", "trim -p win/amd64", "trim --profile {profile}",
     "profile check {profile}", "fetch 1.22 -p win/amd64 --source {mirror}", "diff minimal developer --targets win/amd64"],
)  # fmt: skip
def test_words_that_are_not_a_platform_are_blamed(fetched, mirror, tmp_path, line):
    profile = tmp_path / "wrong.yaml"
    profile.write_text("name: wrong\nextends: minimal\ntargets: [host, winows/amd64]\n")
    before = listing(fetched.home)
    result = fetched("--json", *line.format(profile=profile, mirror=mirror).split())
    assert result.status == 2 and listing(fetched.home) == before
    text = json.dumps(result.json)
    assert "/amd64\\\" is not a" in text and "did you mean windows/amd64?" in text


def test_platforms_that_are_not_fetched_are_named(fetched):
    refused = fetched("--json", "trim", "-p", "darwin/arm64")
    assert (refused.status, refused.error["kind"]) == (1, "failed") and "darwin/arm64" in refused.error["message"]


def test_a_target_that_the_release_does_not_build_for_is_warned_of(gopack, releases, tmp_path, monkeypatch):
    tree = releases.tree
    ports = b'var List = []OSArch{\n\t{"linux", "amd64"},\n\t{"windows", "amd64"},\n}\n'
    monkeypatch.setattr(releases, "tree", lambda *of: tree(*of) | {"src/internal/platform/zosarch.go": ports})
    releases.write_mirror(tmp_path / "mirror", [NEW], ["linux-amd64"])
    gopack.must("fetch", NEW, "-p", "linux/amd64", "--source", tmp_path / "mirror")
    warned = gopack.must("trim", "--profile", "minimal", "--targets", "windows/amd64,windows/arm").stderr
    assert f"warning: go{NEW} cannot build for the target windows/arm\n" in warned


@pytest.mark.parametrize(
    ("line", "meant"),
    [("trim --profile minmal", "minimal"), ("bundle --profile minmal --target x", "minimal"), ("report --profile mini", "minimal"),
     ("trim --profile minimal+rcae", "race"), ("trm", "trim"), ("trim --profle minimal", "--profile"),
     ("fetch 1.22 --require sumbd", "sumdb"), ("completion bsh", "bash")],
)  # fmt: skip
def test_words_that_nobody_knows_are_blamed(store, line, meant):
    result = store.gopack("--json", *line.split())
    assert (result.status, result.error["kind"]) == (2, "usage"), result.stdout
    assert f'did you mean "{meant}"?' in result.error["hint"]


def rules_in(page):
    """The rules of each release in a page, as (category, reason)."""
    start = page.read_text().index('id="report">') + len('id="report">')
    reports = json.loads(page.read_text()[start:].partition("</script>")[0])
    return json.dumps(reports)


def test_reports_on_trees_of_own_profiles(fetched, profile, tmp_path):
    fetched.must("trim", NEW, "--profile", profile)
    fetched.must("trim", NEW, "--profile", "minimal")
    other = tmp_path / "other.yaml"
    other.write_text("name: minimal\nrules:\n  - drop: misc/\n    category: foreign\n    reason: of another minimal\n")
    fetched.must("trim", OLD, "--profile", other)
    page = fetched.work / "gopack-report.html"
    assert len(fetched.must("--json", "report").json["trees"]) == 3
    told = rules_in(page)
    assert "the profile mine, as it was when the tree was made, has it so" in told and "licenses" not in told
    assert "the profile minimal, as it was" in told and "foreign" not in told
    fetched.must("report", "--profile", profile)
    told = rules_in(page)
    assert "licenses" in told and "the profile mine, as it was" not in told and "the profile minimal, as it was" in told
    refused = fetched("--json", "report", OLD, "--profile", profile)
    assert refused.status == 2 and "none of these trees" in refused.error["message"]
    (fetched.downloads / f"go{OLD}.linux-amd64.tar.gz").unlink()
    left = fetched.must("--json", "report")
    assert len(left.json["trees"]) == 2 and "left out" in left.stderr
    assert fetched("report", OLD).status == 1


def test_several_platforms_make_one_tree(gopack, releases, tmp_path):
    platforms = ["linux-amd64", "darwin-arm64", "windows-amd64"]
    releases.write_mirror(tmp_path / "mirror", [NEW], platforms)
    gopack.must("fetch", NEW, "-p", "linux/amd64,darwin/arm64", "-p", "windows/amd64", "--source", tmp_path / "mirror")
    [tree] = gopack.must("--json", "trim", NEW, "--profile", "full").json["trees"]
    assert tree["platforms"] == ["darwin/arm64", "linux/amd64", "windows/amd64"]
    root = gopack.home / tree["id"]
    for platform in platforms:
        for name, content in releases.tree(NEW, platform).items():
            directory, _, base = name.rpartition("/")
            if directory == "bin" and not base.endswith(".exe"):
                name = f"bin/{platform.replace('-', '_')}/{base}"
            assert (root / name).read_bytes() == content
    programs = sorted(path.name for path in (root / "bin").iterdir())
    assert programs == ["darwin_arm64", "go", "go.exe", "gofmt", "gofmt.exe", "linux_amd64"]

    [linux] = gopack.must("--json", "trim", NEW, "-p", "linux/amd64").json["trees"]
    assert linux["platforms"] == ["linux/amd64"] and (gopack.home / linux["id"] / "bin/go").is_file()


def test_bin_go_of_a_tree_for_several_unix_platforms(gopack, releases, tmp_path):
    """It starts the program for this machine, wherever it is called from, and nothing but GOROOT changes around it."""
    releases.write_mirror(tmp_path / "mirror", [NEW], ["linux-amd64", "darwin-arm64"])
    gopack.must("fetch", NEW, "-p", "all", "--source", tmp_path / "mirror")
    [dry] = gopack.must("--json", "trim", NEW, "--profile", "minimal", "--dry-run").json["trees"]
    [tree] = gopack.must("--json", "trim", NEW, "--profile", "minimal").json["trees"]
    assert (dry["files"], dry["bytes"]) == (tree["files"], tree["bytes"])
    root, links = Path(tree["path"]).resolve(), tmp_path / "links"
    links.mkdir()
    (links / "go1.22").symlink_to("own go")
    (links / "own go").symlink_to(root / "bin/go")
    (links / "bin").symlink_to(root / "bin")
    version = f"go version go{NEW} linux/amd64\n"
    for words, more in (([root / "bin/go"], {}), (["go"], {"PATH": f"{root}/bin:/bin"}), (["bin/go"], {}), (["./go1.22"], {}),
                        ([links / "go1.22"], {}), (["sh", "bin/go"], {}), (["go1.22"], {"PATH": ".:/bin"})):
        environment = {"PATH": "/usr/bin:/bin", "arch": "mine", "links": "own"} | more
        done = subprocess.run([*words, "version"], cwd=links, env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, version, ""), words
        asked = subprocess.run([*words, "env", "GOROOT", "arch", "links", "self"], cwd=links, env=environment,
                               capture_output=True, text=True)
        assert asked.stdout.split("\n") == [str(root), "mine", "own", "", ""], words
        environment["GOROOT"] = "/another"
        asked = subprocess.run([*words, "env", "GOROOT"], cwd=links, env=environment, capture_output=True, text=True)
        assert asked.stdout == "/another\n"
    done = subprocess.run([root / "bin/gofmt"], input="package p\n", env={}, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "package p\n")

    (root / "bin").chmod(0o755)
    (root / "bin/go").unlink()
    assert gopack("verify").status == 3
    gopack.must("repair")
    assert subprocess.run([root / "bin/go", "version"], capture_output=True, text=True).stdout == version
    gopack.must("verify")


LACKED = {"minimal+wasm": "the capability wasm needs misc/wasm/", "spec.yaml": "spec.yaml:3 keeps doc/go_spec.html"}


@pytest.mark.parametrize("name", LACKED)
@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_what_a_module_cannot_serve_is_refused_by_name(gopack, releases, tmp_path, name, dry):
    [module] = releases.write_module_proxy(tmp_path / "proxy", [NEW])
    releases.write_mirror(tmp_path / "mirror", [NEW])
    digest = hashlib.sha256(module.read_bytes()).hexdigest()
    (gopack.work / "spec.yaml").write_text("name: spec\nextends: minimal\nrules: [{keep: doc/go_spec.html, category: c, reason: r}]\n")
    gopack.must("fetch", NEW, "-p", "linux/amd64", "--source", f"goproxy+file://{tmp_path}/proxy", "--sha256", digest,
                env={"GOSUMDB": "off"})
    refused = gopack("--json", "trim", "--profile", name, *dry)
    assert (refused.status, refused.error["kind"]) == (1, "failed")
    assert LACKED[name] in refused.error["message"] and "--source official" in refused.error["hint"]
    assert not list(gopack.home.glob("v_*"))
    gopack.must("trim", "--profile", "minimal", *dry)
    gopack.must("fetch", NEW, "-p", "linux/amd64", "--source", tmp_path / "mirror")  # the archive has all
    gopack.must("trim", "--profile", name, *dry)


def test_a_shared_file_that_differs_is_named(gopack, releases, tmp_path, monkeypatch):
    common = releases._common_files

    def differing(version, platform):
        other = {"src/fmt/doc.go": b"package fmt // another\n"} if platform.startswith("windows") else {}
        return dict(sorted((common(version) | releases._platform_files(version, platform) | other).items()))

    monkeypatch.setattr(releases, "tree", differing)
    releases.write_mirror(tmp_path / "mirror", [NEW], ["linux-amd64", "windows-amd64"])
    gopack.must("fetch", NEW, "-p", "all", "--source", tmp_path / "mirror")
    result = gopack("--json", "trim", NEW)
    assert (result.status, result.error["kind"]) == (3, "integrity")
    assert "src/fmt/doc.go" in result.error["message"] and "windows" in result.error["message"]
    assert not list(gopack.home.glob("v_*"))


@pytest.mark.parametrize("version", [NEW, "1.20.14"])
def test_tar_gz_and_zip_give_the_same_tree(gopack, releases, tmp_path, version):
    """At another time, from another place, by another name of the same profile: contents alone count. Before Go 1.21
    VERSION does not say when the release was made, but has that time itself."""
    ids, times = set(), set()
    for number, ending in enumerate((".tar.gz", ".zip")):
        archive = releases.write_archive(tmp_path, version, "linux-amd64", ending)
        (tmp_path / f"{archive.filename}.sha256").write_text(archive.sha256)
        line = ["--home", tmp_path / f"store {number}"]
        gopack.must(*line, "fetch", version, "-p", "linux/amd64", "--source", tmp_path.as_uri())
        archive.path.unlink()
        [tree] = gopack.must(*line, "--json", "trim", "--profile", "minimal").json["trees"]
        ids.add(tree["id"])
        root = tmp_path / f"store {number}" / tree["id"]
        times |= {path.stat().st_mtime for path in root.rglob("*") if path.is_file()}
    assert len(ids) == 1 and times == {releases.UNIX_TIME}


@pytest.mark.parametrize("files", [{}, {"bin/go": b"x"}, {"bin/go": b"x", "VERSION": b"go" * 3000}])
def test_what_is_no_release_becomes_no_tree(gopack, releases, tmp_path, monkeypatch, files):
    monkeypatch.setattr(releases, "tree", lambda *_: files)
    releases.write_mirror(tmp_path / "mirror", [NEW], ["linux-amd64"])
    gopack.must("fetch", NEW, "-p", "linux/amd64", "--source", tmp_path / "mirror")
    result = gopack("--json", "trim", NEW, "--profile", "full")
    assert (result.status, result.error["kind"]) == (6, "unsafe")
    assert "VERSION" in result.error["message"] and f"go{NEW}" in result.error["message"] and result.error["hint"]
    assert not list(gopack.home.glob("v_*")) and not list(gopack.home.glob("current*"))


def test_the_manifest_names_profile_origins_and_every_file(store, prepared):
    manifest = json.loads(store.gopack.from_windows((store.home / (store.new + ".json")).read_text()))
    assert (manifest["id"], manifest["release"], manifest["profile"]) == (store.new, "go" + NEW, "minimal")
    [origin] = manifest["origins"]
    digests = {entry["filename"]: entry["sha256"] for release in json.loads((prepared / "mirror/index.json").read_text())
               for entry in release["files"]}  # fmt: skip
    assert digests[origin["file"]] == origin["sha256"] and origin["source"] == str(prepared / "mirror")
    root = store.home / store.new
    names = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert {file["path"] for file in manifest["file_list"]} == names and manifest["files"] == len(names)


def test_laying_out_again_changes_nothing(store):
    before = listing(store.home)
    for tree in store.gopack.must("--json", "trim", "--profile", "minimal").json["trees"]:
        assert tree["was_there"]
    assert listing(store.home) == before
