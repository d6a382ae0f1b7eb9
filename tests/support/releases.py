"""Small releases in the shape of the Go project's own: some sixty files, about a megabyte.

Everything follows from version and platform alone, so that every run makes the same bytes.
"""

import base64
import gzip
import hashlib
import io
import json
import random
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

TIME = (2024, 7, 2, 16, 0, 0)
UNIX_TIME = 1719936000  # the same
OUTSIDE_MODULE = ("api/", "doc/", "misc/", "test/")
TOOLS = ("addr2line", "asm", "cgo", "compile", "cover", "link", "pprof", "preprofile", "test2json", "trace", "vet")
COMPILER_BYTES = 400_000
TOOL_BYTES = 40_000


@dataclass(frozen=True)
class Archive:
    filename: str
    version: str  # "1.22.5"
    platform: str  # "linux-amd64"
    path: Path
    size: int
    sha256: str


def _noise(name, size):
    """Bytes that do not compress, the same for the same name."""
    return random.Random(name).randbytes(size)


def _minor(version):
    return int(version.split(".")[1].split("rc")[0].split("beta")[0])


def _go_command(version, platform):
    """A program that can be started where there is a shell: all that tests need of `go`."""
    system, arch = platform.split("-")
    return (
        "#!/bin/sh\n"
        'case "$1" in\n'
        f"version) echo 'go version go{version} {system}/{arch}' ;;\n"
        'env) shift; for name in "$@"; do eval "printf \'%s\\n\' \\"\\${$name}\\""; done ;;\n'
        'list) case "$*" in *nonsense*) echo "package nonsense is not in std" >&2; exit 1 ;; esac ;;\n'
        '*) echo "go $*" ;;\n'
        "esac\n"
    ).encode()


def _platform_files(version, platform):
    """What differs between the platforms of one release."""
    system, arch = platform.split("-")
    suffix = ".exe" if system == "windows" else ""
    tools = f"pkg/tool/{system}_{arch}"
    files = {
        f"bin/go{suffix}": _go_command(version, platform),
        f"bin/gofmt{suffix}": b"#!/bin/sh\ncat\n" if not suffix else _noise(f"gofmt {version} {platform}", 2000),
    }
    for tool in TOOLS:
        size = COMPILER_BYTES if tool == "compile" else TOOL_BYTES
        files[f"{tools}/{tool}{suffix}"] = _noise(f"{tool} {version} {platform}", size)
    if _minor(version) < 20:
        for package in ("fmt", "runtime", "net/http"):
            files[f"pkg/{system}_{arch}/{package}.a"] = _noise(f"{package}.a {version} {platform}", 20_000)
    return files


def _common_files(version):
    files = {
        "VERSION": f"go{version}\ntime 2024-07-02T16:00:00Z\n" if _minor(version) >= 21 else f"go{version}",
        "LICENSE": "Copyright The Authors.\n",
        "PATENTS": "Additional grant.\n",
        "README.md": "# A small release for tests\n",
        "CONTRIBUTING.md": "# Contributing\n",
        "SECURITY.md": "# Security\n",
        "codereview.cfg": "branch: release\n",
        "api/README": "API data\n",
        "api/go1.txt": "pkg fmt, func Print\n",
        "doc/go_spec.html": "<h1>Specification</h1>\n",
        "lib/time/README": "zone data\n",
        "lib/time/update.bash": "#!/bin/bash\n",
        "lib/wasm/go_js_wasm_exec": "#!/bin/sh\n",
        "misc/editors": "see the wiki\n",
        "misc/go.mod": "module misc\n",
        "pkg/include/asm_amd64.h": "// amd64\n",
        "pkg/include/funcdata.h": "// funcdata\n",
        "pkg/include/textflag.h": "// textflag\n",
        "src/all.bash": "#!/usr/bin/env bash\n",
        "src/make.bat": "@echo off\r\n",
        "src/make.rc": "#!/bin/rc\n",
        "src/go.mod": f"module std\n\ngo 1.{_minor(version)}\n",
        "src/go.sum": "",
        "src/cmd/go.mod": f"module cmd\n\ngo 1.{_minor(version)}\n",
        "src/cmd/compile/main.go": "package main\n",
        "src/cmd/go/main.go": "package main\n",
        "src/cmd/go/testdata/script/mod_get.txt": "env GO111MODULE=on\n",
        "src/cmd/vendor/modules.txt": "# golang.org/x/mod v0.17.0\n",
        "src/fmt/doc.go": "// Package fmt formats.\npackage fmt\n",
        "src/fmt/print.go": "package fmt\n\nfunc Print(a ...any) {}\n" * 200,
        "src/fmt/fmt_test.go": "package fmt_test\n" * 200,
        "src/fmt/testdata/x": "data\n",
        "src/net/http/server.go": "package http\n" * 200,
        "src/net/http/serve_test.go": "package http_test\n" * 200,
        "src/os/file_plan9.go": "package os\n",
        "src/os/file_unix.go": "package os\n",
        "src/os/file_windows.go": "package os\n",
        "src/runtime/asm_amd64.s": "TEXT main\n",
        "src/vendor/modules.txt": "# golang.org/x/net v0.25.0\n",
        "src/vendor/golang.org/x/net/http/httpguts/guts.go": "package httpguts\n",
        "test/README.md": "# Tests\n",
        "test/fixedbugs/issue27836.dir/Äfoo.go": "package Äfoo\n",
        "test/run.go": "package main\n",
    }
    if _minor(version) >= 21:
        files["go.env"] = "GOPROXY=https://proxy.invalid,direct\nGOSUMDB=off\nGOTOOLCHAIN=auto\n"
    binary = {
        "lib/time/zoneinfo.zip": _noise("zoneinfo", 30_000),
        "src/runtime/race/race_linux_amd64.syso": _noise(f"race {version}", 60_000),
    }
    return {name: text.encode() for name, text in files.items()} | binary


