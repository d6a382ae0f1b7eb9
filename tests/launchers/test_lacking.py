"""A command that fails and asked for what the tree's profile does not have: one line names it and how to get it."""

import os
import subprocess

import pytest

VERSION = "1.22.5"
# The words, the environment (go_env is the text of go.env instead), what the line says that minimal lacks, and what trim is
# told; none: no line.
CASES = [
    ("build -race .", {}, "race", "+race"),
    ("build -race=false .", {}, None, None),
    ("-C . test --race ./...", {}, "race", "+race"),
    ("--C . tool nm", {}, "tools", "+tools"),
    ("-C=. tool nm", {}, "tools", "+tools"),
    ("test -coverprofile=c.out -race", {}, "cover, race", "+cover+race"),
    ("test -args -race", {}, None, None),
    ("run . -race", {}, None, None),
    ("run -tags race . -cover", {}, None, None),
    ("run -race .", {}, "race", "+race"),
    ("build -buildmode=plugin .", {}, "plugin", "+plugin"),
    ("build -buildmode c-archive .", {}, "c-shared", "+c-shared"),
    ("build -buildmode=pie .", {}, None, None),
    ("build -pgo=cpu.pprof .", {}, "pgo", "+pgo"),
    ("build -pgo=off .", {}, None, None),
    ("doc fmt", {}, "doc", "+doc"),
    ("tool nm a.out", {}, "tools", "+tools"),
    ("tool covdata", {}, "cover", "+cover"),
    ("tool stringer", {}, None, None),
    ("vet", {}, None, None),
    ("build", {"GOEXPERIMENT": "x,boringcrypto"}, "boringcrypto", "+boringcrypto"),
    ("build", {"CGO_ENABLED": "1"}, None, None),
    ("build", {"GOOS": "windows"}, "the target windows/amd64", " --targets linux/amd64,windows/amd64"),
    ("vet", {"GOOS": "linux", "GOARCH": "amd64"}, None, None),
    ("env -w GOOS=plan9", {"GOOS": "plan9"}, None, None),
    ("build -race", {"GOARCH": "arm64"}, "race, the target linux/arm64", "+race --targets linux/amd64,linux/arm64"),
    ("version -race", {}, None, None),
    ("", {}, None, None),
    ("build -race -race=false .", {}, None, None),
    ("test -cover=false", {}, None, None),
    ("run -compiler gc . -race", {}, None, None),
    ("test -tags -race --args", {}, None, None),
    ("build", {"GOFIPS140": "v1.0.0"}, "fips", "+fips"),
    ("build", {"GOFIPS140": "latest"}, None, None),
    # GOFLAGS: what stands behind it goes first, and commands that compile nothing pass it over.
    ("build .", {"GOFLAGS": "-race"}, "race", "+race"),
    ("-C . build", {"GOFLAGS": "-mod=mod --race"}, "race", "+race"),
    ("run . x", {"GOFLAGS": "'-ldflags=-X a.b=c d' \t\n\"-race\"-cover"}, "race, cover", "+race+cover"),
    ("test", {"GOFLAGS": "-cover -pgo=off -buildmode=c-shared"}, "cover, c-shared", "+cover+c-shared"),
    ("build -pgo=cpu.pprof -race", {"GOFLAGS": "-race -cover"}, "race, cover, pgo", "+race+cover+pgo"),
    ("build -race=false .", {"GOFLAGS": "-race"}, None, None),
    ("build -buildmode pie .", {"GOFLAGS": "-buildmode=plugin"}, None, None),
    ("build .", {"GOFLAGS": "-tags=race,-race -race=false '-ldflags=a -race'"}, None, None),
    ("build .", {"GOFLAGS": "-cover '-race"}, None, None),
    ("build .", {"GOFLAGS": "-pgo=* *"}, "pgo", "+pgo"),
    ("doc fmt", {"GOFLAGS": "-race"}, "doc", "+doc"),
    ("get x", {"GOFLAGS": "-race"}, None, None),
    ("mod tidy", {"GOFLAGS": "-race"}, None, None),
    ("tool -n asm", {"GOFLAGS": "-race"}, None, None),
    # What `go env -w` keeps: the caller's own variable goes first.
    ("build .", {"go_env": "GOFLAGS=-mod=mod -race"}, "race", "+race"),
    ("build .", {"go_env": "GOFLAGS=-race\nGOOS=plan9\n", "GOFLAGS": "-cover", "GOOS": "linux"}, "cover", "+cover"),
    ("build .", {"go_env": "GOFLAGS=-race\n", "GOFLAGS": ""}, "race", "+race"),
    ("build .", {"go_env": "#GOFLAGS=-race\nXGOOS=plan9\n GOARCH=arm64\nGOOS\n"}, None, None),
    ("build .", {"go_env": "GOOS=windows\nGOOS=darwin\nGOARCH=arm64\n"}, "the target darwin/arm64",
     " --targets linux/amd64,darwin/arm64"),
    ("build .", {"go_env": "GOOS=windows\n", "GOARCH": "arm64"}, "the target windows/arm64",
     " --targets linux/amd64,windows/arm64"),
    ("build .", {"go_env": "GOOS=windows\nGOOS=\n"}, None, None),
    ("vet .", {"go_env": "GOEXPERIMENT=boringcrypto\n"}, "boringcrypto", "+boringcrypto"),
    ("vet .", {"go_env": "GOFIPS140=v1.0.0\n"}, "fips", "+fips"),
    ("vet .", {"go_env": "GOFIPS140=v1.0.0\n", "GOFIPS140": "off"}, None, None),
    ("env -w GOOS=linux", {"go_env": "GOFLAGS=-race\nGOOS=plan9\n"}, None, None),
    # Flags of `go tool`.
    ("tool -n nm", {}, "tools", "+tools"),
    ("tool --n -C . -modfile=x covdata", {}, "cover", "+cover"),
    ("tool -n", {}, None, None),
    ("tool -n stringer nm", {}, None, None),
]


