"""What the static program is made of."""

import re
import subprocess
from pathlib import Path

from conftest import TOP


def readelf(option, program):
    return subprocess.run(["readelf", "-W", option, program], capture_output=True, text=True, check=True).stdout


def test_needs_no_library(program):
    assert "INTERP" not in readelf("-l", program) and "(NEEDED)" not in readelf("-d", program)


def test_threads_have_the_stack_of_glibc(program):
    """Of musl they would have 128 KiB, too little for deep YAML and JSON."""
    (size,) = re.findall(r"GNU_STACK\s+0x\S+ 0x\S+ 0x\S+ 0x\S+ (0x\S+)", readelf("-l", program))
    assert int(size, 16) == 8 << 20


def test_is_guarded(program):
    segments = readelf("-l", program)
    assert "GNU_RELRO" in segments
    assert not [line for line in segments.splitlines() if re.search(r" [R ]WE ", line)]


def test_has_no_path_of_this_machine(program):
    content = program.read_bytes()
    assert str(TOP).encode() not in content and str(Path.home()).encode() + b"/" not in content
