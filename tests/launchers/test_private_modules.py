"""Private modules: what the bundle presets is enough, in every worktree, and neither proxy nor database hears of them."""

import os
import shutil
import subprocess

import forge as forge_support
import pytest
from conftest import NEW, clean_env, run
from test_pointer_and_data import snapshot

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace needs root")

PRIVATE, PUBLIC = f"{forge_support.GIT}/team/lib", "public.test/words"
LIB = {"go.mod": f"module {PRIVATE}\n\ngo 1.18\n", "lib.go": 'package lib\n\nfunc Secret() string { return "secret" }\n'}
WORDS = {"go.mod": f"module {PUBLIC}\n\ngo 1.18\n", "words.go": 'package words\n\nconst Sesame = "sesame"\n'}
PROJECT = {
    "go.mod": f"module project\n\ngo 1.18\n\nrequire (\n\t{PRIVATE} v1.2.3\n\t{PUBLIC} v1.0.0\n)\n",
    "go.sum": forge_support.sums(PRIVATE, "v1.2.3", LIB) + forge_support.sums(PUBLIC, "v1.0.0", WORDS),
    "main.go": f'package main\n\nimport (\n\tlib "{PRIVATE}"\n\t"{PUBLIC}"\n)\n\nfunc main() {{ println(lib.Secret(), words.Sesame) }}\n',
}
PRESET = {"GOPROXY": f"https://{forge_support.PROXY}", "GOSUMDB": forge_support.database(), "GOPRIVATE": forge_support.GIT,
          "GOFLAGS": "-mod=readonly"}  # fmt: skip


@pytest.fixture
def forge(tmp_path):
    directory = tmp_path / "forge"
    directory.mkdir()
    forge_support.put_repository(directory, "lib", "v1.2.3", LIB)
    forge_support.put_in_proxy(directory, PUBLIC, "v1.0.0", WORDS)
    forge = forge_support.Forge(directory)
    yield forge
    forge.close()


@pytest.fixture
def worktrees(tmp_path):
    """Two worktrees of one repository."""
    forge_support.put_repository(tmp_path / "project", "project", "v0", PROJECT)
    main, other = tmp_path / "project/work/project", tmp_path / "other worktree"
    subprocess.run(["git", "-C", main, "worktree", "add", "-q", "-b", "other", other], check=True, capture_output=True)
    return main, other


@pytest.fixture
def user(tmp_path):
    """The home directory of someone who has logged in at the forge once."""
    home = tmp_path / "user"
    home.mkdir()
    (home / ".netrc").write_text(f"machine {forge_support.GIT} login {forge_support.USER} password {forge_support.PASSWORD}\n")
    return home


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """A build cache that the tests share."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def bundling(gopack_binary, bundle, compiled, forge, user, tmp_path):
    def make(*options):
        target = tmp_path / "stick"
        (target / "shared/gopath").mkdir(parents=True)
        (target / "shared/gopath/cache").symlink_to(compiled)
        presets = [word for name, value in PRESET.items() for word in ("--go-env", f"{name}={value}")]
        done = run([*forge.enter, tmp_path, gopack_binary, "-q", "--durability", "fast", "--home", bundle.parent / "store",
                    "bundle", NEW, "--target", target, *presets, *options], env=clean_env(user))  # fmt: skip
        assert done.returncode == 0, done.stderr
        return target

    return make


def build_and_run(go, enter, project, home, **environment):
    done = run([*enter, project, *go, "build", "-o", "program", "."], env=clean_env(home, CGO_ENABLED="0", **environment))
    assert done.returncode == 0, done.stderr
    assert run([project / "program"]).stderr == "secret sesame\n"
    (project / "program").unlink()
    status = run(["git", "-C", project, "status", "--porcelain"])
    assert (status.returncode, status.stdout) == (0, "")


def asked_of_strangers(forge):
    return [line for line in forge.log() if line.startswith(forge_support.PROXY) and PUBLIC not in line]


def test_every_worktree_builds_with_what_the_bundle_presets(bundling, forge, worktrees, user):
    target = bundling()
    for project in worktrees:
        build_and_run([target / "go.sh"], forge.enter, project, user)
        shutil.rmtree(target / "shared/gopath/pkg")  # the other one starts from nothing, too
    assert any(PUBLIC in line for line in forge.log()) and any(f"{PRIVATE}.git" in line for line in forge.log())
    assert asked_of_strangers(forge) == []
    # What the preset keeps from happening: otherwise this test could not fail.
    done = run([*forge.enter, worktrees[0], target / "go.sh", "mod", "download"], env=clean_env(user, GONOPROXY="none"))
    assert done.returncode != 0 and any(PRIVATE in line for line in asked_of_strangers(forge))


def test_caches_may_be_thrown_away(bundling, forge, worktrees, user, tmp_path):
    """They lie on a volume that goes after each build; proxy, database and -mod=readonly hold all the same."""
    target, volume = bundling(), tmp_path / "volume"
    build_and_run([target / "go.sh"], forge.enter, worktrees[0], user)
    (target / "shared/gopath/cache/gopack-warm").write_text("1\n")
    before = snapshot(target)
    for project in worktrees:
        go = [target / "go.sh", "--data-dir", volume]
        build_and_run(go, forge.enter, project, user)
        done = run([*forge.enter, project, *go, "env", *PRESET], env=clean_env(user))
        assert done.stdout.splitlines() == list(PRESET.values())
        shutil.rmtree(volume)
    assert snapshot(target) == before and asked_of_strangers(forge) == []


def test_private_modules_are_brought_along(bundling, forge, worktrees, user, tmp_path):
    project, other = worktrees
    target = bundling("--modules", project / "go.mod")
    assert any(f"{PRIVATE}.git" in line for line in forge.log()) and asked_of_strangers(forge) == []
    moved = target.rename(tmp_path / "moved")
    offline = ["unshare", "-n", "sh", "-c", 'cd "$0" && exec "$@"']
    for place in (project, other):
        build_and_run([moved / "go.sh"], offline, place, tmp_path / "nobody")
