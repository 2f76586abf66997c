"""Nash-MTL against what its weights must fulfil, and against a general minimiser."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from torch import Tensor

from detaux.learn.weightings.fair_grad import FairGrad
from detaux.learn.weightings.nash_mtl import NashMTL
from tests.learn.weightings.jacobians import ALL, APART, CONFLICT, close, table, unit
from tests.learn.weightings.toy import combined


@ALL
def test_weights_are_1_over_the_progress(jacobian: Tensor) -> None:
    found = table(combined(NashMTL(max_norm=0).build(len(jacobian)), jacobian))
    weights = np.linalg.lstsq(table(jacobian).T, found, rcond=None)[0]
    bargain = weights * (table(jacobian) @ found)
    np.testing.assert_allclose(bargain, bargain.mean(), rtol=1e-4)


@ALL
def test_it_is_the_direction_of_the_largest_product_of_progress(jacobian: Tensor) -> None:
    """The bargain itself: the unit update whose progress on the tasks has the largest product."""

    def loss(update: np.ndarray) -> float:
        progress = rows @ unit(update)
        return float(-np.log(progress).sum()) if (progress > 0).all() else 1e3 - progress.min()

    rows = table(jacobian)
    best = minimize(loss, rows.sum(0), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    close(
        torch.from_numpy(unit(best.x)), unit(table(combined(NashMTL().build(len(rows)), jacobian))), rtol=1e-3
    )


@ALL
def test_it_goes_where_fair_grad_of_alpha_1_goes(jacobian: Tensor) -> None:
    nash, fair = (combined(rule.build(len(jacobian)), jacobian) for rule in (NashMTL(), FairGrad()))
    close(nash / nash.norm(), unit(table(fair)), rtol=1e-2)


def test_of_gradients_at_right_angles_each_counts_alike() -> None:
    """G = diag(9, 16), of norm |G|: weights sqrt(|G|) / 3 and sqrt(|G|) / 4, so that both parts are sqrt(|G|) long."""
    rows = torch.tensor([[3.0, 0, 0, 0], [0, 4.0, 0, 0]])
    side = np.hypot(9, 16) ** 0.5
    close(combined(NashMTL(max_norm=0).build(2), rows), np.array([side, side, 0, 0]))
    close(combined(NashMTL(max_norm=2).build(2), rows), np.array([2**0.5, 2**0.5, 0, 0]))
    close(combined(NashMTL(max_norm=100).build(2), rows), np.array([side, side, 0, 0]))


def test_nearly_opposed_gradients_have_a_bargain() -> None:
    rows = torch.tensor([[1.0, 1e-3, 0, 0], [-1.0, 1e-3, 0, 0]])
    close(combined(NashMTL().build(2), rows), np.array([0, 1.0, 0, 0]), rtol=1e-3)


@pytest.mark.parametrize(
    "failing",
    [
        torch.tensor([[0.0] * 4, [0.0, 2.0, 0.0, 0.0]]),
        torch.stack([CONFLICT[0]] * 2) * torch.tensor([[1.0], [-1.0]]),
    ],
)
def test_where_no_update_serves_every_task_the_mean_is_taken_and_counted(failing: Tensor) -> None:
    rule, other = NashMTL().build(2), NashMTL().build(2)
    assert torch.equal(combined(rule, failing), failing.mean(0))
    assert rule.scores()["solver_failures_mean_taken"] == 1
    assert torch.equal(combined(rule, CONFLICT), combined(other, CONFLICT))
    assert other.scores()["solver_failures_mean_taken"] == 0


def test_weights_last_for_as_many_steps_as_asked() -> None:
    rule, fresh = NashMTL(max_norm=0, update_weights_every=3).build(2), NashMTL(max_norm=0).build(2)
    first = combined(fresh, CONFLICT)
    weights = np.linalg.lstsq(table(CONFLICT).T, table(first), rcond=None)[0]
    found = [combined(rule, jacobian) for jacobian in (CONFLICT, APART, APART, APART)]
    torch.testing.assert_close(found[0], first)
    for kept in found[1:3]:
        close(kept, weights @ table(APART), rtol=1e-3)
    torch.testing.assert_close(found[3], combined(fresh, APART))


@pytest.mark.parametrize("options", [{"max_norm": -1.0}, {"update_weights_every": 0}])
def test_options_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(options))} must be at least"):
        NashMTL(**options)  # type: ignore[arg-type]  # what a suite writes
