"""Allocations and system calls that fail: a sample. `tests/faults/sweep` tries many more."""

import pytest
from failing import KINDS, Failing, build_library
from harness import SCENARIOS, Trial

CHOSEN = [scenario for scenario in SCENARIOS if scenario.name in ("fetch", "trim", "use", "bundle", "repair", "gc")]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return build_library(tmp_path_factory.mktemp("library"))


@pytest.mark.parametrize("scenario", CHOSEN, ids=lambda scenario: scenario.name)
def test_what_fails_once(library, scenario):
    with Trial(scenario) as trial:
        for kind in KINDS:
            failing = Failing(trial, library, kind)
            count = failing.count()
            assert count > 50
            broken = failing.try_numbers(range(1, count, count // 8))
            assert not broken, "\n".join(broken)
