"""What lies on disk before and after: for tests of what changes and, above all, of what does not."""

import hashlib
import os
import stat
from pathlib import Path


# What gopack makes for itself where it works: no part of what a store holds.
WORKSHOP = (".gopack", ".gopack/lock", ".gopack/staging", "downloads")


def listing(*roots):
    """{path: type, mode and contents} of everything below `roots`; staged files are, an empty workshop and the indices of
    archives, which whoever reads an archive first makes, are not."""
    found = {}
    for root in map(Path, roots):
        for path in sorted(root.rglob("*")):
            if str(path.relative_to(root)) in WORKSHOP or (path.parent.name, path.suffix) == ("downloads", ".index"):
                continue
            mode = path.lstat().st_mode
            if path.is_symlink():
                content = os.readlink(path)
            else:
                content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            found[str(path)] = (stat.filemode(mode), content)
    return found


def overwrite(path, content=b"damaged\n"):
    """Writes into a tree, which is read-only; its modes stay."""
    with _writable(path.parent):
        if path.exists():
            with _writable(path):
                path.write_bytes(content)
        else:
            path.write_bytes(content)


def unlink(path):
    """A file or an empty directory."""
    with _writable(path.parent):
        path.rmdir() if path.is_dir() else path.unlink()


class _writable:
    def __init__(self, path):
        self.path = path
        self.mode = stat.S_IMODE(path.stat().st_mode)

    def __enter__(self):
        self.path.chmod(self.mode | stat.S_IWUSR)

    def __exit__(self, *_):
        self.path.chmod(self.mode)
