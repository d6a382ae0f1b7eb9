"""The unit tests of each module, as `./cross --tests windows-amd64` makes them."""

import json
import subprocess
from pathlib import Path

import pytest
import wine

BUILT = Path(__file__).parents[2] / "build/cross/windows-amd64/gopack/tests"
NOT_THERE = {test.removeprefix("unit/"): reason for test, reason in wine.failing().items() if test.startswith("unit/")}


@pytest.mark.parametrize("module", sorted(program.stem.removeprefix("test_") for program in BUILT.glob("test_*.exe")))
def test_units(gopack, module, tmp_path):
    """Those that are listed fail, and no others."""
    listed = {test.partition("::")[2]: reason for test, reason in NOT_THERE.items() if test.startswith(module + "::")}
    untried = ":".join(test for test, reason in listed.items() if reason.startswith("not tried"))
    words = [BUILT / f"test_{module}.exe", f"--gtest_filter=-{untried}", f"--gtest_output=json:{wine.Wine.path(tmp_path / 'report')}"]
    done = subprocess.run(["wine", *words], env=gopack.wine.environment(), cwd=tmp_path, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=1200, check=False)  # fmt: skip
    assert (tmp_path / "report").exists(), done.stdout.decode(errors="replace")[-2000:]
    suites = json.loads((tmp_path / "report").read_text())["testsuites"]
    tests = {f"{test['classname']}.{test['name']}": test for suite in suites for test in suite["testsuite"]}
    failed = {name for name, test in tests.items() if "failures" in test}
    assert tests and failed == {test for test in listed if test not in untried.split(":")}, done.stdout.decode(errors="replace")[-4000:]