def is_executable(name):
    """Go's own rule (cmd/distpack)."""
    base = name.rsplit("/", 1)[-1]
    return (
        name.startswith(("bin/", "pkg/tool/"))
        or base.endswith((".bash", ".sh", ".pl", ".rc"))
        or (base.startswith("go_") and base.endswith("_exec"))
    )


def tree(version, platform):
    """{path: bytes} of a whole release, sorted."""
    return dict(sorted((_common_files(version) | _platform_files(version, platform)).items()))


def module_tree(version, platform):
    """{path: bytes} of the toolchain module, below its own root, sorted."""
    files = {"go.mod": b"module golang.org/toolchain\n"}
    for name, data in tree(version, platform).items():
        if not name.startswith(OUTSIDE_MODULE):
            files[name.replace("/go.mod", "/_go.mod")] = data
    return dict(sorted(files.items()))


def module_version(version, platform):
    return f"v0.0.1-go{version}.{platform}"


def module_hash(version, platform):
    """The "h1:" of the toolchain module."""
    prefix = f"golang.org/toolchain@{module_version(version, platform)}/"
    names = sorted((prefix + name, data) for name, data in module_tree(version, platform).items())
    lines = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in names)
    return "h1:" + base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()


def _directories(names):
    """Every directory of `names`, parents first."""
    found = set()
    for name in names:
        parts = name.split("/")[:-1]
        found.update("/".join(parts[: i + 1]) for i in range(len(parts)))
    return sorted(found)


def tar_gz(version, platform):
    """As the Go project packs it; go1.21.0 had no directory entries."""
    files = {"go/" + name: data for name, data in tree(version, platform).items()}
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name in [] if version == "1.21.0" else _directories(files):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, UNIX_TIME
            tar.addfile(entry)
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(data), UNIX_TIME
            entry.mode = 0o755 if is_executable(name.removeprefix("go/")) else 0o644
            tar.addfile(entry, io.BytesIO(data))
    return gzip.compress(packed.getvalue(), mtime=0)


def _zip(files, mode_of):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = mode_of(name) << 16
            archive.writestr(entry, data)
    return packed.getvalue()


def release_zip(version, platform):
    files = {"go/" + name: data for name, data in tree(version, platform).items()}
    return _zip(files, lambda name: 0o100755 if is_executable(name.removeprefix("go/")) else 0o100644)


def module_zip(version, platform):
    """As module proxies serve it: no directories, no modes."""
    prefix = f"golang.org/toolchain@{module_version(version, platform)}/"
    return _zip({prefix + name: data for name, data in module_tree(version, platform).items()}, lambda name: 0)


def archive_name(version, platform, ending=None):
    """The official name: armv6l for arm, .zip for Windows."""
    system, arch = platform.split("-")
    ending = ending or (".zip" if system == "windows" else ".tar.gz")
    return f"go{version}.{system}-{'armv6l' if arch == 'arm' else arch}{ending}"


def write_archive(directory, version, platform, ending=None):
    """Writes one official archive into `directory`."""
    name = archive_name(version, platform, ending)
    data = release_zip(version, platform) if name.endswith(".zip") else tar_gz(version, platform)
    path = Path(directory) / name
    path.write_bytes(data)
    return Archive(name, version, platform, path, len(data), hashlib.sha256(data).hexdigest())


def index(archives):
    """What the download index says of `archives` (?mode=json&include=all), with some of its usual noise."""
    releases = {}
    for archive in archives:
        system, arch = archive.platform.split("-")
        name = f"go{archive.version}"
        entry = releases.setdefault(name, {"version": name, "stable": not _is_prerelease(archive.version), "files": []})
        entry["files"].append(
            {
                "filename": archive.filename,
                "os": system,
                "arch": "armv6l" if arch == "arm" else arch,
                "version": name,
                "sha256": archive.sha256,
                "size": archive.size,
                "kind": "archive",
            }
        )
    for name, release in releases.items():
        source = {"filename": f"{name}.src.tar.gz", "os": "", "arch": "", "version": name}
        release["files"].insert(0, source | {"sha256": "0" * 64, "size": 1, "kind": "source"})
    return list(releases.values())


def _is_prerelease(version):
    return "rc" in version or "beta" in version


def write_mirror(directory, versions, platforms=("linux-amd64",), with_index=True, with_sha256=True):
    """A directory laid out like the download host: archives, index.json, and a .sha256 beside each archive."""
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    archives = [write_archive(directory, version, platform) for version in versions for platform in platforms]
    if with_index:
        (directory / "index.json").write_text(json.dumps(index(archives)))
    if with_sha256:
        for archive in archives:
            (directory / (archive.filename + ".sha256")).write_text(archive.sha256)
    return archives


def write_module_proxy(directory, versions, platforms=("linux-amd64",)):
    """A GOPROXY tree with the toolchain modules; returns the paths of the zips."""
    base = Path(directory) / "golang.org/toolchain/@v"
    base.mkdir(parents=True, exist_ok=True)
    names = [module_version(version, platform) for version in versions for platform in platforms]
    (base / "list").write_text("".join(name + "\n" for name in names))
    zips = []
    for version in versions:
        for platform in platforms:
            name = module_version(version, platform)
            (base / f"{name}.info").write_text(json.dumps({"Version": name, "Time": "2024-07-02T16:00:00Z"}))
            (base / f"{name}.mod").write_text("module golang.org/toolchain\n")
            zips.append(base / f"{name}.zip")
            zips[-1].write_bytes(module_zip(version, platform))
            (base / f"{name}.ziphash").write_text(module_hash(version, platform))
    return zips
