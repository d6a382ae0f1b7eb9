"""go.env of a bundle: preset while it is made, changed by `go env -w`, in force for the oldest Go and the newest."""

import pytest
import sdks
from conftest import NEW, clean_env, run

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
