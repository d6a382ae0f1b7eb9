"""FAT32, exFAT and NTFS, each through its FUSE server: bundling, updating, use from there, and pulling the stick out."""

import os
import subprocess

import forge
import pytest
import sdks
import sticks
from conftest import NEW, OLD, clean_env, run, write_hello

SMALL_OLD, SMALL_NEW = "1.21.3", "1.22.5"


@pytest.fixture(params=["fat32", "exfat", "ntfs", "ntfs-windows"])
def kind(request):
    if lacking := sticks.missing(request.param):
        pytest.skip(lacking)
    return request.param


@pytest.fixture
def make_stick(kind, tmp_path):
    made = []

    def make(megabytes=64):
        made.append(sticks.Stick(kind, tmp_path / f"stick{len(made)}", megabytes))
        return made[-1]

    yield make
    for stick in made:
        stick.throw_away()


@pytest.fixture
def store(gopack, releases, tmp_path):
    """A store of two small releases; SMALL_OLD is current."""
    releases.write_mirror(tmp_path / "mirror", [SMALL_OLD, SMALL_NEW], ["linux-amd64"])
    gopack.must("fetch", SMALL_OLD, SMALL_NEW, "-p", "linux/amd64", "--source", tmp_path / "mirror")
    for release in (SMALL_OLD, SMALL_NEW):
        gopack.must("trim", release)
    return gopack


def tree_of(gopack, release):
    [tree] = [tree["id"] for tree in gopack.must("--json", "list").json["trees"] if tree["release"] == "go" + release]
    return tree


def bundle(gopack, stick, *words):
    return gopack.must("--json", "bundle", *words, "--target", stick.root).json


def assert_whole(gopack, stick):
    assert gopack.must("--json", "verify", stick.root).json["problems"] == []
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=stick.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def go_version(gopack, stick):
    return gopack.must("--home", stick.root, "exec", "--", "go", "version").stdout.split()[2]


def names(stick):
    return sorted(path.name for path in stick.root.iterdir())


def test_what_the_filesystem_can_do_is_found_out(store, make_stick, kind):
    stick = make_stick()
    before = names(stick)
    checks = store("--json", "doctor", stick.root, "--source", "/nowhere").json
    assert names(stick) == before
    found = {check["name"]: check["found"] for check in checks["checks"]}
    layout = checks["layout"]
    is_ntfs = kind.startswith("ntfs")
    assert found["symbolic links"].startswith("yes" if is_ntfs else "no")
    assert layout["pointer"] == "current.txt"
    assert found["case of names"] == ("matters, kept" if is_ntfs else "ignored, kept")
    assert found["executable bits"] == "every file is executable, cannot be changed"
    assert found["names that Windows refuses"] == ("taken" if kind == "ntfs" else "refused")
    assert found["names beyond ASCII"] == ("refused" if kind == "fat32" else "yes")
    assert found["locks"] == "work" and layout["block_size"] == 4096 and not layout["staging"]
    assert layout["trees"] == [tree_of(store, SMALL_OLD)] and layout["on_disk"] > layout["bytes"]
    assert found["path length on Windows"].split(": ")[1].startswith("E:\\v_")

    stick.again("noexec")
    assert store("--json", "doctor", stick.root, "--source", "/nowhere").json["layout"]["staging"]


def test_a_bundle_is_made_used_and_updated_there(store, make_stick):
    stick = make_stick()
    old, new = tree_of(store, SMALL_OLD), tree_of(store, SMALL_NEW)
    first = bundle(store, stick, SMALL_OLD)
    assert first["flushed"] and first["copied"] > 30
    second = store.must("bundle", "--target", stick.root)
    assert "Safe to unplug" in second.stdout
    assert bundle(store, stick)["copied"] == 0

    stick.again()
    assert_whole(store, stick)
    assert go_version(store, stick) == "go" + SMALL_OLD
    assert store.must("--json", "--home", stick.root, "use", SMALL_NEW).json["to"] == new
    stick.again()
    assert go_version(store, stick) == "go" + SMALL_NEW
    assert store.must("--json", "--home", stick.root, "rollback").json["to"] == old
    (stick.root / new / "src/fmt/print.go").unlink()
    assert store("verify", stick.root).status == 3
    assert bundle(store, stick)["copied"] == 1
    assert not list(stick.root.rglob(".fuse_hidden*"))
    assert_whole(store, stick)


