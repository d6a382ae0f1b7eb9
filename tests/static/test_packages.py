"""What ./cross packs into dist/ installs, works and is what the checksums say."""

import subprocess
import sys
import tarfile

import pytest
from conftest import ARCHITECTURE, PLATFORM, TOP

DIST = TOP / "dist"


def must(*command, **options):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True, **options).stdout


@pytest.fixture
def package(program):
    """Finds one by a pattern; needs ./cross, as `program` does."""

    def find(pattern):
        (path,) = DIST.glob(pattern)
        return path

    return find


def version(program):
    return must(program, "--version").split()[1]


def test_checksums(package):
    must("sha256sum", "--check", "--strict", package("SHA256SUMS"), cwd=DIST)


def test_archive(package, program, tmp_path):
    name = f"gopack-{version(program)}-{PLATFORM}"
    with tarfile.open(package(f"{name}.tar.gz")) as archive:
        archive.extractall(tmp_path)
    root = tmp_path / name
    assert must(root / "bin/gopack", "--version") == must(program, "--version")
    for path in ("share/man/man1/gopack-fetch.1", "share/bash-completion/completions/gopack", "share/doc/gopack/copyright"):
        assert (root / path).stat().st_size > 0, path


def test_wheel(package, program, tmp_path):
    """It puts gopack into PATH without any rights."""
    must(sys.executable, "-m", "venv", tmp_path / "venv")
    must(tmp_path / "venv/bin/pip", "install", "--no-index", package(f"gopack-*linux*{ {'amd64': 'x86_64', 'arm64': 'aarch64'}[ARCHITECTURE] }.whl"))
    assert must("gopack", "--version", env={"PATH": f"{tmp_path}/venv/bin"}) == must(program, "--version")
    must(tmp_path / "venv/bin/pip", "uninstall", "-y", "gopack")
    assert not (tmp_path / "venv/bin/gopack").exists()


def test_debian_package(package, program, tmp_path):
    deb = package(f"gopack_*_{ARCHITECTURE}.deb")
    done = subprocess.run(["lintian", "--fail-on", "error", "--allow-root", deb], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    must("dpkg-deb", "--extract", deb, tmp_path / "root")
    usr = tmp_path / "root/usr"
    assert must(usr / "bin/gopack", "--version") == must(program, "--version")
    assert "Depends" not in must("dpkg-deb", "--field", deb)
    for path in ("share/man/man1/gopack.1.gz", "share/zsh/site-functions/_gopack", "share/fish/vendor_completions.d/gopack.fish"):
        assert (usr / path).stat().st_size > 0, path
