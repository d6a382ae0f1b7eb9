"""A stick that behaves badly (faulty_disk.cpp), as a file behind FUSE."""

import os
from pathlib import Path

import slow_share

MEGABYTE = 1 << 20
is_possible = slow_share.is_possible


def compile_to(program):
    return slow_share.compile_to(program, Path(__file__).with_suffix(".cpp"))


class FaultyDisk(slow_share.Mounted):
    """There as long as the context lasts; `path` is what programs write to, `backing` what is really there."""

    def __init__(self, program, place, size, fault="none", number=0):
        place.mkdir()
        self.backing = place / "backing"
        with open(self.backing, "wb") as file:
            file.write(b"old content\n" * (MEGABYTE // 12))
            file.truncate(size)
        os.mkfifo(place / "answer")
        self.mounted = place / "mounted"
        self.mounted.mkdir()
        self.path = self.mounted / "disk"
        self.command = [program, self.backing, fault, str(number), self.mounted, "-f"]

    def done(self):
        """What was done to it: (offset, size) of each write, and None of each flush."""
        lines = [line.split() for line in (self.backing.parent / "offsets").read_text().splitlines()]
        return [(int(line[1]), int(line[2])) if line[0] == "w" else None for line in lines]

    def answer(self):
        """Ends a stall, which has to have begun."""
        os.close(os.open(self.backing.parent / "answer", os.O_WRONLY))