@pytest.fixture(scope="module")
def store(gopack_in, tmp_path_factory):
    """A store, and a bundle of it, whose go fails with status 9."""
    import releases

    base = tmp_path_factory.mktemp("lacking")
    gopack = gopack_in(base)
    releases.write_mirror(base / "mirror", [VERSION])
    gopack.must("fetch", VERSION, "-p", "linux/amd64", "--source", base / "mirror")
    for profile in ("minimal", "build-only"):
        gopack.must("trim", "--profile", profile)
    gopack.must("bundle", "--target", base / "bundle")
    for go in (*base.glob("store/v_*/bin/go"), *base.glob("bundle/v_*/bin/go")):
        go.chmod(0o755)
        go.write_text("#!/bin/sh\n[ $# -gt 1 ] || [ \"$1\" != version ] || exit 0\nexit ${STATUS:-9}\n")
    return gopack


def profile_id(store, profile):
    [tree] = [tree["id"] for tree in store.must("--json", "list").json["trees"] if tree["profile"] == profile]
    return tree


def run(store, launcher, profile, words, go_env="", **more):
    tree, bundle = profile_id(store, profile), store.home.parent / "bundle"
    kept = (store.home if launcher == "exec" else bundle) / "shared/gopath/go.env"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(go_env)
    if launcher == "exec":
        command = [store.binary, "exec", tree, "--"]
    else:
        (bundle / "current").unlink()
        (bundle / "current").symlink_to(tree)
        command = ["sh", bundle / "goenv.sh", "--run"]
        if launcher == "native":
            command, words = [bundle / "go-linux-amd64"], words[1:]
    done = subprocess.run([*command, *words], env=store.environment(**more), cwd=store.work, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the cases name this machine's target")
@pytest.mark.parametrize("launcher", ["exec", "goenv.sh", "native"])
@pytest.mark.parametrize("words, more, lacks, told", CASES)
def test_the_line(store, launcher, words, more, lacks, told):
    said = f"gopack: this Go (go{VERSION}, minimal) lacks {lacks}: `gopack trim {VERSION} --profile minimal{told}` lays out one"
    status, error = run(store, launcher, "minimal", ["go", *words.split()], **more)
    assert (status, error) == (9, said + " that has it\n" if lacks else "")
    assert run(store, launcher, "minimal", ["go", *words.split()], STATUS="0", **more) == (0, "")


@pytest.mark.parametrize("launcher", ["exec", "goenv.sh", "native"])
def test_on_build_only(store, launcher):
    for words, lacks in (("test", "test"), ("vet .", "vet"), ("fmt", "fmt"), ("tool vet", "vet")):
        status, error = run(store, launcher, "build-only", ["go", *words.split()])
        assert status == 9 and f"lacks {lacks}: `gopack trim {VERSION} --profile build-only+{lacks}`" in error
    if launcher == "native":
        return  # which binds CGO_ENABLED=0 before it looks, and is gofmt by its name
    assert "lacks cgo:" in run(store, launcher, "build-only", ["go", "build"], CGO_ENABLED="1")[1]
    assert "lacks cgo:" in run(store, launcher, "build-only", ["go", "build"], go_env="CGO_ENABLED=1")[1]
    assert run(store, launcher, "build-only", ["go", "build"], go_env="CGO_ENABLED=1", CGO_ENABLED="0") == (9, "")
    status, error = run(store, launcher, "build-only", ["gofmt", "-l", "."])  # which is not there
    assert status == 1 and error.startswith("gopack: ") and "lacks fmt:" in error and error.count("\n") == 1
