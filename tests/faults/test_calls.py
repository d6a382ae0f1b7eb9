"""Every system call that changes a disk, killed or failing: a sample of them. `tests/faults/sweep` tries all."""

import pytest
from harness import SCENARIOS, STATUS, Trial, natural, sample, sweep


@pytest.fixture(params=SCENARIOS, ids=lambda scenario: scenario.name)
def trial(request):
    with Trial(request.param) as trial:
        yield trial


def test_killed_or_failing_at_any_call(trial):
    points = trial.points()
    assert {"openat", "mkdirat", "unlinkat", "fsync", "syncfs"} & {point.call for point in points}
    _, broken = sweep(trial, "kill", [point for point in sample(points, 2) if natural(point, "kill")])
    for i, error in enumerate(STATUS):
        chosen = [point for point in sample(points, 3)[i :: len(STATUS)] if natural(point, error)]
        broken += sweep(trial, error, chosen)[1]
    assert not broken, "\n".join(broken)
