"""The records that strace writes."""

import re


def read_trace(path):
    """The lines of a record of strace; calls that others interrupted are put together again."""
    begun = {}
    for line in path.read_text(errors="replace").splitlines():
        thread = line.split(" ", 1)[0]
        if line.endswith("<unfinished ...>"):
            begun[thread] = line.removesuffix("<unfinished ...>").rstrip()
        elif resumed := re.match(r"\d+ +<\.\.\. \w+ resumed>", line):
            yield begun.pop(thread) + line[resumed.end() :]
        else:
            yield line