def test_a_store_is_synced_there_and_back(store, make_stick, tmp_path):
    stick = make_stick()
    first = store.must("--json", "sync", store.home, stick.root).json
    assert first["flushed"] and [tree["was_there"] for tree in first["trees"]] == [False, False]
    stick.again()
    again = store.must("--json", "sync", store.home, stick.root).json
    assert (again["copied"], again["current"]) == (0, tree_of(store, SMALL_OLD))
    (stick.root / tree_of(store, SMALL_NEW) / "src/fmt/print.go").unlink()
    assert store.must("--json", "sync", store.home, stick.root).json["copied"] == 1
    store.must("sync", stick.root, tmp_path / "back", SMALL_NEW)
    store.must("verify", tmp_path / "back")


@pytest.mark.parametrize("kind", ["ntfs", "ntfs-windows", "exfat"], indirect=True)
@pytest.mark.parametrize("mend", ["bundle", "use", "use.sh"])
def test_the_pointer_is_one_that_windows_reads(mend, store, make_stick, kind):
    """A link that Linux makes on NTFS is a plain file to Windows. What older bundles have is mended, at no moment without a pointer."""
    stick = make_stick()
    bundle(store, stick)
    old = tree_of(store, SMALL_OLD)
    pointers = [name for name in names(stick) if name.startswith("current")]
    assert pointers == ["current.txt"] and (stick.root / "current.txt").read_text() == old + "\n"
    if kind == "exfat":  # which has no links
        return
    (stick.root / "current.txt").unlink()
    (stick.root / "current").symlink_to(old)
    stick.again()
    assert go_version(store, stick) == "go" + SMALL_OLD
    if mend == "bundle":
        assert bundle(store, stick)["copied"] == 0
    elif mend == "use":
        store.must("--home", stick.root, "use", SMALL_OLD)
    else:
        subprocess.run([stick.root / "use.sh", SMALL_OLD], check=True, capture_output=True)
    stick.again()
    assert [name for name in names(stick) if name.startswith("current")] == ["current.txt"]
    assert (stick.root / "current.txt").read_text() == old + "\n" and go_version(store, stick) == "go" + SMALL_OLD
    assert_whole(store, stick)


@pytest.mark.parametrize("kind", ["exfat", "ntfs"], indirect=True)
def test_a_store_lies_there(store, make_stick, kind, tmp_path):
    """The same trees as anywhere, with an index. Files are copied: exFAT has no links, and on NTFS no file has the mode that is wanted."""
    stick = make_stick()
    home = stick.root / "store"

    def there(*words):
        return store("--json", "--home", home, *words)

    def laid_out(profile):
        done = there("trim", SMALL_NEW, "--profile", profile)
        assert done.status == 0, done.stdout
        return done.json["trees"][0]

    assert there("fetch", SMALL_NEW, "-p", "linux/amd64", "--source", tmp_path / "mirror").status == 0
    minimal, developer = laid_out("minimal"), laid_out("developer")
    assert minimal["id"] == tree_of(store, SMALL_NEW) and list((home / "downloads").glob("*.index"))
    assert there("list").json["on_disk"] == minimal["bytes"] + developer["bytes"]
    (home / developer["id"] / "src/fmt/print.go").write_text("package fmt\n")
    [problem] = there("verify").json["problems"]
    assert (problem["in"], problem["path"]) == (developer["id"], "src/fmt/print.go")
    assert there("repair").status == 0 and there("verify").json["problems"] == []

    stick.again("ro")
    assert there("verify").json["problems"] == [] == there("verify", "--quick").json["problems"]
    assert there("list").json["on_disk"] == minimal["bytes"] + developer["bytes"]
    refused = there("trim", SMALL_NEW, "--profile", "full")
    assert (refused.status, refused.json["error"]["kind"]) == (7, "noroom")


@pytest.mark.parametrize("kind", ["fat32"], indirect=True)
def test_a_store_cannot_lie_where_renaming_loses_files(store, make_stick, tmp_path):
    stick = make_stick()
    home = stick.root / "store"
    store.must("--home", home, "fetch", SMALL_NEW, "-p", "linux/amd64", "--source", tmp_path / "mirror")
    refused = store("--json", "--home", home, "trim", SMALL_NEW)
    assert refused.status == 7 and "loses what is in a directory that is renamed" in refused.error["message"]
    assert "`gopack bundle` onto this one" in refused.error["hint"]
    assert store.must("--json", "--home", home, "list").json["trees"] == []


