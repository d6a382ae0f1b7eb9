"""Every command line of the pages for people is run, in order, by a shell with a real Go.

Blocks marked ```sh are commands. A comment `<!-- not run: WHY -->` above a block excepts it. Places below /media and /mnt
are directories of the test. README.md, start.md and images.md run as one script each, recipes.md section by section.
"""

import re
import subprocess
from pathlib import Path

import pytest
import sdks

ROOT = Path(__file__).resolve().parents[2]
ARCHIVES = [("go1.26.10", "linux-amd64"), ("go1.26.10", "windows-amd64"), ("go1.22.12", "linux-amd64")]
BLOCK = re.compile(r"^(<!-- not run: [^\n]+ -->\n)?```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOST_NOT_RUN = 6  # lines of all pages
MAIN = 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println("hello") }\n'


def scripts():
    """(name, text) of what stands by itself."""
    yield "README", (ROOT / "README.md").read_text()
    for page in ("start", "images", "distribution"):
        yield page, (ROOT / f"docs/{page}.md").read_text()
    for section in re.split(r"^## ", (ROOT / "docs/recipes.md").read_text(), flags=re.MULTILINE)[1:]:
        yield section.partition("\n")[0], section


def blocks(text, is_run=True):
    return [block for mark, kind, block in BLOCK.findall(text) if kind == "sh" and bool(mark) != is_run]


SCRIPTS = dict(scripts())


@pytest.fixture(scope="module")
def desk(tmp_path_factory, gopack_binary):
    """What the lines find: gopack in PATH, a source, a store, a project."""
    place = tmp_path_factory.mktemp("pages")
    sdks.mirror(place / "source", [sdks.official(release, platform) for release, platform in ARCHIVES])
    (place / "bin").mkdir()
    (place / "cache").mkdir()
    (place / "bin/gopack").symlink_to(gopack_binary)
    return place


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_lines_of_a_page_run(desk, name, tmp_path):
    work = tmp_path / "work"
    for directory in (work / "app", tmp_path / "media/you", tmp_path / "mnt", tmp_path / "home"):
        directory.mkdir(parents=True)
    (work / "app/go.mod").write_text("module example.com/app\n\ngo 1.26\n")
    (work / "app/main.go").write_text(MAIN)
    lines = "\n".join(blocks(SCRIPTS[name]))
    lines = re.sub(r"/(media|mnt)/", rf"{tmp_path}/\1/", lines)
    environment = {
        "PATH": f"{desk}/bin:/usr/bin:/bin",
        "HOME": str(tmp_path / "home"),
        "GOPACK_HOME": str(desk / "store"),
        "GOPACK_SOURCE": str(desk / "source"),
        "GOPACK_DURABILITY": "fast",
        "GOCACHEPROG": f"{desk}/bin/gopack cacheprog --share {desk}/cache",  # compiles once for all pages
        "GOPROXY": "off",
        "LANG": "C.UTF-8",
    }
    done = subprocess.run(["bash", "-eux", "-c", lines], cwd=work, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_few_lines_are_not_run():
    lines = [line for text in SCRIPTS.values() for block in blocks(text, is_run=False) for line in block.splitlines()]
    assert 0 < len(lines) <= MOST_NOT_RUN, lines


def test_every_block_says_what_it_is():
    """A block without a mark would be run by nobody and nobody would know."""
    kinds = {kind for text in SCRIPTS.values() for _, kind, _ in BLOCK.findall(text)}
    assert kinds <= {"sh", "yaml"}


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/*.md")), ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", page.read_text())
    for path, heading in links:
        other = page.parent / path if path else page
        assert other.exists(), path
        headings = re.findall(r"^#+ (.*)", other.read_text(), re.MULTILINE) if heading else []
        assert not heading or heading in {re.sub(r"[^a-z0-9 -]", "", line.lower()).replace(" ", "-") for line in headings}
