"""goenv.ps1. No PowerShell is at hand where these tests run: the file was written and read, not run. Here is what can be told
of it without one."""

import re
from pathlib import Path

from test_native_windows import BOUND

TEXT = (Path(__file__).parents[2] / "lib/bundle/launchers/goenv.ps1").read_text(encoding="ascii")
CODE = re.sub(r"(?m)^\s*#.*$", "", TEXT)


def test_comes_with_the_line_ends_of_windows(bundle):
    assert (bundle / "goenv.ps1").read_bytes() == TEXT.replace("\n", "\r\n").encode("ascii")


def test_every_variable_of_the_table_is_bound():
    for name in {*BOUND, "PATH"}:
        assert f"$values['{name}']" in CODE or f" {name} = " in CODE, name


def test_brackets_and_quotes_are_balanced():
    stack, pairs = [], {")": "(", "]": "[", "}": "{"}
    for character in re.sub(r"'[^'\n]*'|\"(?:[^\"`\n]|`.)*\"", "", CODE):
        if character in pairs.values():
            stack.append(character)
        elif character in pairs:
            assert stack and stack.pop() == pairs[character]
        assert character not in "'\"", "a quote without its other half"
    assert not stack


def test_nothing_is_run_but_go_exe_and_nothing_is_expanded_as_a_pattern():
    assert set(re.findall(r"(?m)(?:^|[^&])& (\S+)", CODE)) == {"{", '"$bundle\\go.exe"'}
    assert not re.search(r"Invoke-Expression|\biex\b|Get-Content|Test-Path|Set-Location|Start-Process", CODE)


def test_a_tree_may_be_named_as_for_use_bat():
    """By position, or by GOPACK_GO; with the messages of the other launchers."""
    assert "param([Parameter(Position = 0)][string]$Version, " in TEXT and '$word = "$env:GOPACK_GO"' in TEXT
    use = (Path(__file__).parents[2] / "lib/bundle/launchers/use.bat").read_text(encoding="ascii")
    for words in (
        "no tree of this bundle is {}; use.bat without an argument lists them",
        "{} may be each of {}: name one of them, or the profile or platform: 1.22+minimal, 1.22/windows-amd64",
    ):
        for text, names in ((TEXT, ("$word", "${names}")), (use, ("%_want%", "%_found%"))):
            assert words.format(*names) in text
    assert CODE.count('& "$bundle\\go.exe" @same ') == CODE.count('& "$bundle\\go.exe"')
