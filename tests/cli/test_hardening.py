"""The program is built with the protections that SECURITY.md promises, and tells what it stands on."""

import re
import subprocess

import pytest


@pytest.fixture
def read(gopack):
    """readelf on the program; builds with sanitizers have other flags."""
    if gopack.is_sanitized:
        pytest.skip("built with a sanitizer")

    def readelf(option):
        return subprocess.run(["readelf", "-W", option, gopack.binary], capture_output=True, text=True, check=True).stdout

    return readelf


def test_position_independent(read):
    assert re.search(r"Type:\s+DYN \(Position-Independent Executable", read("-h"))


def test_relocations_are_read_only_before_main(read):
    assert "GNU_RELRO" in read("-l")
    dynamic = read("-d")
    assert re.search(r"\(FLAGS\)\s+BIND_NOW", dynamic) and re.search(r"\(FLAGS_1\)\s+Flags: .*\bNOW\b.*\bPIE\b", dynamic)
    assert "TEXTREL" not in dynamic and "RPATH" not in dynamic and "RUNPATH" not in dynamic


def test_nothing_is_both_writable_and_executable(read):
    segments = re.findall(r"^\s+(\w+)\s+0x\S+ 0x\S+ 0x\S+ 0x\S+ 0x\S+ ([R ][W ][E ])", read("-l"), re.MULTILINE)
    assert ("GNU_STACK", "RW ") in segments
    assert not [name for name, flags in segments if "W" in flags and "E" in flags]


def test_stack_and_buffers_are_guarded(read):
    symbols = read("--dyn-syms")
    assert "__stack_chk_fail" in symbols
    assert re.search(r"__\w+_chk@", symbols)  # FORTIFY_SOURCE
    assert "_ZSt21__glibcxx_assert_fail" in symbols  # bounds of the standard library's containers


def test_version(gopack):
    assert re.fullmatch(r"gopack \d+\.\d+\.\d+\n", gopack.must("--version").stdout)
    lines = dict(re.split(r"\s{2,}", line) for line in gopack.must("--version", "-v").stdout.splitlines()[1:])
    assert lines.keys() >= {"OpenSSL", "libcurl", "libarchive", "ISA-L", "zstd", "utf8proc", "yaml-cpp", "fmt"}
    assert all(re.search(r"\d+\.\d+", version) for version in lines.values())
    document = gopack.must("--version", "--json").json
    assert document["schema"] == 1
    assert {library["name"]: library["version"] for library in document["libraries"]} == lines
