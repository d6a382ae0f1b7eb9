"""What a power cut leaves: rebuilds, from the system calls of a run, the states a disk may be in after each of them.

The model is that of POSIX, taken by its word: data is on the disk after fsync of the file or syncfs; what happens in a
directory (a name made, taken away, moved) after fsync of that directory or syncfs. Before that everything may have reached
the disk or not, in any order, but for a rename, which is one operation in both its directories.
"""

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

from place import Broken, Place, contents, current, discard, require
from strace import read_trace

CALLS = (
    "openat,close,dup,dup2,dup3,fcntl,write,pwrite64,ftruncate,rename,renameat,renameat2,symlinkat,linkat,unlinkat,mkdir,mkdirat,"
    "fchmod,fsync,fdatasync,syncfs"
)


@dataclass
class Node:
    kind: str  # file, directory, link
    mode: int
    data: bytes = b""
    flushed: bytes | None = None  # of a file: its data when it was last flushed
    entries: dict = field(default_factory=dict)


@dataclass
class Change:
    """One operation on directories, until it is flushed."""

    steps: list  # (directory node, name, node or None)


class Disk:
    """A directory as the running system sees it, and what of it has reached the disk."""

    def __init__(self, root):
        self.root_path = str(root)
        self.root = self._read(Path(root))
        self.old = {}  # entries on the disk, by directory
        self.pending = []
        self.flush_all()

    def _read(self, path):
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return Node("link", 0o777, os.readlink(path).encode())
        if stat.S_ISREG(mode):
            return Node("file", stat.S_IMODE(mode), path.read_bytes())
        return Node("directory", stat.S_IMODE(mode), entries={p.name: self._read(p) for p in path.iterdir()})

    def walk(self, node=None):
        node = node or self.root
        yield node
        for child in node.entries.values():
            yield from self.walk(child)

    def flush_all(self):
        for node in self.walk():
            node.flushed = node.data
            if node.kind == "directory":
                self.old[id(node)] = (node, dict(node.entries))
        self.pending = []

    def flush(self, node):
        node.flushed = node.data
        for change in [c for c in self.pending if any(directory is node for directory, _, _ in c.steps)]:
            self._settle(change)

    def _settle(self, change):
        self.pending.remove(change)
        for directory, name, node in change.steps:
            _put(self.old.setdefault(id(directory), (directory, {}))[1], name, node)

    def change(self, *steps):
        self.pending.append(Change(list(steps)))
        for directory, name, node in steps:
            _put(directory.entries, name, node)

    def find(self, path):
        """(directory, name, node or None) of a path below the root."""
        parts = [part for part in path.removeprefix(self.root_path).split("/") if part not in ("", ".")]
        directory = self.root
        for part in parts[:-1]:
            directory = directory.entries[part]
        return directory, parts[-1] if parts else "", directory.entries.get(parts[-1]) if parts else self.root

    def states(self):
        """{what happened: (which changes reached the disk, whether unflushed data did)}; the worst there are."""
        everything = list(range(len(self.pending)))
        homes = {id(self.root), *map(id, self.root.entries.values())}

        def near(change):
            return any(id(directory) in homes for directory, _, _ in change.steps)

        return {
            "all is there": (everything, True),
            "nothing that was not flushed": ([], False),
            "names without data": (everything, False),
            "names of the store alone": ([i for i in everything if near(self.pending[i])], True),
            "names but those of the store": ([i for i in everything if not near(self.pending[i])], True),
            "the last change alone": (everything[-1:], False),
            "all but the last change": (everything[:-1], True),
        }

    def image(self, kept, with_data):
        """[(path, kind, mode, data)] of that state, directories before what is in them."""
        entries = {key: dict(found) for key, (_, found) in self.old.items()}
        for i in kept:
            for directory, name, node in self.pending[i].steps:
                _put(entries.setdefault(id(directory), {}), name, node)
        listed = []

        def add(path, node):
            is_known = with_data or node.kind == "link"
            listed.append((path, node.kind, node.mode, node.data if is_known else node.flushed or b""))
            for name, child in sorted(entries.get(id(node), {}).items()):
                add(f"{path}/{name}", child)

        add("", self.root)
        return listed


def make(image, target):
    for path, kind, _, data in image:
        place = Path(f"{target}{path}")
        if kind == "directory":
            place.mkdir()
        elif kind == "link":
            place.symlink_to(data.decode())
        else:
            place.write_bytes(data)
    for path, kind, mode, _ in reversed(image):
        if kind != "link":
            Path(f"{target}{path}").chmod(mode)


def _put(entries, name, node):
    if node is None:
        entries.pop(name, None)
    else:
        entries[name] = node


_CALL = re.compile(r"\d+ +(\w+)\((.*)\) += (-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>")


def _plain(hexadecimal):
    return bytes.fromhex(hexadecimal.replace("\\x", ""))


