"""Each kind of failure: its exit status, its word, what it names, and that store and target stay as they were."""

import gzip
import hashlib
import io
import subprocess
import tarfile

import pytest
from conftest import NEW, OLD
from files import listing, overwrite

PROFILE = "name: mine\nextends: minimal\nrules:\n  - drop: {path}\n    category: x\n    reason: y\n"


def assert_fails(gopack, arguments, status, kind, *texts, untouched=()):
    before = listing(gopack.home, *untouched)
    result = gopack("--json", *arguments)
    assert (result.status, result.error["kind"]) == (status, kind), result.stdout
    for text in texts:
        assert text in result.error["message"] + " " + result.error["hint"]
    assert listing(gopack.home, *untouched) == before
    plain = gopack(*arguments)
    assert (plain.status, plain.stdout) == (status, "")
    assert plain.stderr.splitlines()[-2 if result.error["hint"] else -1].startswith("gopack: ")
    assert listing(gopack.home, *untouched) == before


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("frobnicate", "frobnicate"),
        ("list --frobnicate", "--frobnicate"),
        ("use", "selector"),
        ("bundle", "--target"),
        ("fetch 1.x.y", "1.x.y"),
        ("fetch 1.22 -p plan9", "plan9"),
        ("fetch 1.22 --sha256 12", "--sha256"),
        ("fetch 1.22 --source gopher://x", "gopher"),
        ("-j many list", "many"),
        ("--progress sometimes list", "sometimes"),
        ("env --shell tcsh", "tcsh"),
        ("exec", "--"),
        ("completion tcsh", "tcsh"),
        ("profile show nonsense", "nonsense"),
        ("profile suggest -- go version", "--trace"),
        ("profile suggest --trace", "-- go test"),
        ("bundle --target x --warm std --warm-flags nonsense", "nonsense"),
        ("trim --profile nonsense", "nonsense"),
        ("use v_0123", "v_0123"),
        ("use 1.22+", '"1.22+" names no profile behind the +'),
        ("list 1.22+/linux-amd64", "names no profile"),
        ("diff 1.22+ 1.21", "names no profile"),
        ("use 1.22/", "1.22/"),
        ("bundle 1.22+minimal/ --target x", "1.22+minimal/"),
        ("doctor x -- y --json", "not expected: y --json"),
        ("use -- --json", '"--json"'),
        ("bundle --target -- 1.22", "--target"),
        ("verify -- /no/such/directory", "/no/such/directory"),
    ],
)
def test_wrong_usage(store, line, text):
    assert_fails(store.gopack, line.split(), 2, "usage", text)


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("", "--target"),
        ("{home}", "the store itself"),
        ("{home}/shared/..", "the store itself"),
        ("{home}/shared/stick", "the store itself"),
    ],
)
def test_a_target_that_is_none(store, target, text):
    (store.home / "shared").mkdir(exist_ok=True)
    assert_fails(store.gopack, ["bundle", "--target", target.format(home=store.home)], 2, "usage", text)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("name: x\nrules:\n  - dorp: a\n", ":3:5", "dorp"),
        ("name: x\nextends: nonsense\n", ":2:10", "nonsense"),
        ("name: [x\n", ":2:1", ""),
        ("name: x\nrules:\n  - drop: ../a\n    category: c\n    reason: r\n", ":3:11", "../a"),
        (PROFILE.format(path="VERSION"), ":4", "VERSION"),
        (PROFILE.format(path="pkg/tool/*/compile"), ":4", "pkg/tool/linux_amd64/compile"),
        (PROFILE.format(path="src/fmt/"), ":4", "src/fmt/"),
        (PROFILE.format(path="bin/**"), ":4", "bin/go"),
        (PROFILE.format(path="lib/time/"), ":4", "the capability build (minimal.yaml:4) needs"),
        (PROFILE.format(path="pkg/include/*.h"), ":4", "pkg/include/asm_amd64.h"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--dry-run"]], ids=["run", "dry run"])
def test_a_wrong_profile_is_refused_with_its_line(fetched, tmp_path, text, place, message, options):
    profile = tmp_path / "mine.yaml"
    profile.write_text(text)
    assert_fails(fetched, ["trim", "--profile", profile, *options], 2, "usage", "mine.yaml" + place, message)


@pytest.mark.parametrize("line", ["fetch 1.99 -p linux/amd64 --source {mirror}", "list 1.99", "use 1.99", "trim 1.99", "remove 1.99"])
def test_an_unknown_version(store, mirror, line):
    assert_fails(store.gopack, line.format(mirror=mirror).split(), 4, "unreachable", "1.99", "go" + NEW)


@pytest.mark.parametrize("source", ["/no/such/directory", "http://127.0.0.1:1"])
def test_a_source_that_is_not_there(store, source):
    """Nothing listens at port 1."""
    assert_fails(store.gopack, ["fetch", "1.23", "--source", source], 4, "unreachable", source)


def test_a_platform_that_the_release_lacks(store, mirror):
    assert_fails(store.gopack, ["fetch", NEW, "-p", "aix/ppc64", "--source", mirror], 4, "unreachable", "aix/ppc64")


def test_releases_that_lack_a_platform_are_named(gopack, releases, tmp_path):
    mirror = tmp_path / "mirror"
    releases.write_mirror(mirror, ["1.20.3", OLD], ["linux-amd64"], with_index=False)
    releases.write_mirror(mirror, [NEW], ["linux-amd64", "windows-amd64"], with_index=False)
    platforms = "linux/amd64,windows/amd64"
    result = gopack.must("fetch", "1.20..1.22", "-p", platforms, "--source", mirror)
    assert "lacks them for windows/amd64: go1.20.3, go" + OLD in result.stderr
    assert {path.name for path in gopack.downloads.glob("*.zip")} == {f"go{NEW}.windows-amd64.zip"}
    assert len(list(gopack.downloads.glob("*.tar.gz"))) == 1
    assert "lacks" not in gopack.must("fetch", "1.22", "-p", platforms, "--source", mirror).stderr


def test_a_file_that_verify_can_do_nothing_with(store):
    assert_fails(store.gopack, ["verify", "/etc/passwd"], 2, "usage", "cannot verify /etc/passwd", ".tar.gz")


def test_a_cache_that_is_named_and_not_there(store, tmp_path):
    assert_fails(store.gopack, ["cache", "push", "--local", tmp_path / "none", "--share", tmp_path], 1, "failed", "none")
    assert not (tmp_path / "none").exists()


def test_a_wrong_digest(gopack, mirror):
    gopack.must("fetch", OLD, "-p", "linux/amd64", "--source", mirror)
    archive = mirror / f"go{NEW}.linux-amd64.tar.gz"
    right = hashlib.sha256(archive.read_bytes()).hexdigest()
    archive.write_bytes(archive.read_bytes()[:-1] + b"x")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    line = ["fetch", NEW, "-p", "linux/amd64", "--source", mirror]
    assert_fails(gopack, line, 3, "integrity", archive.name, right, found)


@pytest.mark.parametrize("present", [False, True])
def test_the_digest_of_the_user_is_not_that_of_the_archive(gopack, mirror, present):
    line = ["fetch", NEW, "-p", "linux/amd64", "--source", mirror]
    if present:
        gopack.must(*line)
    assert_fails(gopack, [*line, "--sha256", "0" * 64], 3, "integrity", "0" * 64)


def test_no_digest_no_install(gopack, mirror):
    (mirror / "index.json").unlink()
    for file in mirror.glob("*.sha256"):
        file.unlink()
    line = ["fetch", NEW, "-p", "linux/amd64", "--source", mirror]
    gopack.home.mkdir()
    assert gopack("--json", *line).status == 3
    assert not list(gopack.downloads.glob("*")) and "--allow-unverified" in gopack(*line).stderr
    gopack.must(*line, "--allow-unverified")
    [tree] = gopack.must("--json", "trim").json["trees"]
    assert '"verified_by": "nothing"' in (gopack.home / (tree["id"] + ".json")).read_text()


def put_archive(mirror, data):
    """An archive that is what its .sha256 says, whatever else it is."""
    archive = mirror / "go1.23.4.linux-amd64.tar.gz"
    archive.write_bytes(data)
    (mirror / (archive.name + ".sha256")).write_text(hashlib.sha256(data).hexdigest())
    (mirror / "index.json").unlink()
    return archive


def tar_gz(entry):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        version = tarfile.TarInfo("go/VERSION")
        tar.addfile(version, io.BytesIO())
        tar.addfile(entry, io.BytesIO(bytes(entry.size)))
    return packed.getvalue()


def entry(name, kind=tarfile.REGTYPE, linkname="", size=0):
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.size = kind, linkname, size
    return made


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (tar_gz(entry("go/link", tarfile.SYMTYPE, "/etc/passwd")), "go/link"),
        (tar_gz(entry("go/hard", tarfile.LNKTYPE, "go/VERSION")), "go/hard"),
        (tar_gz(entry("go/pipe", tarfile.FIFOTYPE)), "go/pipe"),
        (tar_gz(entry("go/../../outside")), "go/../../outside"),
        (tar_gz(entry("/etc/absolute")), "/etc/absolute"),
        (tar_gz(entry("other/file")), "other/file"),
        (tar_gz(entry("go/VERSION")), "VERSION"),
        (tar_gz(entry("go/cut", size=100_000))[:-20], "go1.23.4"),
        (gzip.compress(b"<html>please log in</html>"), "go1.23.4"),
    ],
    ids=["symlink", "hard link", "pipe", "parent", "absolute", "other root", "twice", "cut", "page in gzip"],
)
def test_an_unsafe_or_malformed_archive(fetched, mirror, data, text):
    put_archive(mirror, data)
    fetched("fetch", "1.23.4", "-p", "linux/amd64", "--source", mirror)
    assert_fails(fetched, ["trim", "1.23.4"], 6, "unsafe", text)


