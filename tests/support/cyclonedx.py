"""The schema of CycloneDX, as its own Python library brings it: downloaded once a machine, pinned."""

import json
import venv
from pathlib import Path
from subprocess import run

import sdks

HOME = sdks.CACHE / "cyclonedx"
PIN = Path(__file__).with_name("cyclonedx.txt")


def _resources():
    with sdks.locked("cyclonedx"):
        if not (HOME / "done").exists():
            venv.create(HOME, with_pip=True, clear=True)
            run([HOME / "bin/pip", "install", "-q", "--no-deps", "--require-hashes", "-r", PIN], check=True)
            (HOME / "done").touch()
    [found] = HOME.glob("lib/python3*/site-packages/cyclonedx/schema/_res")
    return found


def problems(document):
    """What version 1.6 forbids in it."""
    import jsonschema

    read = {path.name: json.loads(path.read_text()) for path in _resources().glob("*.schema.json")}
    schema = read["bom-1.6.SNAPSHOT.schema.json"]
    base = schema["$id"].rpartition("/")[0]
    others = {f"{base}/{name.replace('.SNAPSHOT', '')}": text for name, text in read.items()} | {f"{base}/{name}": text for name, text in read.items()}
    resolver = jsonschema.RefResolver(schema["$id"], schema, store=others)
    validator = jsonschema.Draft7Validator(schema, resolver=resolver, format_checker=jsonschema.draft7_format_checker)
    return [error.message for error in validator.iter_errors(document)]
