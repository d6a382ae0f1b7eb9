"""`gopack devcontainer`: the document, and that the container it declares has a Go that builds.

No container runs here. A mount namespace shows the bundle and the volume where the container would, and the programs
get the declared environment and nothing else.
"""

import json
import os
import platform
import subprocess

import pytest
from conftest import NEW, clean_env, run, write_hello

ARCH = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
DATA = "/opt/gopack-data"


@pytest.fixture
def project(tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    write_hello(project)
    return project


@pytest.fixture
def devcontainer(gopack_binary, project):
    """Runs the command for PROJECT; gives what it prints with --json, or the failed process."""

    def command(bundle, *options):
        done = run([gopack_binary, "--json", "devcontainer", project, "--bundle", bundle, *options], env=clean_env(project))
        return json.loads(done.stdout)

    return command


def read(project):
    return json.loads((project / ".devcontainer/devcontainer.json").read_text())


def test_the_document(devcontainer, stick, project):
    """No package registry has the schema, so this very document was checked by hand, as is to be done again when it changes:
    with jsonschema 4.26 by schemas/devContainer.base.schema.json of devcontainers/spec (c95ffee), which refuses other types
    and unknown names, and by `devcontainer read-configuration` (@devcontainers/cli 0.89.0)."""
    s = stick(whole=True)
    written = devcontainer(s.root)
    assert written == {"schema": 1, "file": f"{project}/.devcontainer/devcontainer.json", "was_there": False, "tree": s.tree,
                       "platform": f"linux/{ARCH}", "image": "debian:12"}  # fmt: skip
    assert read(project) == {
        "name": "project",
        "image": "debian:12",
        "runArgs": [f"--platform=linux/{ARCH}"],
        "mounts": [f"type=bind,source={s.root},target=/opt/gopack,readonly",
                   {"type": "volume", "source": "gopack-${devcontainerId}", "target": DATA}],
        "containerEnv": {"GOROOT": f"/opt/gopack/{s.tree}", "GOPATH": f"{DATA}/gopath", "GOMODCACHE": f"{DATA}/gopath/pkg/mod",
                         "GOCACHE": f"{DATA}/gopath/cache", "GOENV": f"{DATA}/gopath/go.env", "GOTOOLCHAIN": "local",
                         "TEST_TELEMETRY_DIR": f"{DATA}/telemetry"},
        "remoteEnv": {"PATH": f"/opt/gopack/{s.tree}/bin:{DATA}/gopath/bin:${{containerEnv:PATH}}"},
        "postStartCommand": ["sh", "/opt/gopack/goenv.sh", "--data-dir", DATA],
        "waitFor": "postStartCommand",
    }  # fmt: skip


def test_another_devcontainer_is_not_overwritten(devcontainer, stick, project):
    s = stick(whole=True)
    devcontainer(s.root)
    before = (project / ".devcontainer/devcontainer.json").read_text()
    assert devcontainer(s.root)["was_there"]
    refused = devcontainer(s.root, "--image", "ubuntu:24.04")["error"]
    assert refused["kind"] == "failed" and "--force" in refused["hint"]
    assert (project / ".devcontainer/devcontainer.json").read_text() == before
    assert not devcontainer(s.root, "--image", "ubuntu:24.04", "--force")["was_there"]
    assert read(project)["image"] == "ubuntu:24.04"


def test_what_no_container_can_have(devcontainer, stick, project, tmp_path):
    assert "not a bundle" in devcontainer(tmp_path)["error"]["message"]
    for name in ("a,b", 'a"b', "a${b}", "a\nb"):
        assert "cannot mount" in devcontainer(stick(tmp_path / name, whole=True).root)["error"]["message"]
    s = stick(tmp_path / "windows", whole=True)
    manifest = s.root / f"{s.tree}.json"
    manifest.write_text(manifest.read_text().replace('"linux/amd64"', '"darwin/arm64"'))
    assert "darwin/arm64, windows/amd64" in devcontainer(s.root)["error"]["message"]
    assert not (project / ".devcontainer").exists()


def as_declared(document, volume, command, working_directory):
    """Runs COMMAND as a tool that follows the document does, in a mount namespace."""
    bundle = dict(part.partition("=")[::2] for part in document["mounts"][0].split(","))
    assert "readonly" in bundle
    script = ('mount -t tmpfs tmpfs /opt && mkdir -p "$2" "$4" && mount --bind "$1" "$2" && mount -o remount,ro,bind "$2" &&'
              ' mount --bind "$3" "$4" && shift 4 && exec "$@"')
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/root", "GOFLAGS": "-mod=mod", **document["containerEnv"]}
    for name, value in document["remoteEnv"].items():
        if value is None:
            del environment[name]
        else:
            environment[name] = value.replace("${containerEnv:PATH}", environment["PATH"])
    return run(["unshare", "-m", "sh", "-c", script, "sh", bundle["source"], bundle["target"], volume,
                document["mounts"][1]["target"], *command], cwd=working_directory, env=environment)  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_go_works_as_declared(devcontainer, stick, project, tmp_path):
    s = stick(whole=True)
    for link in (*s.root.glob("v_*"), s.root / "shared/gopath/cache"):  # nothing but the bundle itself is mounted
        if link.is_symlink():
            target = link.resolve()
            link.unlink()
            subprocess.run(["cp", "-al", target, link], check=True)
    (s.root / "shared/gopath/cache/gopack-warm").write_text("1\n")
    (s.root / "shared/gopath/go.env").write_text("GOPRIVATE=preset.test\n")
    devcontainer(s.root)
    document = read(project)
    volume = tmp_path / "volume"
    volume.mkdir()
    for _ in range(2):  # the container is started again
        done = as_declared(document, volume, document["postStartCommand"], project)
        assert done.returncode == 0, done.stderr
    done = as_declared(document, volume, ["go", "env", "GOROOT", "GOVERSION", "GOPRIVATE", "GOFLAGS"], project)
    assert done.stdout == f"/opt/gopack/{s.tree}\n{NEW}\npreset.test\n-mod=mod\n", done.stderr
    done = as_declared(document, volume, ["go", "build", "-v", "-o", "hello", "."], project)
    assert (done.returncode, done.stderr) == (0, "hello\n"), done.stderr  # the rest comes from the bundle's cache
    assert run([project / "hello", "x"]).stdout == "hello [x]\n"
