"""go.env of a bundle: preset while it is made, changed by `go env -w`, in force for the oldest Go and the newest."""

import os

import pytest
import sdks
from conftest import NEW, Stick, clean_env, run
from test_environment import WAYS, go
from test_native import GO

OLDEST = "go1.18.10"  # knows no GOTOOLCHAIN, and has no go.env of its own

PRESET = {"GOPROXY": "https://proxy.example.test|direct", "GOSUMDB": "sum.example.test", "GOPRIVATE": "*.corp.test,git.test/a b",
          "GOFLAGS": "-mod=readonly -tags=one,two", "GOTOOLCHAIN": "local"}  # fmt: skip


@pytest.fixture(scope="module")
def material(gopack_binary, tmp_path_factory):
    """A store with both releases; the function makes bundles of it."""
    base = tmp_path_factory.mktemp("go-env")
    mirror = sdks.mirror(base / "mirror", [sdks.official(OLDEST), sdks.official(NEW)])

    def gopack(*words):
        return run([gopack_binary, "-q", "--durability", "fast", "--home", base / "store", *words], cwd=base, env=clean_env(base))

    for line in (["fetch", OLDEST, NEW, "--source", mirror], ["trim", "--profile", "minimal"]):
        assert gopack(*line).returncode == 0
    return gopack


@pytest.fixture
def bundling(material, tmp_path):
    """Makes the bundle (again), with presets."""

    def make(**preset):
        options = [word for name, value in preset.items() for word in ("--go-env", f"{name}={value}")]
        done = material("bundle", "--target", tmp_path / "stick", *options)
        assert done.returncode == 0, done.stderr
        return tmp_path / "stick"

    return make


def go_env(stick, home, *names):
    done = run([stick / "go.sh", "env", *names], cwd=home, env=clean_env(home))
    assert (done.returncode, done.stderr) == (0, "")
    return dict(zip(names, done.stdout.splitlines(), strict=True))


@pytest.mark.parametrize("release", [OLDEST, NEW])
def test_what_is_preset_is_in_force(release, bundling, home):
    stick = bundling(**{name: value for name, value in PRESET.items() if name != "GOTOOLCHAIN"})
    assert run([stick / "use.sh", release], env=clean_env(home)).returncode == 0
    expected = dict(PRESET, GONOSUMDB=PRESET["GOPRIVATE"], GONOPROXY=PRESET["GOPRIVATE"])
    if release == OLDEST:
        expected["GOTOOLCHAIN"] = ""
    assert go_env(stick, home, *expected) == expected


@pytest.mark.parametrize("release", [OLDEST, NEW])
def test_env_w_edits_the_file_of_the_bundle(release, bundling, home):
    stick = bundling(GOPRIVATE="before.test", GOVCS="*:git")
    assert run([stick / "use.sh", release], env=clean_env(home)).returncode == 0
    lines = (stick / "shared/gopath/go.env").read_text().splitlines()
    done = run([stick / "go.sh", "env", "-w", "GOPRIVATE=after.test", "GOFLAGS=-trimpath"], cwd=home, env=clean_env(home))
    assert (done.returncode, done.stderr) == (0, "")
    edited = (stick / "shared/gopath/go.env").read_text().splitlines()
    changed = [line.replace("before.test", "after.test") for line in lines] + ["GOFLAGS=-trimpath"]
    assert sorted(edited) == sorted(changed)
    assert go_env(stick, home, "GOPRIVATE", "GOFLAGS", "GOVCS") == {
        "GOPRIVATE": "after.test", "GOFLAGS": "-trimpath", "GOVCS": "*:git"}  # fmt: skip


def test_presets_and_edits_live_side_by_side(bundling, home):
    stick = bundling(GOPRIVATE="one.test")
    file = stick / "shared/gopath/go.env"
    assert run([stick / "go.sh", "env", "-w", "GOFLAGS=-v"], env=clean_env(home)).returncode == 0
    file.write_text("# mine\n" + file.read_text())
    before = file.read_text()
    bundling()
    assert file.read_text() == before
    bundling(GOPRIVATE="two.test", GOSUMDB="off")
    assert file.read_text() == before.replace("one.test", "two.test") + "GOSUMDB=off\n"


