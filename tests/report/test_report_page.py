"""The page that `gopack trim --report` writes, in a real browser: chart, search, keyboard, links, looks."""

import json
import re
import shutil
from urllib.parse import unquote

import pytest
from browser import CHROMIUM, Browser

pytestmark = pytest.mark.skipif(not shutil.which(CHROMIUM), reason="chromium is not installed")

NEW, OLD = "1.22.5", "1.21.3"
HOSTILE = "</script><b id=injected>&amp;\u00e4\U0001f600 \" ' ` ${1}"
ODD_NAMES = ("src/odd/__proto__", "src/odd/constructor", "src/odd/a+b&c=d#e%2F,f.go", "src/odd/ä &amp ö.go", "src/odd/empty")
PROFILE = f"""name: mine
extends: minimal
rules:
  - drop: pkg/tool/*/test2json
    category: {json.dumps("special " + HOSTILE, ensure_ascii=False)}
    reason: {json.dumps("for a test " + HOSTILE, ensure_ascii=False)}
"""


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser")) as running:
        yield running


class Report:
    """A page as gopack wrote it, and what it has to tell."""

    def __init__(self, file, files, tree):
        self.url = file.as_uri()
        self.file = file
        self.files = files  # {path: bytes} of the whole release
        self.tree = tree  # what trim --json says

    def bytes_below(self, path):
        return sum(size for name, size in self.files.items() if name == path or name.startswith(path + "/"))


@pytest.fixture
def fetched(gopack, releases, tmp_path, monkeypatch):
    """A store with a small release that has odd file names in it."""
    common = releases._common_files
    odd = {name: b"x" * (3000 if name.endswith(".go") else 0) for name in ODD_NAMES}
    monkeypatch.setattr(releases, "_common_files", lambda version: common(version) | odd)
    releases.write_mirror(tmp_path / "mirror", [OLD, NEW])
    gopack.must("fetch", OLD, NEW, "-p", "linux/amd64", "--source", tmp_path / "mirror")
    return gopack


@pytest.fixture
def report(fetched, releases, tmp_path):
    (tmp_path / "mine.yaml").write_text(PROFILE)
    file = tmp_path / "the report.html"
    arguments = ["trim", NEW, "--dry-run", "--profile", tmp_path / "mine.yaml", "--report", file]
    [tree] = fetched.must("--json", *arguments).json["trees"]
    files = {name: len(data) for name, data in releases.tree(NEW, "linux-amd64").items()}
    return Report(file, files, tree)


@pytest.fixture
def show(browser):
    """Opens a page; whatever a test does with it, it must ask for nothing else and have nothing to complain about."""
    pages = []

    def open_page(url, **options):
        pages.append((browser.open(url, **options), url.partition("#")[0]))
        return pages[-1][0]

    yield open_page
    for page, url in pages:
        assert page.complaints == []
        assert {request.partition("#")[0] for request in page.requests} == {url}


def cells(page, selector=".cell"):
    """[{label, x, y, w, h}] of the chart."""
    return page.evaluate(f"""[...document.querySelectorAll("{selector}")].map(cell => {{
        const {{ x, y, width: w, height: h }} = cell.getBoundingClientRect();
        return {{ label: cell.getAttribute("aria-label"), x, y, w, h }};
    }})""")


def path_of(label):
    return label.split(", ")[0]


def text(page, selector):
    return page.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText")


def state(page):
    return unquote(page.evaluate("location.hash"))


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def type_search(page, words):
    page.press("/")
    page.type(words)


def test_areas_are_proportional_to_bytes(show, report):
    page = show(report.url)
    chart = page.evaluate("[document.getElementById('chart')].map(e => e.clientWidth * e.clientHeight)[0]")
    pixels = chart / sum(report.files.values())
    top = cells(page, ".cell.top")
    assert sum(cell["w"] * cell["h"] for cell in top) == pytest.approx(chart, rel=0.01)
    directories = [cell for cell in top if report.bytes_below(path_of(cell["label"]))]
    assert {"pkg", "src", "lib"} <= {path_of(cell["label"]) for cell in directories}
    for cell in directories:
        assert cell["w"] * cell["h"] == pytest.approx(pixels * report.bytes_below(path_of(cell["label"])), rel=0.01), cell
    for one in top:  # side by side: none lies on another
        for other in top:
            apart_x = one["x"] + one["w"] <= other["x"] + 0.1 or other["x"] + other["w"] <= one["x"] + 0.1
            apart_y = one["y"] + one["h"] <= other["y"] + 0.1 or other["y"] + other["h"] <= one["y"] + 0.1
            assert one is other or apart_x or apart_y


