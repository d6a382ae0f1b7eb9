"""The same fault has the same words in every launcher: the messages of the rule book (lib/launch/rules.cmake)."""

from contextlib import contextmanager

import pytest
from conftest import TREE
from test_choose import made, runner  # noqa: F401

YAML, INI = "config.yaml", "config.ini"
LOST = {"current.txt": f"{TREE}\n", ".gopack/history": None}
# Files of the bundle (nothing: it is not there), words, the status, and what is said of {file} with {use}.
FAULTS = {
    "no pointer": ({"current.txt": None}, [], 1, "no Go is chosen in {bundle}: it has neither the link current nor current.txt; choose one with {use}"),
    "not a name": (LOST | {"current.txt": "x\n"}, [], 1, "{file}current.txt does not name a tree (v_ and 16 hex digits); choose one with {use}"),
    "lost tree": (LOST, [], 1, "{file}current.txt names " + TREE + ", which is not in this bundle; choose one with {use}"),
    "no data directory": ({}, ["--data-dir"], 2, "usage: --data-dir DIR: the directory is missing"),
    "UTF-16": ({"shared/gopath/go.env": "\ufeffGOPROXY=off\n"}, [], 1, "{go_env} is UTF-16, which Go does not read: save it as UTF-8"),
    "no settings": ({YAML: None, INI: None}, ["--portable"], 1, "--portable: cannot read {file}{config}"),
    "key": ({YAML: "a: 1\n", INI: "a=1\n"}, ["--portable"], 2, "{file}{config}, line 1: unknown setting 'a'"),
    "name": ({YAML: "env.1: x\n", INI: "env.1=x\n"}, ["--portable"], 2, "{file}{config}, line 1: unknown setting 'env.1'"),
    "stage": ({YAML: "\nstage: x\n", INI: "\nstage=x\n"}, ["--portable"], 2, "{file}{config}, line 2: stage is auto, never or always, not 'x'"),
    "choice": ({YAML: "choose_by_project: x\n", INI: "choose_by_project=x\n"}, ["--portable"], 2,
               "{file}{config}, line 1: choose_by_project is auto or never, not 'x'"),
}  # fmt: skip
# Batch files name what they do not know, and neither its line nor the values that it may have.
IN_BATCH = {"key": "a", "name": "env.1", "stage": "stage=x", "choice": "choose_by_project=x"}


@contextmanager
def changed(bundle, files):
    before = {name: (bundle / name).read_bytes() if (bundle / name).exists() else None for name in files}
    try:
        for name, text in files.items():
            write(bundle / name, text and text.encode("utf-16-le" if text.startswith("\ufeff") else "utf-8"))
        yield
    finally:
        for name, content in before.items():
            write(bundle / name, content)


def write(path, content):
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(content)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_launcher_says_the_same(fault, runner, made):  # noqa: F811
    files, words, status, said = FAULTS[fault]
    if runner.way == "go.bat" and fault in IN_BATCH:
        said = "{file}{config}: unknown setting " + IN_BATCH[fault]
    is_windows = bool(runner.wine)
    bundle = runner.wine.path(made.bundle) if is_windows else str(made.bundle)
    separator = "\\" if is_windows else "/"
    names = {"bundle": bundle, "file": bundle + separator, "use": "use.bat" if is_windows else "use.sh",
             "config": INI if is_windows else YAML, "go_env": separator.join([bundle, "shared", "gopath", "go.env"])}  # fmt: skip
    with changed(made.bundle, files):
        assert runner.run([*words] if fault == "no data directory" else [*words, "version"]) == (status, "gopack: " + said.format(**names))
