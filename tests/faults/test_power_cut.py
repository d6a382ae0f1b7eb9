"""What a power cut leaves after any call is whole, and what a command has said to be done is there (power_cut.py)."""

import pytest
from harness import Trial
from scenarios import SCENARIOS
from power_cut import PowerCut

EVERY = 25  # of the calls that neither flush, move nor remove


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_power_cut_at_any_call(scenario):
    with Trial(scenario) as trial:
        states, broken = PowerCut(trial).try_states(EVERY, at_most=24)
    assert states > 3
    assert not broken, "\n".join(broken)


def named(name):
    return next(scenario for scenario in SCENARIOS if scenario.name == name)


def test_the_check_finds_what_is_not_flushed():
    """Without it none of the others would show anything."""
    with Trial(named("trim")) as trial:
        _, found = PowerCut(trial, "--durability", "fast").try_states(EVERY, at_most=24)
        assert any("at the end" in text for text in found) and any("after rename" in text for text in found)
        _, found = PowerCut(trial).try_states(EVERY, at_most=24, without_syncs=True)
        assert any("at the end" in text for text in found) and any("after rename" in text for text in found)
