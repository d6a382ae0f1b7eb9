"""One bundle for three systems with two Go releases: made here, moved there, used without any network."""

import os

import pytest
import sdks
from conftest import NEW, clean_env, current_of, run
from test_modules import in_order, write_project
from test_modules import proxy  # noqa: F401

SECOND = "go1.25.14"
PLATFORMS = ("linux-amd64", "windows-amd64", "darwin-arm64")
OFFLINE = ["unshare", "-n"]

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace needs root")


@pytest.fixture(scope="module")
def projects(tmp_path_factory, proxy):  # noqa: F811
    base = tmp_path_factory.mktemp("projects")
    made = [write_project(base / name, name) for name in ("one", "two")]
    for project in made:
        in_order(project, proxy, base)
    return made


@pytest.fixture(scope="module")
def stick(gopack_binary, projects, proxy, tmp_path_factory):  # noqa: F811
    """The bundle, where it was moved to after it was made."""
    base = tmp_path_factory.mktemp("end-to-end")
    archives = [*(sdks.official(NEW, platform) for platform in PLATFORMS), sdks.official(SECOND)]
    mirror = sdks.mirror(base / "mirror", archives)
    modules = [project / "go.mod" for project in projects]
    for line in (["fetch", NEW, "-p", "linux/amd64,windows/amd64,darwin/arm64", "--source", mirror],
                 ["fetch", SECOND, "--source", mirror], ["trim", "--profile", "minimal"], ["use", NEW],
                 ["bundle", "--target", base / "made here", "--go-env", "GOFLAGS=-mod=readonly", "--modules", *modules,
                  "--warm", "fmt", "--warm-flags", "plain"]):  # fmt: skip
        done = run([gopack_binary, "-q", "--durability", "fast", "--home", base / "store", *line], cwd=base,
                   env=clean_env(base, **proxy))
        assert done.returncode == 0, done.stderr
    (base / "store").rename(base / "store no more")
    return (base / "made here").rename(base / "moved there é")


def test_the_bundle_is_whole_after_the_move(gopack_binary, stick):
    assert run([gopack_binary, "verify", stick]).returncode == 0
    done = run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=stick)
    assert done.returncode == 0, done.stdout
    tree = stick / current_of(stick)
    assert {path.name for path in (tree / "pkg/tool").iterdir()} >= {"linux_amd64", "windows_amd64", "darwin_arm64"}
    for name, magic in (("linux_amd64/go", b"\x7fELF"), ("darwin_arm64/go", b"\xcf\xfa\xed\xfe"), ("go.exe", b"MZ")):
        assert (tree / "bin" / name).read_bytes().startswith(magic)


@pytest.mark.parametrize("release", [NEW, SECOND])
def test_both_releases_serve_both_projects_offline(release, stick, projects, home):
    go = [*OFFLINE, stick / "go.sh"]
    assert run([*OFFLINE, stick / "use.sh", release], env=clean_env(home)).returncode == 0
    tree, data = stick / current_of(stick), stick / "shared/gopath"
    names = {"GOVERSION": release, "GOROOT": tree, "GOPATH": data, "GOMODCACHE": data / "pkg/mod", "GOCACHE": data / "cache",
             "GOENV": data / "go.env", "GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local"}  # fmt: skip
    done = run([*go, "env", *names], cwd=home, env=clean_env(home))
    assert done.stdout.splitlines() == [str(value) for value in names.values()]
    for project in projects:
        for line in ("build ./...", "test ./...", "vet ./..."):
            done = run([*go, *line.split()], cwd=project, env=clean_env(home))
            assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
        done = run([*go, "run", "."], cwd=project, env=clean_env(home))
        assert "world" in done.stdout, done.stderr


def test_a_windows_program_made_offline_runs(stick, projects, wine, home, tmp_path):
    assert run([*OFFLINE, stick / "use.sh", NEW], env=clean_env(home)).returncode == 0
    build = [*OFFLINE, stick / "go.sh", "build", "-v", "-o", tmp_path / "one.exe", "."]
    done = run(build, cwd=projects[0], env=clean_env(home, GOOS="windows"))
    assert done.returncode == 0, done.stderr
    assert "runtime" not in done.stderr.split()  # the build cache knows Windows, too
    assert "world" in wine.run(tmp_path / "one.exe").stdout
