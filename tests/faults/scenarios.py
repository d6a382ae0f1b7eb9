"""The commands that faults are tried on, each with the store (and the bundle) that it starts from."""

from dataclasses import dataclass

from files import overwrite, unlink
from place import NEW, OLD, OLDEST, PLATFORM, current


@dataclass(frozen=True)
class Scenario:
    name: str
    line: tuple  # words of the command; {mirror}, {target}, {store} and {packs} stand for paths
    prepare: object  # makes the state from Place
    finish: object = None  # makes the run's end certain; the line itself where there is nothing else
    home: str = "store"  # the directory that the command changes, below the place

    def words(self, place):
        names = {"mirror": place.mirror, "target": place.target, "store": place.store, "packs": place.root / "packs"}
        return [word.format(**names) for word in self.line]


def fetch(place, *versions):
    place.must("fetch", *versions, "-p", PLATFORM, "--source", place.mirror)


def trimmed(place, *versions):
    fetch(place, *versions)
    for version in versions:
        place.must("trim", version, "--profile", "minimal")


def two_trees(place):
    trimmed(place, OLD, NEW)


def one_tree_and_a_download(place):
    trimmed(place, OLD)
    fetch(place, NEW)


def switched(place):
    two_trees(place)
    place.must("use", NEW)


def bundled(place):
    trimmed(place, OLD)
    place.must("bundle", "--target", place.target)
    trimmed(place, NEW)
    place.must("use", NEW)


def packed(place):
    """The packs of both trees; the store has one of them."""
    two_trees(place)
    place.must("pack", "-o", place.root / "packs")
    place.must("remove", NEW)


def switched_back(place):
    """NEW is where rollback goes."""
    switched(place)
    place.must("use", OLD)


def damaged(place):
    two_trees(place)
    tree = place.store / place.trees(place.store)["go" + NEW]
    for path in ("src/fmt/print.go", "src/net/http/server.go", "src/net/http", "src/net"):
        unlink(tree / path)
    overwrite(tree / "bin/go")
    overwrite(tree / "src/fmt/foreign.go")
    overwrite(tree / "VERSION")


def littered(place):
    trimmed(place, OLD, NEW, OLDEST)
    (place.store / ".gopack/staging/7/tree/src").mkdir(parents=True)
    (place.store / ".gopack/staging/7/tree/src/left").write_text("by a crash")
    (place.store / "downloads/go1.19.1.linux-amd64.tar.gz.part").write_text("a beginning")
    (place.store / "downloads/thesis.pdf").write_text("the user's own")


def roll_back_once(place):
    if current(place.store) == place.trees(place.store)["go" + NEW]:
        place.must("rollback")


def remove_if_there(place):
    if "go" + NEW in place.trees(place.store):
        place.must("remove", NEW)


FETCH = ("fetch", NEW, "-p", PLATFORM, "--source", "{mirror}")
SCENARIOS = [
    Scenario("first fetch", FETCH, lambda place: None),
    Scenario("fetch", FETCH, lambda place: trimmed(place, OLD)),
    Scenario("trim", ("trim", NEW, "--profile", "minimal"), one_tree_and_a_download),
    Scenario("trim by index", ("trim", NEW, "--profile", "developer"), two_trees),
    Scenario("first trim", ("trim", "--profile", "minimal"), lambda place: fetch(place, OLD)),
    Scenario("use", ("use", NEW), two_trees),
    Scenario("rollback", ("rollback",), switched, roll_back_once),
    Scenario("bundle", ("bundle", OLD, NEW, "--target", "{target}"), bundled, home="stick"),
    Scenario("first bundle", ("bundle", "--target", "{target}"), switched, home="stick"),
    Scenario("sync", ("sync", "{store}", "{target}", "--use"), bundled, home="stick"),
    Scenario("pull", ("pull", "{packs}", "--allow-unsigned", "--use"), packed),
    Scenario("repair", ("repair",), damaged),
    Scenario("gc", ("gc", "--downloads", "--trees-except", OLD), littered),
    Scenario("remove", ("remove", NEW), switched_back, remove_if_there),
]
