"""gopack.exe as ./cross makes it, under wine."""

import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
PROGRAM = TOP / "build/cross/windows-amd64/gopack/apps/gopack/gopack.exe"


@pytest.fixture(scope="session")
def gopack_binary():
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is not there: run ./cross windows-amd64")
    return PROGRAM


class Prompt:
    """cmd with gopack in PATH, as a user has it who has just opened one, and a stick as E:."""

    def __init__(self, gopack, stick):
        self.gopack = gopack
        stick.mkdir()
        gopack.wine.drive("e", stick)
        self.variables = gopack.environment(PATH=f"{gopack.to_windows(gopack.binary.parent)};C:\\windows\\system32;C:\\windows")
        for name in ("GOPACK_HOME", "SET_GOPACK_HOME"):
            self.variables.pop(name, None)

    def __call__(self, text):
        """Types the lines; what the first one that fails says ends it."""
        lines = "".join(f"{line}\r\nif not %errorlevel%==0 exit /b 1\r\n" for line in text.strip().splitlines())
        script = self.gopack.work / "typed.bat"
        script.write_bytes(b"@echo off\r\n" + lines.encode())
        done = subprocess.run(["wine", self.gopack.wine.with_environment, "cmd", "/c", "typed.bat"], env=self.variables, cwd=self.gopack.work,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=900, check=False)  # fmt: skip
        output = (done.stdout + done.stderr).decode("utf-8", "replace").replace("\r", "")
        assert done.returncode == 0, output
        return output


@pytest.fixture
def prompt(gopack, tmp_path):
    return Prompt(gopack, tmp_path / "stick")
