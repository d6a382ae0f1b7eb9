"""Every system call that changes a disk, killed or failing: a sample of them. `tests/faults/sweep` tries all."""

import pytest
from harness import STATUS, Trial, natural, sample, sweep
from scenarios import SCENARIOS


@pytest.fixture(params=SCENARIOS, ids=lambda scenario: scenario.name)
def trial(request):
    with Trial(request.param) as trial:
        yield trial


def test_killed_or_failing_at_any_call(trial):
    points = trial.points()
    assert {"openat", "mkdirat", "unlinkat", "fsync", "syncfs"} & {point.call for point in points}
    chosen = {"kill": sample(points, 2)}
    for i, error in enumerate(STATUS):
        chosen[error] = sample(points, 3)[i :: len(STATUS)]
    tried, wanted, broken = 0, 0, []
    for kind, some in chosen.items():
        some = [point for point in some if natural(point, kind)]
        count, problems = sweep(trial, kind, some)
        tried, wanted, broken = tried + count, wanted + len(some), broken + problems
    assert not broken, "\n".join(broken)
    assert tried >= 0.8 * wanted, f"only {tried} of {wanted} calls came again"
