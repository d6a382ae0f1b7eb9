"""Directories in the layout of Go's build cache: made, and looked at without gopack."""

import hashlib
import re

ENTRY = re.compile(rb"v1 ([0-9a-f]{64}) ([0-9a-f]{64}) ([ 0-9]{20}) ([ 0-9]{20})\n")


def _path(cache, id_, kind):
    return cache / id_[:2] / f"{id_}-{kind}"


def put(cache, action, body, time=1_700_000_000_000_000_000):
    """An entry as Go writes it; returns its action's id."""
    action, output = hashlib.sha256(action).hexdigest(), hashlib.sha256(body).hexdigest()
    for id_, kind, text in ((output, "d", body), (action, "a", f"v1 {action} {output} {len(body):20} {time:20}\n".encode())):
        path = _path(cache, id_, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return action


def fill(cache, entries, size=1000):
    return {put(cache, b"action %d" % i, b"%d " % i * size) for i in range(entries)}


def body_of(cache, action):
    output = ENTRY.fullmatch(_path(cache, action, "a").read_bytes())[2].decode()
    return _path(cache, output, "d")


def whole_entries(cache):
    """The actions that there are; each must be whole, with a body that is what its name says."""
    actions = set()
    for path in cache.glob("??/*-a"):
        entry = ENTRY.fullmatch(path.read_bytes())
        assert entry, f"{path} is malformed"
        action, output, size = entry[1].decode(), entry[2].decode(), int(entry[3])
        assert path == _path(cache, action, "a")
        body = _path(cache, output, "d").read_bytes()
        assert (len(body), hashlib.sha256(body).hexdigest()) == (size, output), f"the body of {path} is damaged"
        actions.add(action)
    return actions


def leftovers(cache):
    return [path for path in cache.glob("??/*") if not re.fullmatch("[0-9a-f]{64}-[ad]", path.name)]
