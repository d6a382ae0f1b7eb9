"""Sticks: real file systems in files, mounted through FUSE servers that may die at any moment."""

import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

MEGABYTE = 1 << 20
WRITES = "write,pwrite64"  # how servers write to the medium


@dataclass(frozen=True)
class Kind:
    make: list  # {image} is its last argument
    mount: list  # then {device} and {directory}, then -o and options
    check: list  # repairs what a server that died has left; then {device}
    options: tuple = ("rw",)
    read_only: tuple = ("ro",)
    is_block_device: bool = False  # whether the server wants one


KINDS = {
    "fat32": Kind(["mkfs.vfat", "-F", "32", "-s", "8"], ["fusefat", "-s"], ["fsck.vfat", "-a"], ("rw+",), ("ro",)),
    "exfat": Kind(["mkfs.exfat"], ["mount.exfat-fuse"], ["fsck.exfat", "-y"], is_block_device=True),
    "ntfs": Kind(["mkfs.ntfs", "-F", "-f", "-q"], ["ntfs-3g"], ["ntfsfix"]),
    "ntfs-windows": Kind(["mkfs.ntfs", "-F", "-f", "-q"], ["ntfs-3g"], ["ntfsfix"], ("windows_names",)),
    "ntfs-low": Kind(["mkfs.ntfs", "-F", "-f", "-q"], ["lowntfs-3g"], ["ntfsfix"], ("ignore_case",)),
}


def missing(kind):
    """Why one cannot be mounted; nothing when it can."""
    needed = [KINDS[kind].make[0], KINDS[kind].mount[0], KINDS[kind].check[0]]
    if lacking := [program for program in needed if not shutil.which(program, path=_PATH)]:
        return f"not installed: {', '.join(lacking)}"
    if os.geteuid() != 0 or not os.access("/dev/fuse", os.W_OK):
        return "needs root and /dev/fuse"
    if KINDS[kind].is_block_device and not os.path.exists("/dev/loop-control"):
        return "needs /dev/loop-control"
    return ""


_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def _run(*command, check=True):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", env=os.environ | {"PATH": _PATH})
    assert not check or done.returncode == 0, f"{command}: {done.stdout}"
    return done.stdout


@dataclass
class Stick:
    """One, plugged in at `root`."""

    kind: str
    directory: Path
    megabytes: int
    root: Path = field(init=False)
    device: Path = field(init=False)
    writes: int = 0

    def __post_init__(self):
        self.root = self.directory / "stick"
        self.root.mkdir(parents=True)
        self.device = self.image = self.directory / "image"
        with open(self.image, "wb") as image:
            image.truncate(self.megabytes * MEGABYTE)
        _run(*KINDS[self.kind].make, self.image)
        if KINDS[self.kind].is_block_device:
            self.device = Path(_run("losetup", "-f", "--show", self.image).strip())
        self.plug_in()

    def plug_in(self, mode="rw"):
        """Modes are rw, ro and noexec."""
        kind = KINDS[self.kind]
        options = kind.read_only if mode == "ro" else kind.options
        # A server keeps the standard files it was given: they must not be pipes that somebody reads to the end.
        command = [*kind.mount, self.device, self.root, "-o", ",".join(options)]
        done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, env=os.environ | {"PATH": _PATH, "LANG": "C.UTF-8"})
        assert done.returncode == 0 and os.path.ismount(self.root), command
        if mode == "noexec":
            _run("mount", "-o", "remount,bind,noexec", self.root)

    def _server(self):
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:  # it has ended
                continue
            if os.fsencode(self.root) in words and state != "Z":
                return int(entry.name)
        return None

    @contextmanager
    def watched(self, kill_at=0):
        """Counts what the server writes into `writes`; at write number `kill_at` it dies, as when the stick is pulled out."""
        log = self.directory / "writes"
        inject = ["-e", f"inject={WRITES}:signal=KILL:when={kill_at}"] if kill_at else []
        command = ["strace", "-f", "-o", log, "-e", f"trace={WRITES}", *inject, "-p", str(self._server())]
        with subprocess.Popen([str(word) for word in command], stderr=subprocess.PIPE, text=True) as tracer:
            assert "attached" in tracer.stderr.readline()
            try:
                yield
            finally:
                tracer.terminate()
        self.writes = sum(line.count("write") for line in log.read_text().splitlines() if "resumed" not in line)

    def take_out(self):
        _run("umount", self.root, check=False)
        if os.path.ismount(self.root):
            _run("umount", "-l", self.root)
        while self._server():  # it writes its last
            os.sched_yield()

    def plug_in_repaired(self):
        """As an operating system does after it was pulled out. A second time where the first repair has left something over."""
        for last in (False, True):
            _run(*KINDS[self.kind].check, self.device, check=False)
            try:
                return self.plug_in()
            except AssertionError:
                if last:
                    raise

    def replug_once(self, action):
        """What the action returns. A server can die of what one that was killed has left, even after the repair (exfat-fuse does,
        seldom), or refuse everything (fusefat): it is then plugged in once more, as its user would, and the action repeated."""
        try:
            return action()
        except (AssertionError, OSError):
            self.take_out()
            self.plug_in_repaired()
            return action()

    def again(self, mode="rw"):
        self.take_out()
        self.plug_in(mode)

    def throw_away(self):
        self.take_out()
        if self.device != self.image:
            _run("losetup", "-d", self.device)
        self.image.unlink()