def test_a_medium_that_cannot_be_written_is_left_alone(store, make_stick):
    stick = make_stick()
    bundle(store, stick, SMALL_OLD)
    stick.again("ro")
    before = stick.image.read_bytes()
    refused = store("--json", "bundle", "--target", stick.root)
    assert (refused.status, refused.error["kind"]) == (7, "noroom") and "ead-only" in refused.error["message"]
    assert store("--json", "doctor", stick.root, "--source", "/nowhere").json["checks"][0]["ok"] is False
    assert go_version(store, stick) == "go" + SMALL_OLD
    assert store.must("--home", stick.root, "verify")
    stick.take_out()
    assert stick.image.read_bytes() == before
    stick.plug_in()


@pytest.mark.parametrize("kind", ["ntfs-low"], indirect=True)
def test_a_mount_that_changes_names_is_refused(store, make_stick):
    """With ignore_case everything is listed in lower case."""
    stick = make_stick()
    refused = store("--json", "bundle", "--target", stick.root)
    assert refused.status == 7 and "case of names" in refused.error["message"]
    assert names(stick) == []


def test_a_full_stick_is_refused_before_anything_is_written(store, make_stick):
    stick = make_stick(megabytes=36)
    free = os.statvfs(stick.root)
    with open(stick.root / "filler", "wb") as filler:
        filler.write(bytes(free.f_bavail * free.f_frsize - 900_000))
    before = names(stick)
    refused = store("--json", "bundle", "--target", stick.root / "new")
    assert (refused.status, refused.error["kind"]) == (7, "noroom")
    assert "blocks of 4096 bytes" in refused.error["message"]
    refused = store("--json", "bundle", "--target", stick.root)
    assert refused.status == 7 and names(stick) == before


def test_names_that_it_refuses_are_found_before_anything_is_copied(store, make_stick, kind):
    stick = make_stick()
    store.must("trim", SMALL_NEW, "--profile", "full")
    refused = store("--json", "bundle", SMALL_NEW, "--profile", "full", "--target", stick.root)
    if kind != "fat32":  # this server alone wants ASCII
        assert refused.status == 0
        return assert_whole(store, stick)
    assert refused.status == 7 and "issue27836.dir/Äfoo.go" in refused.error["message"]
    assert names(stick) == []


@pytest.mark.parametrize("kind", ["fat32", "exfat"] if sdks.IS_FULL else ["exfat"], indirect=True)
def test_pulling_it_out_leaves_the_old_bundle_and_the_next_run_goes_on(store, make_stick, kind):
    """The server dies at that share of the writes that the update takes. (NTFS is left out: what its server leaves when it
    is killed takes Windows to repair. After some of these moments fusefat denies every new directory, also repaired.)"""
    stick = make_stick()
    bundle(store, stick, SMALL_OLD)
    stick.take_out()
    before = stick.image.read_bytes()
    old, new = tree_of(store, SMALL_OLD), tree_of(store, SMALL_NEW)

    stick.plug_in()
    with stick.watched():
        copied = bundle(store, stick, SMALL_NEW)["copied"]
    total = stick.writes

    def check_that_it_runs():
        assert (stick.root / new).is_dir() or store.must("--json", "verify", stick.root).json["problems"] == []
        assert go_version(store, stick) in ("go" + SMALL_OLD, "go" + SMALL_NEW)

    for moment in (0.05, 0.5, 0.9, 0.97):
        stick.take_out()
        stick.image.write_bytes(before)
        stick.plug_in()
        with stick.watched(kill_at=int(total * moment)):
            assert store("--json", "bundle", SMALL_NEW, "--target", stick.root).status != 0, f"{stick.writes} of {total}"
        stick.take_out()
        stick.plug_in_repaired()
        stick.replug_once(check_that_it_runs)
        again = stick.replug_once(lambda: bundle(store, stick, SMALL_NEW))
        assert again["flushed"] and again["current"] == new and again["copied"] <= copied
        stick.again()
        assert_whole(store, stick)
        assert go_version(store, stick) == "go" + SMALL_NEW
        assert store.must("--json", "--home", stick.root, "rollback").json["to"] == old
        assert store.must("--json", "--home", stick.root, "gc", "--dry-run").json["removed"] == []