@pytest.mark.parametrize("line", ["fetch 1.22 -p linux/amd64 --source {mirror}", "trim", "use 1.22", "gc", "repair", "remove 1.22",
                                  "bundle --target {target}"])  # fmt: skip
def test_a_store_in_use(store, mirror, tmp_path, line):
    line = line.format(mirror=mirror, target=tmp_path / "stick")
    with store.gopack.locked(store.home / ".gopack/lock"):
        assert_fails(store.gopack, ["--lock-timeout", "0", *line.split()], 5, "busy", str(store.home))


def test_a_target_in_use(store, tmp_path):
    target = tmp_path / "stick"
    store.gopack.must("bundle", OLD, "--target", target)
    with store.gopack.locked(target / ".gopack/lock"):
        line = ["--lock-timeout", "0", "bundle", "--target", target]
        assert_fails(store.gopack, line, 5, "busy", str(target), untouched=[target])


def test_reading_needs_no_lock(store):
    with store.gopack.locked(store.home / ".gopack/lock"):
        for line in ("list", "verify") if store.gopack.is_windows else ("list", "verify", "env", "exec -- true"):
            store.gopack.must("--lock-timeout", "0", *line.split())


@pytest.fixture
def mount(tmp_path):
    """Mounts a tmpfs; whoever is not root cannot."""
    mounted = []

    def make(name, options):
        (tmp_path / name).mkdir(exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "gopack", tmp_path / name], capture_output=True)
        if done.returncode != 0:
            pytest.skip("mounting takes root")
        mounted.append(tmp_path / name)
        return tmp_path / name

    yield make
    for path in mounted:
        subprocess.run(["umount", path], check=True)


