"""The modules of `gopack bundle --modules`: everything a project needs, without a network, on a bundle that was moved."""

import os
import shutil
import subprocess

import pytest
import sdks
from conftest import NEW, OLD, clean_env, current_of, run
from test_native import GO
from test_pointer_and_data import read_only_mount

MAIN = """package main

import (
	"fmt"

	"rsc.io/quote"
)

func main() { fmt.Println(quote.Hello()) }
"""
TEST = """package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEqual(t *testing.T) {
	if cmp.Diff(1, 1) != "" {
		t.Fatal()
	}
}
"""
GO_MOD = "module {}\n\ngo 1.18\n\nrequire (\n\tgithub.com/google/go-cmp v0.5.9\n\trsc.io/quote v1.5.2\n)\n"

offline = pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace needs root")


@pytest.fixture(scope="session")
def proxy():
    """Settings of Go by which modules come from where this machine gets them."""
    asked = subprocess.run(["go", "env", "GOPROXY", "GOSUMDB"], capture_output=True, text=True, check=True, cwd=sdks.CACHE,
                           env=dict(os.environ, GOTOOLCHAIN="local"))  # fmt: skip
    goproxy, gosumdb = asked.stdout.split("\n")[:2]
    return {"GOPROXY": goproxy, "GOSUMDB": gosumdb}


@pytest.fixture
def bundling(gopack_binary, bundle, warm, proxy, tmp_path):
    """Makes a bundle with the modules of projects."""

    def make(*projects, release=NEW, watched_by=(), options=(), **settings):
        target = tmp_path / "stick"
        if not target.exists():
            (target / "shared/gopath").mkdir(parents=True)
            subprocess.run(["cp", "-al", warm, target / "shared/gopath/cache"], check=True)
        done = run([*watched_by, gopack_binary, "-q", *options, "--durability", "fast", "--home", bundle.parent / "store", "bundle", release, "--target",
                    target, "--modules", *projects], cwd=tmp_path, env=clean_env(tmp_path, **(proxy | settings)))  # fmt: skip
        return target, done

    return make


def write_project(directory, name="project"):
    directory.mkdir(parents=True)
    (directory / "go.mod").write_text(GO_MOD.format(name))
    (directory / "main.go").write_text(MAIN)
    (directory / "main_test.go").write_text(TEST)
    return directory


def texts(directory):
    return {path.name: path.read_text() for path in directory.iterdir()}


def in_order(project, proxy, tmp_path):
    """With a go.sum, as the go command writes it."""
    environment = clean_env(tmp_path, GOMODCACHE=str(tmp_path / "mod"), GOFLAGS="-modcacherw", GOTOOLCHAIN="local", **proxy)
    done = run(["go", "mod", "tidy"], cwd=project, env=environment | {"PATH": os.environ["PATH"]})
    assert done.returncode == 0, done.stderr


@offline
def test_a_moved_bundle_serves_a_project_without_a_network(bundling, home, proxy, tmp_path):
    project = write_project(tmp_path / "project")
    in_order(project, proxy, tmp_path)
    before = texts(project)
    target, done = bundling(project / "go.mod")
    assert done.returncode == 0, done.stderr
    assert texts(project) == before
    go = ["unshare", "-n", target.rename(tmp_path / "another place") / "go.sh"]
    for line in ("build ./...", "vet ./...", "test ./...", "mod tidy", "mod verify", "list -m all"):
        done = run([*go, *line.split()], cwd=project, env=clean_env(home, CGO_ENABLED="0"))
        assert done.returncode == 0, f"{line}: {done.stderr}"


@offline
@pytest.mark.parametrize("launcher", ["go.sh", GO])
def test_a_data_directory_has_the_modules_of_a_read_only_bundle(launcher, bundling, home, proxy, warm, tmp_path):
    project, data = write_project(tmp_path / "project"), tmp_path / "data"
    in_order(project, proxy, tmp_path)
    target, done = bundling(project / "go.mod")
    assert done.returncode == 0, done.stderr
    (data / "gopath").mkdir(parents=True)
    subprocess.run(["cp", "-al", warm, data / "gopath/cache"], check=True)
    go = [*read_only_mount(target), "unshare", "-n", target / launcher, "--data-dir", data]
    for line in ("test ./...", "mod tidy", "mod verify", "clean -modcache", "build ./..."):
        done = run([*go, *line.split()], cwd=project, env=clean_env(home, CGO_ENABLED="0"))
        assert done.returncode == 0, f"{line}: {done.stderr}"


