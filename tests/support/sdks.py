"""Real Go SDKs for tests: toolchain modules through the ordinary Go client, and official-style archives made of them.

Everything is kept in $GOPACK_TEST_CACHE (~/.cache/gopack-test): downloaded once a machine.
"""

import fcntl
import hashlib
import io
import json
import os
import subprocess
import tarfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

CACHE = Path(os.environ.get("GOPACK_TEST_CACHE", Path.home() / ".cache/gopack-test"))
MODULES = CACHE / "mod"  # a GOMODCACHE
PROXY = MODULES / "cache/download"  # which is a module proxy, too

# Directories of official archives that the module leaves out; their real contents are not to be had from a proxy.
ONLY_OFFICIAL = ("api", "doc", "misc", "test")


@contextmanager
def locked(name):
    """One process at a time makes a file; the others find it."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def module_version(release, platform):
    return f"v0.0.1-{release}.{platform}"


def module_zip(release, platform="linux-amd64"):
    """The toolchain module's zip, downloaded (and checked against the checksum database) by the go command."""
    version = module_version(release, platform)
    path = PROXY / "golang.org/toolchain/@v" / f"{version}.zip"
    with locked("modules"):
        if not path.exists():
            environment = dict(os.environ, GOMODCACHE=str(MODULES), GOFLAGS="-modcacherw", GOTOOLCHAIN="local")
            subprocess.run(["go", "mod", "download", "-json", f"golang.org/toolchain@{version}"], check=True, cwd=CACHE,
                           env=environment, stdout=subprocess.DEVNULL)
    return path


def is_executable(name):
    """The rule of golang/go src/cmd/distpack."""
    return name.startswith(("bin/", "pkg/tool/")) or name.endswith((".bash", ".sh", ".pl", ".rc"))


def official_files(release, platform):
    """(name below go/, content) of the official archive, as far as the module has it, in order."""
    root = f"golang.org/toolchain@{module_version(release, platform)}/"
    with zipfile.ZipFile(module_zip(release, platform)) as module:
        names = {}
        for entry in module.namelist():
            name = entry.removeprefix(root)
            if name != "go.mod":
                names[name.replace("_go.mod", "go.mod") if name.endswith("_go.mod") else name] = entry
        for directory in ONLY_OFFICIAL:
            names[f"{directory}/README"] = None
        for name in sorted(names):
            yield name, module.read(names[name]) if names[name] else f"{name} of {release}\n".encode()


def _write_tar(path, files):
    with tarfile.open(path, "w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as archive:
        for name, content in files:
            info = tarfile.TarInfo("go/" + name)
            info.size, info.mtime = len(content), 1_700_000_000
            info.mode = 0o755 if is_executable(name) else 0o644
            archive.addfile(info, io.BytesIO(content))


def _write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo("go/" + name, (2023, 11, 14, 22, 13, 20)), content, zipfile.ZIP_DEFLATED)


def official(release, platform="linux-amd64", ending=None):
    """An archive named and laid out like the official one."""
    ending = ending or ("zip" if platform.startswith("windows") else "tar.gz")
    path = CACHE / "official" / f"{release}.{platform}.{ending}"
    with locked(path.name):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            (_write_zip if ending == "zip" else _write_tar)(part, official_files(release, platform))
            part.rename(path)
    return path


IS_FULL = bool(os.environ.get("GOPACK_FULL"))  # which `./check --full` sets: what takes minutes and seldom changes


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def mirror(directory, archives):
    """A mirror: the archives (as links) with the index of the official site."""
    directory.mkdir(parents=True, exist_ok=True)
    releases = {}
    for archive in archives:
        (directory / archive.name).symlink_to(archive)
        stem = archive.name.removesuffix(".zip").removesuffix(".tar.gz")
        release, platform = stem.rsplit(".", 1)
        os_name, arch = platform.split("-")
        releases.setdefault(release, []).append(
            {"filename": archive.name, "os": os_name, "arch": arch, "version": release, "sha256": sha256(archive),
             "size": archive.stat().st_size, "kind": "archive"})
    index = [{"version": name, "stable": True, "files": files} for name, files in releases.items()]
    (directory / "index.json").write_text(json.dumps(index, indent=1))
    return directory
