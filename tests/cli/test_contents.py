"""CONTENTS.txt of a bundle: for people, which Go lies there and from what."""

from conftest import NEW, OLD, bundle


def sections(stick):
    """The lines of each release, by their first word."""
    parts = (stick / "CONTENTS.txt").read_text().split("\n\n")
    found = {}
    for part in parts:
        if part.startswith("go1."):
            head, *lines = part.splitlines()
            found[head] = {line[:14].strip(): line[14:] for line in lines}
    return found


def heads(stick):
    return [head.split(",")[0] for head in sections(stick)]


def test_says_what_lies_here_from_what_and_how_it_is_renewed(store, stick):
    assert heads(stick) == ["go" + OLD, "go" + NEW]
    trees = {tree["id"]: tree for tree in store.gopack.must("--home", stick, "--json", "list").json["trees"]}
    for head, lines in sections(stick).items():
        tree = trees[lines["lies in"]]
        assert head == f"{tree['release']}, profile {tree['profile']}"
        assert lines["runs on"] == ", ".join(tree["platforms"])
        assert lines["from"].endswith("mirror (release index)"), lines
    text = (stick / "CONTENTS.txt").read_text()
    assert "gopack bundle --target DIR" in text and max(map(len, text.splitlines()[:7])) <= 80
    assert "CONTENTS.txt" not in (stick / "SHA256SUMS").read_text()
    assert "CONTENTS.txt" in (stick / "README.txt").read_text()


def test_changes_with_the_trees(store, stick):
    text = (stick / "CONTENTS.txt").read_text()
    store.gopack.must("remove", NEW, "--home", stick)
    assert heads(stick) == ["go" + OLD]
    bundle(store, stick)
    assert (stick / "CONTENTS.txt").read_text() == text
    bundle(store, stick, OLD, "--delete")
    assert heads(stick) == ["go" + OLD]


def test_repair_writes_it_anew(store, stick):
    text = (stick / "CONTENTS.txt").read_text()
    (stick / "CONTENTS.txt").write_text("nonsense\n")
    store.gopack.must("verify", stick)
    store.gopack.must("repair", stick)
    assert (stick / "CONTENTS.txt").read_text() == text


def test_two_bundles_of_the_same_trees_have_the_same(store, stick, tmp_path):
    store.gopack.must("bundle", "--target", tmp_path / "other")
    for name in ("CONTENTS.txt", "SHA256SUMS"):
        assert (tmp_path / "other" / name).read_bytes() == (stick / name).read_bytes()


def test_a_file_of_somebody_else_is_left_alone(store, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/CONTENTS.txt").write_text("mine\n")
    done = store.gopack("bundle", "--target", tmp_path / "mine")
    assert done.status == 1 and "CONTENTS.txt is there already and is not gopack's" in done.stderr
    assert (tmp_path / "mine/CONTENTS.txt").read_text() == "mine\n"
