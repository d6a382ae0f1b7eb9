"""Eight gopacks at work in one store at once."""

import random

from place import NEW, OLD, OLDEST, PLATFORM, contents, current, remains

BUSY, GONE = 5, 4
TOGETHER = 8


def _prepare(place):
    for version in (OLD, NEW):
        place.must("fetch", version, "-p", PLATFORM, "--source", place.mirror)
        place.must("trim", version, "--profile", "minimal")
    place.must("use", NEW)  # so both are roots for gc, whichever is current


def _lines(place):
    """What is run, each with the statuses that are right: gc may take away what has just been fetched."""
    return [
        (("fetch", NEW, "-p", PLATFORM, "--source", place.mirror), {0}),
        (("fetch", OLDEST, "-p", PLATFORM, "--source", place.mirror), {0}),
        (("trim", NEW, "--profile", "minimal"), {0}),
        (("trim", OLDEST, "--profile", "minimal"), {0, GONE}),
        (("use", OLD), {0}),
        (("use", NEW), {0}),
        (("gc", "--downloads", "--trees-except", NEW), {0}),
        (("verify",), {0}),
        (("exec", "--", "go", "version"), {0}),
        (("list",), {0}),
    ]


def race(place, rounds):
    """What went wrong in `rounds` of eight commands at once."""
    _prepare(place)
    whole = contents(place.store)
    names = [name for name in whole if name.startswith(("/v_", "/downloads/go")) and name != "/downloads"]
    chance = random.Random(1)
    wrong, succeeded = [], 0
    for number in range(rounds):
        chosen = chance.sample(_lines(place), TOGETHER)
        running = [(line, good, place.start("--lock-timeout", "20", *line)) for line, good in chosen]
        for line, good, process in running:
            _, said = process.communicate()
            succeeded += process.returncode == 0
            if process.returncode not in good | {BUSY}:
                wrong.append(f"round {number}: {line} ended with {process.returncode}: {said}")
    if succeeded < rounds * TOGETHER // 2:
        wrong.append(f"only {succeeded} commands came to anything")
    if current(place.store) not in place.trees(place.store).values() or place.problems(place.store):
        wrong.append("the store is damaged")
    place.must("gc", "--downloads", "--trees-except", NEW)
    found = contents(place.store)
    lost = [name for name in names if found.get(name) != whole[name]]
    return wrong + [f"lost: {name}" for name in lost] + [f"left: {path}" for path in remains(place.store)]


def rush(place, server, rounds):
    """What went wrong when eight gopacks fetched the same release from `server`, several times."""
    wrong = []
    archive = f"/go{NEW}.{PLATFORM.replace('/', '-')}.tar.gz"
    for number in range(rounds):
        for path in (place.store / "downloads").glob("*"):
            path.unlink()
        line = ("--lock-timeout", "20", "fetch", NEW, "-p", PLATFORM, "--source", server.url)
        running = [place.start(*line) for _ in range(TOGETHER)]
        for process in running:
            _, said = process.communicate()
            if process.returncode != 0:
                wrong.append(f"round {number}: ended with {process.returncode}: {said}")
        if len(server.requests_of(archive)) != number + 1:
            wrong.append(f"round {number}: {len(server.requests_of(archive))} downloads in all")
    return wrong
