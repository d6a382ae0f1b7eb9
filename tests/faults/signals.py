"""Interrupts fetch and trim at spread moments."""

import signal
import time

from place import NEW, PLATFORM, Broken, discard, remains, require
from behaviours import stall

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130
ARCHIVE = f"/go{NEW}.{PLATFORM.replace('/', '-')}.tar.gz"


def _end(process, sent, twice):
    """Sends the signal and waits for the end; seconds that it took."""
    start = time.monotonic()
    process.send_signal(sent)
    if twice:
        process.send_signal(sent)
    _, said = process.communicate()
    if process.returncode == 0:
        return 0.0  # it had ended already
    require(process.returncode == INTERRUPTED, "ended with", process.returncode, said)
    return time.monotonic() - start


def interrupt_fetch(place, server, count):
    """(seconds of the slowest end, what was broken): the server stops after a part of the archive, the signal comes,
    and the next run goes on from there."""
    slowest, broken, kept_once = 0.0, [], False
    size = len((server.root / ARCHIVE[1:]).read_bytes())
    downloads = place.store / "downloads"
    line = ("fetch", NEW, "-p", PLATFORM, "--source", server.url)
    for number in range(count):
        sent = SIGNALS[number % len(SIGNALS)]
        after = size * number // count
        try:
            server.stall_anew()
            server.behave(ARCHIVE, stall(after))
            process = place.start(*line)
            server.wait_until_stalled()
            slowest = max(slowest, _end(process, sent, twice=number % 4 == 3))
            server.release()
            part = downloads / (ARCHIVE[1:] + ".part")
            kept = part.stat().st_size if part.exists() else 0
            require(kept <= after, "has more than was sent")
            kept_once = kept_once or kept > 0
            require(not kept or part.with_suffix(".part.json").exists(), "keeps a part without its record")
            before = len(server.requests_of(ARCHIVE))
            place.must(*line)
            [request] = server.requests_of(ARCHIVE)[before:]
            require(request.headers.get("Range") == (f"bytes={kept}-" if kept else None), request.headers.get("Range"))
            require(place.problems(place.store) == set() and not list(downloads.glob("*.part*")), "is not whole")
        except Broken as problem:
            broken.append(f"fetch, {sent.name} after {after} bytes: {problem}")
        for path in downloads.glob("*"):
            path.unlink()
    return slowest, broken if kept_once else [*broken, "fetch never kept anything"]


def interrupt_trim(place, count):
    """The same for trim, at moments of its way: strace holds it up at a system call, so that there is time."""
    slowest, broken, in_time = 0.0, [], 0
    place.must("fetch", NEW, "-p", PLATFORM, "--source", place.mirror)
    for number in range(count):
        sent, twice = SIGNALS[number % len(SIGNALS)], number % 4 == 3
        wanted = 1 + 20 * number // count
        work = place.copy(place.root.with_name("work"))
        staging = work.store / ".gopack/staging"
        try:
            # The tracer is not between us and the program (-D); every new directory takes it a while.
            strace = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=mkdirat"]
            strace += ["-e", "inject=mkdirat:delay_exit=20000"]
            process = work.start("trim", NEW, "--profile", "minimal", before=strace)
            while process.poll() is None and sum(path.is_dir() for path in staging.rglob("*")) < wanted:
                pass
            slowest = max(slowest, _end(process, sent, twice))
            in_time += process.returncode == INTERRUPTED
            require(twice or not remains(work.store), "left", remains(work.store))
            require(process.returncode == 0 or not list(work.store.glob("v_*")), "published a tree")
            work.must("trim", NEW, "--profile", "minimal")
            require(work.problems(work.store) == set(), "is not whole")
            work.must("gc")
            require(not remains(work.store), "left", remains(work.store))
        except Broken as problem:
            broken.append(f"trim, {sent.name} after {wanted} directories: {problem}")
        discard(work.root)
    return slowest, broken if in_time > count // 2 else [*broken, f"only {in_time} signals came in time"]