def test_a_checkout_whose_owner_git_doubts(bundling, home, proxy, tmp_path):
    """As on sticks and shares, and under sudo: nothing is stamped, so that nobody asks git."""
    project = write_project(tmp_path / "project")
    in_order(project, proxy, tmp_path)
    for line in ("init -q", "add .", "-c user.name=n -c user.email=e commit -q -m m"):
        subprocess.run(["git", *line.split()], cwd=project, check=True)
    doubted = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    target, done = bundling(project / "go.mod", **doubted)
    assert done.returncode == 0, done.stderr
    environment = clean_env(home, CGO_ENABLED="0", GOPROXY="off", **doubted)
    done = run([target / "go.sh", "build", "-o", "p", "."], cwd=project, env=environment)
    assert done.returncode == 1 and "Use -buildvcs=false" in done.stderr, "Go asks git, which still doubts"
    done = run([target / "go.sh", "build", "-o", "p", "."], cwd=project, env=dict(environment, GOFLAGS="-buildvcs=false"))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("umask", ["077", "022"])
def test_others_may_read_all_of_the_bundle(umask, bundling, proxy, tmp_path):
    project = write_project(tmp_path / "project")
    in_order(project, proxy, tmp_path)
    target, done = bundling(project / "go.mod", watched_by=["sh", "-c", f'umask {umask}; exec "$@"', "sh"])
    assert done.returncode == 0, done.stderr
    for path in target.rglob("*"):
        mode = path.stat().st_mode & 0o777
        assert mode in ((0o755, 0o555) if path.is_dir() else (0o644, 0o755, 0o444, 0o555)), f"{path}: {mode:o}"


@offline
def test_a_workspace(bundling, home, proxy, tmp_path):
    workspace = tmp_path / "workspace"
    for name in ("one", "two"):
        in_order(write_project(workspace / name, name), proxy, tmp_path)
    (workspace / "go.work").write_text("go 1.18\n\nuse (\n\t./one\n\t./two\n)\n")
    before = workspace.stat().st_mtime_ns
    target, done = bundling(workspace / "go.work")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in workspace.iterdir()} == {"one", "two", "go.work"}
    assert workspace.stat().st_mtime_ns == before, "nothing was made there, not even for a while"
    done = run(["unshare", "-n", target / "go.sh", "run", "./two"], cwd=workspace, env=clean_env(home, CGO_ENABLED="0"))
    assert "world" in done.stdout, done.stderr  # in the language of the machine


def write_vendored(directory, of_workspace):
    """A project, or a workspace of it, with a module that is in vendor/ alone; the file that names it."""
    project = directory / "one" if of_workspace else directory
    words = directory / "vendor/private.test/words"
    project.mkdir(parents=True)
    words.mkdir(parents=True)
    (project / "go.mod").write_text("module one\n\ngo 1.18\n\nrequire private.test/words v1.0.0\n")
    (project / "main.go").write_text('package main\n\nimport _ "private.test/words"\n\nfunc main() {}\n')
    (words / "words.go").write_text("package words\n")
    head = "## workspace\n" if of_workspace else ""
    (directory / "vendor/modules.txt").write_text(head + "# private.test/words v1.0.0\n## explicit; go 1.18\nprivate.test/words\n")
    if not of_workspace:
        return directory / "go.mod"
    (directory / "go.work").write_text("go 1.22\n\nuse ./one\n")
    return directory / "go.work"


