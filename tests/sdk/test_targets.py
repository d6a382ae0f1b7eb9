"""What the targets of a profile leave of the standard library: all that the real go command lists for them."""

import itertools
import json
import os
import shutil

import pytest
import sdks
from conftest import Sdk

RELEASES = ["go1.18.10", "go1.21.13", "go1.23.12", "go1.26.10"] if sdks.IS_FULL else ["go1.26.10"]
TARGETS = ["linux/amd64", "windows/amd64", "darwin/arm64", "linux/386"]
PROFILE = """name: everything
capabilities: [cross, cgo, race, tools]
"""
KINDS = ("GoFiles", "CgoFiles", "CFiles", "CXXFiles", "MFiles", "HFiles", "SFiles", "SysoFiles", "EmbedFiles")
# A template costs a tenth of -json, with which the go command finds out what is stale.
LISTED = "{{$dir := .Dir}}" + "".join(f'{{{{range .{kind}}}}}{{{{$dir}}}}/{{{{.}}}}{{{{"\\n"}}}}{{{{end}}}}' for kind in KINDS)


def needed(sdk, target, cgo, race):
    """Paths below the GOROOT of every file that builds of the standard library read."""
    goos, goarch = target.split("/")
    flags = ["-race"] if race else []
    listed = sdk.must("list", "-e", "-deps", "-f", LISTED, *flags, "std", GOOS=goos, GOARCH=goarch, CGO_ENABLED=str(cgo))
    return {os.path.relpath(path, sdk.root) for path in listed.stdout.split()}


def files(root):
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@pytest.fixture(scope="module", params=RELEASES)
def store(request, runner, tmp_path_factory):
    base = tmp_path_factory.mktemp(request.param)
    gopack = runner(base / "store")
    gopack.must("fetch", request.param, "-p", "linux/amd64", "--source",
                sdks.mirror(base / "mirror", [sdks.official(request.param)]))  # fmt: skip
    (base / "everything.yaml").write_text(PROFILE)

    def trim(*arguments):
        return gopack.home / json.loads(gopack.must("trim", "--json", *arguments).stdout)["trees"][0]["id"]

    trim.full = Sdk(trim("--profile", "full"), base, base / "cache")
    trim.profile = base / "everything.yaml"
    yield trim
    shutil.rmtree(base, ignore_errors=True)


@pytest.mark.parametrize("target", TARGETS)
def test_every_file_that_a_target_needs_is_kept(store, target):
    kept = files(store("--profile", store.profile, "--targets", target))
    for cgo, race in itertools.product((0, 1), (False, True)):
        if race and (target == "linux/386" or not cgo):
            continue  # the race detector needs cgo and a 64-bit system
        assert needed(store.full, target, cgo, race) - kept == set(), f"{target} cgo={cgo} race={race}"


def test_what_no_target_compiles_is_gone(store):
    """Neither are there files of other systems, nor many more than one build reads."""
    kept = {path for path in files(store("--profile", "build-only")) if path.startswith("src/") and path.endswith((".go", ".s"))}
    kept.discard("src/internal/abi/export_test.go")  # declares what abi_test.s has, which is in every build
    assert not [path for path in kept if path.endswith(("_windows.go", "_arm64.s", "_test.go"))]
    read = needed(store.full, "linux/amd64", 0, False)
    assert len(kept - read) < 0.1 * len(read)


def test_the_trimmed_sdk_lists_the_same_packages(store):
    """But for those that hold tests alone, and that of the go command's own tools."""

    def listed(sdk):
        names = sdk.must("list", "-f", "{{if .GoFiles}}{{.ImportPath}}{{end}}", "std", CGO_ENABLED="0").stdout.split()
        return {name for name in names if "/traceviewer" not in name}

    trimmed = Sdk(store("--profile", "minimal"), store.full.work, store.full.cache)
    assert listed(trimmed) == listed(store.full)
