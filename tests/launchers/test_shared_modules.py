"""The modules of a bundle in the module cache of another data directory."""

import pytest
from conftest import SHELLS, clean_env, run
from test_native import GO

CACHE = "shared/gopath/pkg/mod/cache"
MODULE = "download/example.test/one !t/@v"
OTHER = "download/example.test/two/@v"
GIVEN = {f"{MODULE}/v1.0.0.{end}": end for end in ("info", "mod", "zip", "ziphash")}
ANSWERS = {"download/sumdb/sums.test/tile/8/0/000": "tile", "download/sumdb/sums.test/lookup/one@v1.0.0": "lookup"}


def fill(root, files):
    for name, text in files.items():
        (root / CACHE / name).parent.mkdir(parents=True, exist_ok=True)
        (root / CACHE / name).write_text(text)


@pytest.fixture
def bundle_with_modules(shows):
    root = shows()
    fill(root, GIVEN | ANSWERS | {f"{MODULE}/list": "v1.0.0\n", f"{MODULE}/v1.0.0.lock": "", "lock": ""})
    (root / "shared/gopath/pkg/sumdb/sums.test").mkdir(parents=True)
    (root / "shared/gopath/pkg/sumdb/sums.test/latest").write_text("latest")
    (root / "shared/gopath/pkg/sumdb/sums.test/latest").chmod(0o444)
    return root


def contents(cache):
    return {str(path.relative_to(cache)): path.read_text() for path in cache.rglob("*") if path.is_file() and path.name != "gopack-base"}


def links(cache):
    return {str(path.relative_to(cache)) for path in cache.rglob("*") if path.is_symlink()}


@pytest.mark.parametrize("launcher", [*SHELLS, GO, "go.exe", "go.bat"])
def test_another_data_directory_has_them(launcher, bundle_with_modules, home, request, tmp_path):
    root, data = bundle_with_modules, tmp_path / "data"
    cache, sums = data / "gopath/pkg/mod/cache", data / "gopath/pkg/sumdb/sums.test/latest"
    on_windows = launcher in ("go.exe", "go.bat")

    def start():
        if launcher == "go.bat":
            wine = request.getfixturevalue("wine")
            done = wine.cmd("go.bat", "--data-dir", wine.path(data), "version", cwd=root)
        elif on_windows:
            wine = request.getfixturevalue("wine")
            done = wine.run(root / launcher, "--data-dir", wine.path(data), "version")
        else:
            shell = [*SHELLS.get(launcher, ()), root / ("go.sh" if launcher in SHELLS else launcher)]
            done = run([*shell, "--data-dir", data, "version"], env=clean_env(home))
        assert (done.returncode, done.stderr) == (0, "")

    start()
    assert contents(cache) == GIVEN | ANSWERS
    assert links(cache) == (set() if on_windows else set(GIVEN))
    assert sums.read_text() == "latest" and sums.stat().st_mode & 0o200

    mine = f"{MODULE}/v1.0.0.mod"
    (cache / mine).unlink()
    (cache / mine).write_text("mine")
    more = {f"{OTHER}/v1.1.0.info": "more"}
    fill(root, more)
    start()
    assert contents(cache) == GIVEN | ANSWERS | {mine: "mine"}, "it is looked at when gopack has brought modules"
    fill(root, {"gopack-modules": "1234\n"})
    start()
    assert contents(cache) == GIVEN | ANSWERS | {mine: "mine"} | more

    root = root.rename(tmp_path / "another place")
    (root / CACHE / OTHER / "v1.1.0.info").unlink()
    start()
    assert contents(cache) == GIVEN | ANSWERS | {mine: "mine"} | (more if on_windows else {})
    assert all((cache / name).exists() for name in links(cache))
    before = contents(root / CACHE)
    start()
    assert contents(root / CACHE) == before


@pytest.mark.parametrize("launcher", ["go.sh", GO])
def test_the_bundles_own_data_directory_stays_as_it_is(launcher, bundle_with_modules, home, tmp_path):
    root = bundle_with_modules
    before = contents(root / CACHE)
    (tmp_path / "side").symlink_to(root, target_is_directory=True)
    for options in ([], ["--data-dir", tmp_path / "side/shared"]):
        assert run([root / launcher, *options, "version"], env=clean_env(home)).returncode == 0
        assert contents(root / CACHE) == before and not links(root / CACHE)
