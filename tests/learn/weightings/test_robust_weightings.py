"""Rules that withstand odd gradients, which need many tasks, and labels full of noise."""

import numpy as np
import pytest
import torch

from detaux.core.errors import DataError
from detaux.learn.weightings.excess_mtl import ExcessMTL
from detaux.learn.weightings.krum import Krum
from detaux.learn.weightings.trimmed_mean import TrimmedMean
from tests.learn.weightings.jacobians import ACCORD, CONFLICT, THREE, close, table
from tests.learn.weightings.toy import combined


def test_krum_takes_the_gradients_nearest_to_the_others() -> None:
    """Each is measured by the nearest of the others: 0.1 and 0.1 for the first two, 4.9 for the third."""
    jacobian = torch.tensor([[0.0, 1.0], [0.1, 1.0], [5.0, 1.0]])
    found = combined(Krum(num_selected=2).build(3), jacobian)
    torch.testing.assert_close(found, torch.tensor([0.05, 1.0]))


def test_trimmed_mean_of_three_is_the_median() -> None:
    found = combined(TrimmedMean().build(3), THREE)
    torch.testing.assert_close(found, THREE.median(dim=0).values)


@pytest.mark.parametrize(
    ("options", "least"),
    [(Krum(), 3), (Krum(num_byzantine=2), 5), (Krum(num_selected=7), 7), (TrimmedMean(trim_number=2), 5)],
)
def test_rules_that_need_many_tasks_say_how_many(options: Krum | TrimmedMean, least: int) -> None:
    options.build(least)
    with pytest.raises(DataError, match=f"needs at least {least} tasks.* has {least - 1}"):
        options.build(least - 1)


def test_excess_mtl_follows_its_equations() -> None:
    uneven = torch.tensor([[0.2], [5.0]]) * CONFLICT
    update, tables = ExcessMTL(rate=0.7, warmup=2).build(2), (CONFLICT, ACCORD, uneven, ACCORD)
    squares, unit_risk, logits = np.zeros((2, 4)), np.zeros(2), np.zeros(2)
    for step, jacobian in enumerate(tables):
        squares += table(jacobian) ** 2
        risks = (table(jacobian) ** 2 / np.sqrt(squares + 1e-7)).sum(1)
        if step < 2:
            unit_risk += risks / 2
        else:
            logits += 0.7 * risks / unit_risk
        weights = np.exp(logits) / np.exp(logits).sum()
        close(combined(update, jacobian), weights @ table(jacobian))
    assert abs(weights[0] - 0.5) > 0.1


def test_excess_mtl_stays_finite_under_endless_risk() -> None:
    update = ExcessMTL(rate=1_000.0, warmup=1).build(2)
    for _ in range(50):
        found = combined(update, CONFLICT)
    assert found.isfinite().all()
