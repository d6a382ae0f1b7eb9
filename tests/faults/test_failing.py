"""Allocations and system calls that fail: a sample. `tests/faults/sweep` tries all."""

import pytest
from failing import KINDS, Failing, build_library, distinct_points
from harness import Trial
from scenarios import SCENARIOS

CHOSEN = [scenario for scenario in SCENARIOS if scenario.name in ("fetch", "trim", "use", "bundle", "repair", "gc")]
EACH = 9


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return build_library(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module", params=KINDS)
def points(request, library):
    return request.param, {scenario.name: points for scenario, points in distinct_points(CHOSEN, library, request.param)}


@pytest.mark.parametrize("scenario", CHOSEN, ids=lambda scenario: scenario.name)
def test_what_fails_once(library, points, scenario):
    kind, found = points
    chosen = found[scenario.name]
    assert len(chosen) > 50
    with Trial(scenario) as trial:
        tried, broken = Failing(trial, library, kind).try_points(chosen[:: len(chosen) // EACH])
    assert not broken, "\n".join(broken)
    assert tried >= 0.8 * EACH, f"only {tried} came again"