def test_a_full_target(store, mount):
    target = mount("stick", "size=1m")
    (target / "mine.txt").write_text("mine")
    assert_fails(store.gopack, ["bundle", "--target", target], 7, "noroom", str(target), untouched=[target])


def test_a_full_store(gopack, mirror, mount):
    mount("store", "size=1500k")
    gopack.must("fetch", NEW, "-p", "linux/amd64", "--source", mirror)
    assert_fails(gopack, ["trim"], 7, "noroom", str(gopack.home))
    assert_fails(gopack, ["fetch", OLD, "-p", "linux/amd64", "--source", mirror], 7, "noroom", str(gopack.home))


def test_a_target_that_cannot_be_written_to(store, mount):
    target = mount("stick", "ro")
    assert_fails(store.gopack, ["bundle", "--target", target], 7, "noroom", str(target), untouched=[target])


def test_a_file_for_a_target(store, tmp_path):
    target = tmp_path / "stick"
    target.write_text("mine")
    assert_fails(store.gopack, ["bundle", "--target", target], 1, "failed", str(target), "a stick or share")
    assert target.read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.txt", "not gopack's"),
        ("SHA256SUMS", "not gopack's"),
        ("use.sh", "not gopack's"),
        ("go.sh/mine", "go.sh is there already and is not a file"),
        ("shared", "shared is there already and is not a directory"),
    ],
)
def test_names_that_are_taken_in_a_target(store, tmp_path, name, text):
    path = tmp_path / "stick" / name
    path.parent.mkdir(parents=True)
    path.write_text("mine\n")
    assert_fails(store.gopack, ["bundle", "--target", tmp_path / "stick"], 1, "failed", text)
    assert [p for p in (tmp_path / "stick").rglob("*") if p.is_file()] == [path]
    assert path.read_text() == "mine\n"