def test_the_numbers_are_those_of_trim(show, report):
    page = show(report.url)
    kept, dropped = report.tree["kept"], report.tree["dropped"]
    facts = text(page, "#facts")
    for files in (sum(row["files"] for row in kept), sum(row["files"] for row in kept + dropped)):
        assert f"{files} files" in facts
    whole = sum(row["bytes"] for row in kept + dropped)
    assert f"{100 * sum(row['bytes'] for row in dropped) / whole:.1f} %" in facts
    rows = page.evaluate("""[...document.querySelectorAll('#categories tr')].map(
        row => [...row.cells].map(cell => cell.textContent.trim()))""")
    shown = {(word, name, int(files)): reason for word, name, files, reason in named_rows(rows)}
    for word, table in (("Kept", kept), ("Dropped", dropped)):
        for row in table:
            assert (word, row["category"], row["files"]) in shown
    assert shown["Dropped", "special " + HOSTILE, 1].startswith("for a test " + HOSTILE)
    for kib in (4, 32, 128):
        clusters = sum(-(-size // (kib * 1024)) for size in report.files.values())
        assert f"{kib} KiB\t{clusters * kib * 1024 / 1e6:.1f} MB" in text(page, "#clusters")


def named_rows(rows):
    """(word, category, files, reason) of the rows below "Kept" and below "Dropped"."""
    word = None
    for name, files, _size, _share, reason in rows:
        if name in ("Kept", "Dropped"):
            word = name
        else:
            yield word, name, files, reason


def test_search_finds_a_path_and_names_its_rule(show, report):
    page = show(report.url)
    type_search(page, "test2json")
    [hit] = page.evaluate("[...document.querySelectorAll('#hits [role=option]')].map(hit => hit.innerText)")
    assert hit.startswith("pkg/tool/linux_amd64/test2json") and "40.0 kB" in hit
    assert "dropped: special " + HOSTILE in hit and "mine.yaml:4 pkg/tool/*/test2json" in hit
    page.press("Enter")
    assert state(page) == "#path=pkg/tool/linux_amd64/test2json&q=test2json"
    assert text(page, "#crumbs").split() == ["go" + NEW, "/", "pkg", "/", "tool", "/", "linux_amd64"]
    detail = text(page, "#detail")
    assert detail.startswith("pkg/tool/linux_amd64/test2json") and "for a test " + HOSTILE in detail
    assert "pkg/tool/*/test2json" in detail and "mine.yaml:4" in detail
    [chosen] = cells(page, ".cell.chosen")
    assert path_of(chosen["label"]) == "pkg/tool/linux_amd64/test2json"


def test_search_chooses_among_several_with_the_arrows(show, report):
    page = show(report.url)
    type_search(page, "go.mod")
    hits = page.evaluate("[...document.querySelectorAll('#hits .mono:first-child')].map(hit => hit.textContent)")
    assert sorted(hits) == ["misc/go.mod", "src/cmd/go.mod", "src/go.mod"]
    page.press("ArrowDown", "ArrowDown", "Enter")
    assert state(page) == f"#path={hits[2]}&q=go.mod"
    page.type("x")
    assert "No path holds this text." in text(page, "#hits")


def test_what_capabilities_keep_and_drop_is_named_with_them(show, report):
    page = show(report.url + "#path=pkg/tool/linux_amd64/compile")
    assert "kept: tools" in text(page, "#detail") and re.search(r"For\s+build", text(page, "#detail"))
    page = show(report.url + "#path=pkg/tool/linux_amd64/pprof")
    assert "dropped: tools" in text(page, "#detail") and re.search(r"Only for\s+tools", text(page, "#detail"))


def test_a_link_points_into_the_page(show, report):
    page = show(report.url + "#path=src/net&q=server")
    assert text(page, "#crumbs").split() == ["go" + NEW, "/", "src", "/", "net"]
    assert page.evaluate("document.getElementById('search').value") == "server"
    assert "1 file found, 1 of them here" in text(page, "#lit")
    page.evaluate("void (location.hash = '#path=src/fmt/nothing/there')")
    page.settle()
    assert text(page, "#detail").startswith("src/fmt\n")
    page.evaluate("history.back()")
    page.settle()
    assert text(page, "#detail").startswith("src/net\n")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_found_and_linked(show, report, name):
    page = show(report.url)
    type_search(page, name)
    page.press("Enter")
    assert text(page, "#detail").startswith(name + "\n")
    again = show(page.evaluate("location.href"))
    assert text(again, "#detail").startswith(name + "\n")
    assert page.evaluate("document.getElementById('injected')") is None


def test_all_cells_are_reached_with_the_keyboard(show, report):
    page = show(report.url)
    top = {cell["label"] for cell in cells(page, ".cell.top")}
    page.evaluate("document.querySelector('.cell[tabindex=\"0\"]').focus()")
    seen, paths = {focused(page)}, [[]]
    while paths:
        path = paths.pop()
        for arrow in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
            page.evaluate("focusBox(view.boxes[0])")
            page.press(*path, arrow)
            if focused(page) not in seen:
                seen.add(focused(page))
                paths.append([*path, arrow])
    assert seen == top
    assert page.evaluate("document.querySelectorAll('.cell[tabindex=\"0\"]').length") == 1


def test_enter_opens_and_escape_goes_back(show, report):
    page = show(report.url + "#path=src")
    page.evaluate("focusBox(view.boxes.find(box => box.node.path === 'src/fmt'))")
    assert "src/fmt" in text(page, "#detail")
    page.press("Enter")
    assert state(page) == "#path=src/fmt"
    assert path_of(focused(page)).startswith("src/fmt/")
    page.press("Enter")
    assert state(page).startswith("#path=src/fmt/") and len(cells(page, ".cell.chosen")) == 1
    page.press("Escape", "Escape")
    assert state(page) == "#path=src" and path_of(focused(page)) == "src/fmt"
    page.press("PageDown")
    assert path_of(focused(page)).startswith("src/fmt/")
    page.press("PageUp", "Backspace")
    assert state(page) == "" and path_of(focused(page)) == "src"


def test_a_click_opens_and_crumbs_lead_back(show, report):
    page = show(report.url)
    [src] = [cell for cell in cells(page, ".cell.top") if path_of(cell["label"]) == "src"]
    page.click(src["x"] + 10, src["y"] + 7)
    assert state(page) == "#path=src"
    page.evaluate("document.querySelector('#crumbs a').click()")
    page.settle()
    assert state(page) == ""


def test_the_legend_shows_one_category_alone(show, report):
    page = show(report.url)
    page.evaluate("document.querySelector('#legend [data-only=\"dropped: tests\"]').click()")
    page.settle()
    assert state(page) == "#only=dropped: tests"
    dimmed = {path_of(cell["label"]) for cell in cells(page, ".cell.dim.top")}
    assert "lib" in dimmed and "src" not in dimmed
    page.evaluate("document.querySelector('#lit button').click()")
    page.settle()
    assert cells(page, ".cell.dim") == []


# Contrast (WCAG 2.1, 1.4.3) of the text of cells with each of their colours on the screen, for categories of any hue.
CONTRASTS = """(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const luminance = colour => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(c => c / 255)
            .map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, other) => {
        const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const cells = ['keep', 'drop', 'both'].map(fill => document.querySelector(`.cell[data-fill=${fill}]`));
    const hues = Array.from({ length: 36 }, (_, i) => 10 * i);
    return cells.flatMap(cell => hues.map(hue => {
        const style = getComputedStyle(cell);
        cell.style.setProperty('--hue', hue);
        cell.style.setProperty('--kept-hue', hue);
        const backs = [style.backgroundColor, style.getPropertyValue('--stripe'), style.getPropertyValue('--full')];
        return Math.min(...backs.filter(Boolean).map(back => contrast(style.color, back)));
    }));
})()"""


def test_dark_and_light(show, report, tmp_path):
    page = show(report.url)
    backgrounds, pictures = {}, {}
    for scheme in ("dark", "light"):
        page.prefer(scheme)
        page.screenshot(tmp_path / f"{scheme}.png", whole=True)
        pictures[scheme] = (tmp_path / f"{scheme}.png").read_bytes()
        assert pictures[scheme].startswith(b"\x89PNG") and len(pictures[scheme]) > 20_000
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        backgrounds[scheme] = [int(number) for number in re.findall(r"\d+", background)]
        contrasts = page.evaluate(CONTRASTS)
        assert len(contrasts) == 3 * 36 and min(contrasts) >= 4.5
    assert max(backgrounds["dark"]) < 60 and min(backgrounds["light"]) > 200
    assert pictures["dark"] != pictures["light"]


def test_what_is_dropped_differs_in_more_than_colour(show, report):
    page = show(report.url)
    hatched = page.evaluate("""Object.fromEntries(['keep', 'drop'].map(fill => [fill, [...document.querySelectorAll(
        `.cell[data-fill=${fill}]`)].map(cell => getComputedStyle(cell).backgroundImage)]))""")
    assert hatched["keep"] and set(hatched["keep"]) == {"none"}
    assert hatched["drop"] and all(image.startswith("repeating-linear-gradient") for image in hatched["drop"])


@pytest.mark.parametrize("directories", [1, 1000])
def test_a_large_release_stays_light(show, report, tmp_path, directories):
    """20,000 files, on a large screen: few enough elements, and every byte is drawn."""
    page_text = report.file.read_text()
    start = page_text.index('id="report">') + len('id="report">')
    end = page_text.index("</script>", start)
    [data] = json.loads(page_text[start:end])
    rows = {f"src/p{i % 20}/q{i}": [] for i in range(directories)}
    lists = list(rows.values())
    for i in range(20_000):
        lists[i % directories].extend([f"f{i}.go", 1000 + i, i % len(data["rules"])])
    data["directories"] = list(rows.items())
    file = tmp_path / "large.html"
    file.write_text(page_text[:start] + json.dumps([data]).replace("<", "\\u003c") + page_text[end:])
    page = show(file.as_uri() + ("#path=src/p0/q0" if directories == 1 else ""), width=2560, height=1600)
    assert "20,000 files" in text(page, "#facts")
    assert 300 < len(cells(page)) and page.evaluate("document.querySelectorAll('*').length") < 3000
    chart = page.evaluate("[document.getElementById('chart')].map(e => e.clientWidth * e.clientHeight)[0]")
    assert sum(cell["w"] * cell["h"] for cell in cells(page, ".cell.top")) == pytest.approx(chart, rel=0.01)


def test_a_report_that_cannot_be_written_is_refused_at_once(fetched, tmp_path):
    refused = fetched("--json", "trim", "--report", tmp_path / "missing/report.html")
    assert refused.status == 1 and "missing" in refused.error["message"]
    assert not list(fetched.home.glob("v_*"))


def test_a_report_tells_what_was_done_when_the_profile_has_changed(fetched, show, tmp_path):
    profile = tmp_path / "mine.yaml"
    profile.write_text(PROFILE)
    [tree] = fetched.must("--json", "trim", NEW, "--profile", profile).json["trees"]
    profile.write_text(PROFILE.replace("pkg/tool/*/test2json", "LICENSE"))
    file = tmp_path / "report.html"
    fetched.must("report", "--profile", profile, "-o", file)
    page = show(file.as_uri() + "#path=LICENSE")
    assert f"{tree['files']} files" in text(page, "#facts")
    assert "kept: own rules" in text(page, "#detail")


def test_a_report_of_a_tree_names_it(show, fetched, tmp_path):
    [tree] = fetched.must("--json", "trim", NEW, "--profile", "minimal", "--report", "report.html").json["trees"]
    page = show((fetched.work / "report.html").as_uri())
    assert tree["id"] in text(page, "#about") and "linux/amd64" in text(page, "#about")
    assert text(page, "#title") == f"go{NEW} as minimal"


def test_a_report_on_several_trees_shows_each_of_them(fetched, show, tmp_path):
    trees = fetched.must("--json", "trim", "--profile", "minimal").json["trees"]
    file = tmp_path / "trees.html"
    assert fetched.must("--json", "report", "-o", file).json["trees"] == [tree["id"] for tree in trees]
    page = show(file.as_uri())
    for number, tree in [*enumerate(trees), (0, trees[0])]:
        if number or tree["release"] not in text(page, "#title"):
            page.follow(f"#releases a[href='#of={number}']")
        shown = page.evaluate("[...document.querySelectorAll('#releases tr:not(:has(a))')].map(row => row.innerText)")
        assert len(shown) == 1 and tree["release"] in shown[0] and str(tree["files"]) in shown[0]
        assert f"{tree['files']} files" in text(page, "#facts") and tree["id"] in text(page, "#about")


def test_one_tree_needs_no_table_of_releases(show, report):
    assert show(report.url).evaluate("document.getElementById('releases').closest('section').hidden")