@pytest.mark.parametrize("kind", ["fat32", "exfat"], indirect=True)
def test_a_store_there_is_whole_or_refused(store, make_stick, kind, tmp_path):
    """fusefat, unlike FAT, loses what is in a directory that is renamed."""
    store.home = make_stick().root / "store"
    store.must("fetch", SMALL_NEW, "-p", "linux/amd64", "--source", tmp_path / "mirror")
    done = store("--json", "trim", "--profile", "minimal")
    if kind == "fat32":
        assert done.status == 7 and "loses what is in a directory" in done.error["message"]
        assert store.must("--json", "list").json["trees"] == []
    else:
        assert store.must("--json", "verify").json["problems"] == []


def bring_a_module(gopack, stick, tmp_path):
    """One with a capital letter in its path and a file whose name fusefat, which wants ASCII, refuses."""
    files = {"go.mod": "module public.test/Words\n\ngo 1.18\n", "words.go": "package words\n", "Ä.txt": "Ä\n"}
    forge.put_in_proxy(tmp_path, "public.test/Words", "v1.0.0", files)
    project, cache = tmp_path / "project", stick.root / "shared/gopath/pkg"
    project.mkdir()
    (project / "go.mod").write_text("module project\n\ngo 1.18\n\nrequire public.test/Words v1.0.0\n")
    (project / "main.go").write_text('package main\n\nimport _ "public.test/Words"\n\nfunc main() {}\n')
    done = gopack("--json", "bundle", OLD, "--target", stick.root, "--modules", project / "go.mod",
                  env={"GOPROXY": (tmp_path / "proxy").as_uri(), "GOSUMDB": "off"})  # fmt: skip
    if stick.kind == "fat32":
        assert done.status == 7 and "!words@v1.0.0/Ä.txt" in done.error["message"], done.stdout
        assert not cache.exists()
    else:
        assert done.status == 0 and (cache / "mod/public.test/!words@v1.0.0/Ä.txt").read_text() == "Ä\n", done.stdout


@pytest.mark.parametrize("kind", ["exfat", *(["ntfs", "fat32"] if sdks.IS_FULL else [])], indirect=True)
def test_real_releases_are_used_from_there(bundle, gopack, make_stick, kind, tmp_path):
    """NEW for Linux and Windows, then OLD beside it."""
    stick = make_stick(megabytes=900)
    gopack.home = bundle
    gopack.must("bundle", NEW, "--target", stick.root)
    assert gopack.must("--json", "bundle", NEW, "--target", stick.root).json["copied"] == 0
    gopack.must("bundle", OLD, "--target", stick.root)
    stick.again()
    assert gopack.must("--json", "verify", stick.root).json["problems"] == []

    work = tmp_path / "hello"
    work.mkdir()
    write_hello(work)
    env = clean_env(gopack.user_home)
    bring_a_module(gopack, stick, tmp_path)
    data = ["--data-dir", tmp_path / "data"]
    if kind == "fat32":  # as where its programs may not run; fusefat also fails many readers at once now and then
        (stick.root / "config.yaml").unlink()  # which fusefat cannot shorten
        (stick.root / "config.yaml").write_text("stage: always\n")
        data = ["--portable", *data]
    assert run(["sh", stick.root / "go.sh", *data, "build", "-o", "hello", "."], cwd=work, env=env).returncode == 0
    assert run([work / "hello", "a"]).stdout == "hello [a]\n"
    for release in (OLD, NEW):
        # fusefat, unlike FAT, cannot append to a file, which use.sh does.
        use = ["sh", stick.root / "use.sh"] if kind != "fat32" else [gopack.binary, "--home", stick.root, "use"]
        done = run([*use, release], env=env)
        assert done.returncode == 0, done.stderr
        done = run(["sh", stick.root / "go.sh", *data, "version"], env=env)
        assert done.stdout == f"go version {release} linux/amd64\n", done.stderr
    gopack.must("--home", stick.root, "use", OLD)
    assert gopack.must("--json", "--home", stick.root, "rollback").json["tree"]["release"] == NEW