@pytest.mark.parametrize("word, reason", [("GOROOT=/x", "the launchers bind it"), ("GOPROXI=off", "no such setting"),
                                          ("GOPROXY", "NAME=VALUE")])  # fmt: skip
def test_what_cannot_be_preset(word, reason, material, tmp_path):
    done = material("bundle", "--target", tmp_path / "stick", "--go-env", word)
    assert done.returncode == 2 and reason in done.stderr
    assert not (tmp_path / "stick").exists()


MENDED = "# mine\nGOPRIVATE=corp.test\n\nGOFLAGS=-v\n"
SPOILT = "\ufeff" + MENDED.replace("\n", "\r\n").replace("corp.test\r", "corp.test\r\r") + "GOVCS=*:git\r"


def start(way, stick, gopack_binary, *words, data=None, **options):
    return run([*go(way, stick, gopack_binary, *(["--data-dir", data] if data else [])), *words], **options)


@pytest.mark.parametrize("way", WAYS)
def test_a_file_of_a_windows_editor_is_mended(way, bundling, home, gopack_binary):
    stick = Stick(bundling(), None)
    file = stick.root / "shared/gopath/go.env"
    file.write_text(SPOILT, encoding="utf-8", newline="")
    done = start(way, stick, gopack_binary, "env", "GOPRIVATE", "GOFLAGS", "GOVCS", cwd=home, env=clean_env(home))
    assert (done.returncode, done.stdout) == (0, "corp.test\n-v\n*:git\n")
    assert done.stderr.count("\n") == 1 and f"{file} ha" in done.stderr and "line ends" in done.stderr
    assert file.read_bytes() == (MENDED + "GOVCS=*:git").encode()
    done = start(way, stick, gopack_binary, "env", "GOPRIVATE", cwd=home, env=clean_env(home))
    assert (done.stdout, done.stderr) == ("corp.test\n", "")
    file.write_bytes("GOPRIVATE=corp.test\r\n".encode("utf-16"))
    done = start(way, stick, gopack_binary, "version", cwd=home, env=clean_env(home))
    assert (done.returncode, done.stdout) == (1, "") and f"{file}" in done.stderr and "is UTF-16" in done.stderr


@pytest.mark.parametrize("way", ["go.sh", GO])
def test_another_data_directory_gets_it_mended(way, bundling, home, gopack_binary, tmp_path):
    stick, data = Stick(bundling(), None), tmp_path / "data"
    file = stick.root / "shared/gopath/go.env"
    file.write_text(SPOILT, encoding="utf-8", newline="")
    done = start(way, stick, gopack_binary, "env", "GOPRIVATE", data=data, cwd=home, env=clean_env(home))
    assert done.stdout == "corp.test\n" and done.stderr.count("\n") == 1
    assert (data / "gopath/go.env").read_bytes() == (MENDED + "GOVCS=*:git").encode() != file.read_bytes()


@pytest.mark.skipif(os.geteuid() != 0, reason="another user is needed")
@pytest.mark.parametrize("way", ["gopack exec", "gopack env"])
def test_what_cannot_be_mended_is_an_error(way, bundling, home, gopack_binary):
    stick = Stick(bundling(), None)
    (stick.root / "shared/gopath/go.env").write_bytes(b"GOPRIVATE=corp.test\r\n")
    command = [*go(way, stick, gopack_binary), "version"]
    done = run(["unshare", "-m", "sh", "-c", 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', stick.root, *command],
               cwd=home, env=clean_env(home))  # fmt: skip
    assert done.returncode != 0 and done.stdout == "" and "go.env" in done.stderr and "ead-only" in done.stderr


def test_bundle_mends_it_and_presets_in_it(bundling, tmp_path):
    stick = bundling()
    file = stick / "shared/gopath/go.env"
    file.write_text(SPOILT, encoding="utf-8", newline="")
    assert bundling() == stick and file.read_bytes() == (MENDED + "GOVCS=*:git").encode()
    file.write_text(SPOILT, encoding="utf-8", newline="")
    bundling(GOPRIVATE="new.test")
    assert file.read_bytes().decode() == MENDED.replace("corp.test", "new.test") + "GOVCS=*:git\n"
