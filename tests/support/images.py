"""Filesystem images: checked and mounted by other people's programs."""

import os
import subprocess
from contextlib import contextmanager

import sticks

_PATH = sticks._PATH  # noqa: SLF001
CHECKS = {"exfat": ["fsck.exfat", "-n"]}
FIRST_PARTITION = 1 << 20  # bytes before it


def missing():
    """Why images cannot be mounted; nothing when they can."""
    return sticks.missing("exfat")


def run(*command, check=True, **options):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", env=os.environ | {"PATH": _PATH}, **options)
    assert not check or done.returncode == 0, f"{command}: {done.stdout}"
    return done.stdout


@contextmanager
def device(image, offset=FIRST_PARTITION):
    """A block device that has the image from `offset` on."""
    name = run("losetup", "-f", "--show", "-o", offset, image).strip()
    try:
        yield name
    finally:
        run("losetup", "-d", name)


def check(block_device, filesystem="exfat"):
    """What the filesystem's own checker says, which must find nothing wrong."""
    return run(*CHECKS[filesystem], block_device)


@contextmanager
def mounted(block_device, directory, kind="exfat", mode="ro"):
    directory.mkdir(exist_ok=True)
    command = [*sticks.KINDS[kind].mount, block_device, directory, "-o", mode]
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, env=os.environ | {"PATH": _PATH, "LANG": "C.UTF-8"}, check=False)
    assert done.returncode == 0 and os.path.ismount(directory), command
    try:
        yield directory
    finally:
        run("umount", directory)


def files_below(directory):
    """{path: content} of every file."""
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}
