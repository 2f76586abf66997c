"""Rules that weigh gradients by one another, so that each counts: against the papers' closed forms and equations."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize
from torch import Tensor

from detaux.learn.weightings.aligned_mtl import AlignedMTL
from detaux.learn.weightings.config import ConFIG
from detaux.learn.weightings.cr_mogm import SmoothedMGDA
from detaux.learn.weightings.fair_grad import FairGrad
from detaux.learn.weightings.imtl_g import ImpartialGradients
from detaux.learn.weightings.mgda import MGDA
from tests.learn.weightings.jacobians import ACCORD, ALL, BOTH, CONFLICT, THREE, Table, close, table, unit
from tests.learn.weightings.toy import Toy, combined, gradient, gradient_rows


def shortest(jacobian: Tensor) -> Table:
    """Return the weights of the point of least norm between two gradients."""
    first, second = table(jacobian)
    share = np.clip((second - first) @ second / np.sum((first - second) ** 2), 0, 1)
    return np.array([share, 1 - share])


@BOTH
def test_mgda_is_the_shortest_point_between_two_gradients(jacobian: Tensor) -> None:
    close(combined(MGDA().build(2), jacobian), shortest(jacobian) @ table(jacobian))


def test_weights_of_the_toy_are_those_of_its_table() -> None:
    """Gradients of several shared parameters count as one vector."""
    toy = Toy(3)
    toy.backward(MGDA().build(3))
    rows = table(gradient_rows(toy))

    def square_of(logits: Table) -> float:
        return float(np.sum((np.exp(logits) / np.exp(logits).sum() @ rows) ** 2))

    square = minimize(square_of, np.zeros(3), tol=1e-10).fun
    assert gradient(toy.shared).square().sum().item() == pytest.approx(square, rel=2e-2, abs=1e-2)


def test_cr_mogm_smooths_the_weights_of_mgda() -> None:
    update, weights = SmoothedMGDA(smoothing=0.6).build(2), np.array([0.5, 0.5])
    for jacobian in (CONFLICT, ACCORD, CONFLICT):
        weights = 0.6 * weights + 0.4 * shortest(jacobian)
        close(combined(update, jacobian), weights @ table(jacobian))


@BOTH
def test_imtl_g_is_the_paper_s_closed_form(jacobian: Tensor) -> None:
    first, second = table(jacobian)
    apart = unit(first) - unit(second)
    share = first @ apart / ((first - second) @ apart)
    close(combined(ImpartialGradients().build(2), jacobian), (1 - share) * first + share * second)


def test_imtl_g_has_equal_projections_on_three_gradients() -> None:
    found = combined(ImpartialGradients().build(3), THREE)
    projections = THREE @ found / THREE.norm(dim=1)
    torch.testing.assert_close(projections, projections.mean().expand(3), rtol=1e-4, atol=1e-5)


@BOTH
def test_config_is_the_bisector_as_long_as_the_projections_on_it(jacobian: Tensor) -> None:
    first, second = table(jacobian)
    direction = unit(unit(first) + unit(second))
    close(combined(ConFIG().build(2), jacobian), (first + second) @ direction * direction)


@pytest.mark.parametrize("preference", [1.0, 0.2])
@ALL
def test_config_is_equation_2(jacobian: Tensor, preference: float) -> None:
    rows = table(jacobian)
    wanted = np.array([1.0, *[preference] * (len(rows) - 1)])
    direction = unit(np.linalg.pinv(np.array([unit(row) for row in rows])) @ wanted)
    close(
        combined(ConFIG(preference=preference).build(len(rows)), jacobian),
        rows.sum(0) @ direction * direction,
    )


def test_config_makes_no_step_between_opposite_gradients() -> None:
    found = combined(ConFIG().build(2), torch.stack([CONFLICT[0], -2 * CONFLICT[0]]))
    assert torch.equal(found, torch.zeros(4))


@pytest.mark.parametrize("preference", [1.0, 0.2])
@ALL
def test_aligned_mtl_sets_all_singular_values_to_the_least(jacobian: Tensor, preference: float) -> None:
    rows = table(jacobian)
    weights = np.array([1.0, *[preference] * (len(rows) - 1)])
    left, values, right = np.linalg.svd(rows, full_matrices=False)
    expected = weights / weights.sum() @ (values.min() * left @ right)
    close(combined(AlignedMTL(preference=preference).build(len(rows)), jacobian), expected)


@pytest.mark.parametrize("alpha", [0.5, 1.0, 2.0])
@ALL
def test_fair_grad_s_weights_are_progress_to_the_power_of_minus_alpha(jacobian: Tensor, alpha: float) -> None:
    found = table(combined(FairGrad(alpha=alpha).build(len(jacobian)), jacobian))
    weights = np.linalg.lstsq(table(jacobian).T, found, rcond=None)[0]
    np.testing.assert_allclose(table(jacobian) @ found, weights ** (-1 / alpha), rtol=1e-2)


def test_fair_grad_of_one_gradient_twice_is_that_gradient_scaled() -> None:
    """G = g^2 (1 1; 1 1): each weight w solves 2 g^2 w = 1 / w."""
    found = combined(FairGrad().build(2), torch.stack([CONFLICT[0]] * 2))
    first = table(CONFLICT)[0]
    close(found, np.sqrt(2) * unit(first), rtol=1e-3)