class Replay:
    """A run that strace recorded with -y -xx and all data, done again on a Disk call by call."""

    def __init__(self, disk, trace):
        self.disk = disk
        self.lines = list(read_trace(trace))
        self.open = {}  # (node, position) by descriptor
        self.hold_syncs = False  # as if there were none

    def steps(self):
        """Yields the name of each call that changed something, after it."""
        for line in self.lines:
            found = _CALL.match(line)
            if found and int(found[3]) >= 0 and self._do(found[1], found[2], int(found[3])):
                yield found[1]

    def _paths(self, arguments):
        """Paths named in a call: each text after the directory that it is relative to."""
        paths, base = [], os.getcwd()
        for match in re.finditer(rf"{_FD.pattern}|{_TEXT.pattern}", arguments):
            if match[1] is not None:
                base = os.fsdecode(_plain(match[1]))
            elif match[2] is not None:
                paths.append(os.path.join(base, os.fsdecode(_plain(match[2]))))
        return paths

    def _is_ours(self, path):
        return (path + "/").startswith(self.disk.root_path + "/")

    def _do(self, call, arguments, result):
        disk = self.disk
        number = re.match(r"\d+", arguments)
        descriptor = int(number[0]) if number else None
        if call == "close":
            self.open.pop(descriptor, None)
            return False
        if call == "openat":
            [path] = self._paths(arguments)
            if not self._is_ours(path):
                return False
            directory, name, node = disk.find(path)
            made = node is None
            if made:
                node = Node("file", int(re.search(r", (0\d+)", arguments)[1], 8))
                disk.change((directory, name, node))
            self.open[result] = [node, 0]
            return made
        if call in ("write", "fchmod", "ftruncate", "fsync", "fdatasync", "syncfs"):
            if descriptor not in self.open:
                return False
            return self._do_open(call, arguments, self.open[descriptor])
        if call == "symlinkat":
            text, path = self._paths(arguments)
            if not self._is_ours(path):
                return False
            directory, name, _ = disk.find(path)
            target = _plain(_TEXT.search(arguments)[1])
            disk.change((directory, name, Node("link", 0o777, target)))
            return True
        paths = self._paths(arguments)
        if not paths or not all(map(self._is_ours, paths)):
            return False
        directory, name, node = disk.find(paths[0])
        if call in ("mkdir", "mkdirat"):
            disk.change((directory, name, Node("directory", int(re.search(r", (0\d+)", arguments)[1], 8))))
        elif call == "unlinkat":
            disk.change((directory, name, None))
        elif call == "linkat":
            to, to_name, _ = disk.find(paths[1])
            disk.change((to, to_name, node))
        else:
            to, to_name, _ = disk.find(paths[1])
            disk.change((directory, name, None), (to, to_name, node))
        return True

    def _do_open(self, call, arguments, opened):
        node, position = opened
        if call == "write":
            data = _plain(_TEXT.search(arguments)[1])
            node.data = node.data[:position] + data + node.data[position + len(data) :]
            opened[1] += len(data)
        elif call == "ftruncate":
            node.data = node.data[: int(re.search(r", (\d+)", arguments)[1])]
        elif call == "fchmod":
            node.mode = int(re.search(r", (0\d*)", arguments)[1], 8)
        elif not self.hold_syncs:
            self.disk.flush_all() if call == "syncfs" else self.disk.flush(node)
        return True


class PowerCut:
    """The command of a Trial, recorded; try_states() looks at what cuts leave."""

    def __init__(self, trial, *options):
        self.trial = trial
        self.home = trial.scenario.home
        place = trial.copy()
        self.trace = trial.directory / "record"
        strace = ["strace", "-f", "-y", "-xx", "-s", "100000000", "-qq", "-o", self.trace, "-e", f"trace={CALLS}"]
        done = place.run("-q", *options, *trial.scenario.words(place), before=strace)
        require(done.returncode == 0, done.stderr)
        self.after = contents(place.root / self.home)

    def states(self, every, without_syncs):
        """{what it is: image} of the different states after each call that flushes, moves or removes, and after each
        of the others in `every`; in the end, when the command has said that all is well."""
        disk = Disk(self.trial.copy().root)
        replay = Replay(disk, self.trace)
        replay.hold_syncs = without_syncs
        found = {}
        for number, call in enumerate(replay.steps()):
            if call.startswith(("rename", "unlink", "sync", "fsync")) or number % every == 0:
                for name, state in disk.states().items():
                    found.setdefault(tuple(disk.image(*state)), f"{name}, after {call} (call {number})")
        at_end = {tuple(disk.image(*state)): name for name, state in disk.states().items()}
        return [(what, image, False) for image, what in found.items() if image not in at_end] + [
            (f"{name}, at the end", image, True) for image, name in at_end.items()
        ]

    def try_states(self, every=1, at_most=None, without_syncs=False):
        """(how many were tried, what is broken): `at_most` of them, evenly, and all at the end."""
        states = self.states(every, without_syncs)
        step = 1 if at_most is None else max(1, len(states) // at_most)
        chosen = [state for i, state in enumerate(states) if i % step == 0 or state[2]]
        broken = []
        for what, image, has_ended in chosen:
            place = Place(self.trial.directory / "work", self.trial.before.mirror)
            discard(place.root)
            make(image, place.root)
            try:
                if has_ended:
                    self._check_end(place)
                self.trial.check(place)
            except Broken as problem:
                broken.append(f"{self.trial.scenario.name}, {what}: {problem}")
        return len(chosen), broken

    def _check_end(self, place):
        home = place.root / self.home
        require(home.exists() and current(home) == self.trial.current_after, "current is not what it was made")
        found = contents(home)
        lost = sorted(name for name in self.after if found.get(name) != self.after[name])
        require(not lost, "was done, and is not there after a power cut:", lost[:3])