@offline
@pytest.mark.parametrize("of_workspace", [False, True], ids=["module", "workspace"])
def test_what_builds_from_vendor_needs_no_download(of_workspace, bundling, home, gopack_binary, bundle, tmp_path):
    project = write_vendored(tmp_path / "project", of_workspace)
    target, done = bundling(project, watched_by=["unshare", "-n"], GOPROXY="https://proxy.invalid")
    assert done.returncode == 0, done.stderr
    done = run(["unshare", "-n", target / "go.sh", "build", "-o", tmp_path / "one", "./one" if of_workspace else "."],
               cwd=project.parent, env=clean_env(home, CGO_ENABLED="0"))  # fmt: skip
    assert done.returncode == 0, done.stderr
    done = run([gopack_binary, "--durability", "fast", "--home", bundle.parent / "store", "bundle", NEW, "--target", target, "--modules", project],
               cwd=tmp_path, env=clean_env(tmp_path, GOPROXY="off"))  # fmt: skip
    assert done.returncode == 0 and f"{project} builds from its vendor directory" in done.stderr, done.stderr
    shutil.rmtree(project.parent / "vendor/private.test")
    target, done = bundling(project, GOPROXY="off")
    assert done.returncode == 1 and "without a network" in done.stderr and "go mod vendor" in done.stderr


def test_the_module_cache_is_a_proxy(bundling, home, tmp_path, proxy):
    project = write_project(tmp_path / "project")
    in_order(project, proxy, tmp_path)
    target, done = bundling(project / "go.mod")
    assert done.returncode == 0, done.stderr
    served = (target / "shared/gopath/pkg/mod/cache/download").as_uri()
    go = [target / "go.sh", "--data-dir", tmp_path / "data"]
    environment = clean_env(home, GOPROXY=served, GOSUMDB="off", GOFLAGS="-modcacherw")
    done = run([*go, "mod", "download"], cwd=project, env=environment)
    assert done.returncode == 0, done.stderr
    target, done = bundling(project / "go.mod", GOPROXY="off")
    assert done.returncode == 0, f"what is there is not asked for again: {done.stderr}"


def test_offline_asks_no_proxy(bundling, proxy, tmp_path):
    project = write_project(tmp_path / "project")
    in_order(project, proxy, tmp_path)
    trace = tmp_path / "trace"
    strace = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", trace, "-e", "trace=connect"]
    target, done = bundling(project / "go.mod", watched_by=strace, options=["--offline"])
    assert done.returncode == 1 and "disabled by GOPROXY=off" in done.stderr
    assert "AF_INET" not in trace.read_text()
    target, done = bundling(project / "go.mod")
    served = (target.rename(tmp_path / "other") / "shared/gopath/pkg/mod/cache/download").as_uri()
    target, done = bundling(project / "go.mod", watched_by=strace, options=["--offline"], GOSUMDB="off",
                            GOPROXY=f"https://proxy.invalid,{served}")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "AF_INET" not in trace.read_text()


def test_a_module_that_is_not_to_be_had(bundling, tmp_path):
    project = write_project(tmp_path / "project")
    (project / "go.mod").write_text(GO_MOD.format("project").replace("v1.5.2", "v1.5.99"))
    target, done = bundling(project / "go.mod")
    assert done.returncode == 1 and "v1.5.99" in done.stderr
    # The switch comes last: the bundle starts what it started before, which is nothing here.
    assert not [path for path in target.iterdir() if path.name.startswith("current")]
    target, done = bundling(tmp_path / "nothing/go.mod")
    assert done.returncode == 2 and "nothing/go.mod" in done.stderr


def test_modules_that_do_not_suffice_without_a_network(bundling, home, proxy, tmp_path):
    """A bad stick has changed a module: the rehearsal finds it, and the bundle starts what it started before."""
    project = write_project(tmp_path / "project")
    in_order(project, proxy, tmp_path)
    target, done = bundling(project / "go.mod", release=OLD)
    assert done.returncode == 0, done.stderr
    before = current_of(target)
    modules = target / "shared/gopath/pkg/mod"
    module = modules / "rsc.io/quote@v1.5.2"
    source = (module / "quote.go").read_text()
    (module / "quote.go").write_text(source.replace("Hello", "Hullo", 1))
    target, done = bundling(project / "go.mod")
    assert done.returncode == 1
    assert "without a network" in done.stderr and "rsc.io/quote v1.5.2: dir has been modified" in done.stderr
    assert f"what {modules} holds may be damaged: delete it" in done.stderr
    assert current_of(target) == before
    assert OLD in run([target / "go.sh", "version"], env=clean_env(home)).stdout
    shutil.rmtree(modules)
    target, done = bundling(project / "go.mod")
    assert done.returncode == 0, done.stderr
    assert (module / "quote.go").read_text() == source
    assert NEW in run([target / "go.sh", "version"], env=clean_env(home)).stdout
