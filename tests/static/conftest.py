"""The program that ./cross made for this machine, and filesystems with next to nothing in them to run it in."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
sys.path.insert(0, str(TOP / "tests/support"))
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
PLATFORM = f"linux-{ARCHITECTURE}"
CHROOT = 'for kernels in $1; do mkdir -p "$0$kernels" && mount --rbind "$kernels" "$0$kernels" || exit; done; exec chroot "$0" "${@:2}"'


@pytest.fixture(scope="session")
def program():
    path = TOP / f"build/cross/{PLATFORM}/gopack/apps/gopack/gopack"
    if not path.exists():
        pytest.skip(f"{path} is not there: run ./cross {PLATFORM}")
    return path


class Root:
    """A directory with gopack in it that is the whole filesystem of what it runs."""

    def __init__(self, directory, program, kernels):
        self.directory = directory
        self.kernels = kernels  # directories that no distribution brings
        self.variables = {"HOME": "/home", "GOPROXY": "off"}
        directory.mkdir()
        shutil.copy(program, directory / "gopack")

    def __call__(self, *command):
        into = ["unshare", "-U", "-r", "-m", "bash", "-c", CHROOT, self.directory, self.kernels]
        return subprocess.run([*into, *map(str, command)], env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"} | self.variables,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False)  # fmt: skip

    def must(self, *command):
        done = self(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def empty(tmp_path, program):
    """Nothing but gopack and the kernel's /dev: no library, no shell, no /proc, no /etc."""
    return Root(tmp_path / "empty", program, "/dev")


@pytest.fixture
def alpine(tmp_path, program):
    """busybox with its own libraries, /proc and /dev, and the place where Alpine keeps its authorities."""
    root = Root(tmp_path / "alpine", program, "/proc /dev")
    for name in ("bin", "tmp", "etc/ssl"):
        (root.directory / name).mkdir(parents=True)
    busybox = root.directory / "bin/busybox"
    shutil.copy(shutil.which("busybox"), busybox)
    for word in subprocess.run(["ldd", busybox], capture_output=True, text=True, check=True).stdout.split():
        if word.startswith("/"):
            (root.directory / word[1:]).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(word, root.directory / word[1:])
    for applet in root.must("/bin/busybox", "--list").split():
        if not (root.directory / "bin" / applet).exists():
            (root.directory / "bin" / applet).symlink_to("busybox")
    return root
