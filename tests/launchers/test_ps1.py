"""goenv.ps1. No PowerShell is at hand where these tests run: the file was written and read, not run. Here is what can be told
of it without one."""

import re

import pytest
from test_native_windows import BOUND



@pytest.fixture(scope="module")
def text(bundle):
    return (bundle / "goenv.ps1").read_bytes().decode("ascii").replace("\r\n", "\n")


@pytest.fixture(scope="module")
def code(text):
    return re.sub(r"(?m)^\s*#.*$", "", text)


def test_comes_with_the_line_ends_of_windows(bundle):
    lines = (bundle / "goenv.ps1").read_bytes().split(b"\n")
    assert lines.pop() == b"" and all(line.endswith(b"\r") and line.count(b"\r") == 1 for line in lines)


def test_every_variable_of_the_table_is_bound(code):
    for name in {*BOUND, "PATH"}:
        assert f"$values['{name}']" in code or f" {name} = " in code, name


def test_brackets_and_quotes_are_balanced(code):
    stack, pairs = [], {")": "(", "]": "[", "}": "{"}
    for character in re.sub(r"'[^'\n]*'|\"(?:[^\"`\n]|`.)*\"", "", code):
        if character in pairs.values():
            stack.append(character)
        elif character in pairs:
            assert stack and stack.pop() == pairs[character]
        assert character not in "'\"", "a quote without its other half"
    assert not stack


def test_nothing_is_run_but_go_exe_and_nothing_is_expanded_as_a_pattern(code):
    assert set(re.findall(r"(?m)(?:^|[^&])& (\S+)", code)) == {"{", '"$bundle\\go.exe"'}
    assert not re.search(r"Invoke-Expression|\biex\b|Get-Content|Test-Path|Set-Location|Start-Process", code)


def test_a_tree_may_be_named_as_for_use_bat(bundle, text, code):
    """By position, or by GOPACK_GO; with the messages of the other launchers."""
    assert "param([Parameter(Position = 0)][string]$Version, " in text and '$word = "$env:GOPACK_GO"' in text
    use = (bundle / "use.bat").read_bytes().decode("ascii")
    for words in (
        "no tree of this bundle is {}; use.bat without an argument lists them",
        "{} may be each of {}: name one of them, or the profile or platform: 1.22+minimal, 1.22/windows-amd64",
    ):
        for shown, names in ((text, ("$word", "${names}")), (use, ("%_want%", "%_found%"))):
            assert words.format(*names) in shown
    assert code.count('& "$bundle\\go.exe" @same ') == code.count('& "$bundle\\go.exe"')