def test_a_cache_that_cannot_be_warmed_as_asked(store, tmp_path):
    line = ["--json", "bundle", "--target", tmp_path / "stick", "--warm", "std", "--warm-flags", "plain,race"]
    refused = store.gopack(*line, env={"PATH": str(tmp_path)})  # has no C compiler
    assert refused.status == 1 and "with race" in refused.error["message"] and "gcc" in refused.error["hint"]
    assert not (tmp_path / "stick").exists()


@pytest.mark.parametrize("words", ["nonsense", "std nonsense"])
def test_packages_to_warm_with_that_no_tree_has(store, tmp_path, words):
    """They are known before anything is written."""
    refused = store.gopack("--json", "bundle", "--target", tmp_path / "stick", "--warm", *words.split())
    assert refused.status == 1 and "nonsense is not in std" in refused.error["message"]
    assert not (tmp_path / "stick").exists()
    store.gopack.must("bundle", "--target", tmp_path / "stick", "--warm", "fmt")


def test_a_damaged_tree_is_not_made_current(store):
    overwrite(store.home / store.new / "src/fmt/print.go")
    assert_fails(store.gopack, ["use", NEW], 3, "integrity", "src/fmt/print.go", "gopack repair")


def test_the_last_tree_is_not_removed(store):
    store.gopack.must("remove", NEW)
    assert_fails(store.gopack, ["remove", OLD], 1, "failed", store.old, "--force")


@pytest.mark.parametrize("line", ["rollback", "exec -- no-such-program"])
def test_what_just_fails(store, line):
    assert_fails(store.gopack, line.split(), 1, "failed")


@pytest.mark.parametrize("line", ["use 1.22", "verify", "env", "trim", "rollback", "bundle --target x", "gc", "repair", "remove 1.22"])
@pytest.mark.parametrize("is_there", [False, True], ids=["nothing", "a directory"])
def test_where_there_is_no_store_yet(gopack, line, is_there):
    if is_there:
        (gopack.home / "downloads").mkdir(parents=True)
        (gopack.home / "downloads/thesis.pdf").write_text("mine")
    before = listing(gopack.home)
    result = gopack("--json", *line.split())
    assert (result.status, result.error["kind"]) == (1, "failed")
    assert f"there is no store in {gopack.home}" in result.error["message"] and "gopack fetch" in result.error["hint"]
    assert listing(gopack.home) == before and not (gopack.home / ".gopack").exists()


def test_what_needs_no_store(gopack, mirror):
    assert len(gopack.must("--json", "list", "--remote", "--source", mirror).json["releases"]) == 2
    assert gopack.must("--json", "list").json["trees"] == []
    assert not gopack.home.exists()
