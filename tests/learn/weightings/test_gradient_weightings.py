"""Rules on tables of gradients, against the papers' formulas in numpy: closed forms for two tasks, searches for three."""

from itertools import combinations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from torch import Tensor

from detaux.core.errors import DataError
from detaux.learn.weightings.aligned_mtl import AlignedMTL
from detaux.learn.weightings.config import ConFIG
from detaux.learn.weightings.cr_mogm import SmoothedMGDA
from detaux.learn.weightings.dual_proj import DualProj
from detaux.learn.weightings.excess_mtl import ExcessMTL
from detaux.learn.weightings.fair_grad import FairGrad
from detaux.learn.weightings.grad_cosine import GradCosine
from detaux.learn.weightings.grad_drop import GradDrop
from detaux.learn.weightings.grad_vac import GradVac
from detaux.learn.weightings.imtl_g import ImpartialGradients
from detaux.learn.weightings.krum import Krum
from detaux.learn.weightings.mgda import MGDA
from detaux.learn.weightings.pcd import PriorityConstrainedDescent
from detaux.learn.weightings.pcgrad import PCGrad
from detaux.learn.weightings.trimmed_mean import TrimmedMean
from detaux.learn.weightings.upgrad import UPGrad
from tests.learn.weightings.toy import Toy, combined, gradient, gradient_rows

Table = NDArray[np.float64]
CONFLICT = torch.tensor([[3.0, 1.0, 0.0, -1.0], [-2.0, 1.0, 0.5, 0.0]])
ACCORD = torch.tensor([[3.0, 1.0, 0.0, -1.0], [1.0, 1.0, 0.5, 1.0]])
THREE = torch.tensor([[3.0, 1.0, 0.0, -1.0], [-2.0, 1.0, 0.5, 0.0], [-1.0, -2.0, 1.0, 0.5]])
BOTH = pytest.mark.parametrize("jacobian", [CONFLICT, ACCORD], ids=["conflict", "accord"])
ALL = pytest.mark.parametrize("jacobian", [CONFLICT, ACCORD, THREE], ids=["conflict", "accord", "three"])


def close(found: Tensor, expected: Table, rtol: float = 1e-4) -> None:
    np.testing.assert_allclose(found.numpy(), expected, rtol=rtol, atol=1e-4)


def table(jacobian: Tensor) -> Table:
    return jacobian.double().numpy()


def unit(vector: Table) -> Table:
    return np.asarray(vector / np.linalg.norm(vector))


def shortest(jacobian: Tensor) -> Table:
    """Return the weights of the point of least norm between two gradients."""
    first, second = table(jacobian)
    share = np.clip((second - first) @ second / np.sum((first - second) ** 2), 0, 1)
    return np.array([share, 1 - share])


@BOTH
def test_pcgrad_is_the_projection_formula(jacobian: Tensor) -> None:
    first, second = table(jacobian)
    dot = min(first @ second, 0)
    expected = first - dot / (second @ second) * second + second - dot / (first @ first) * first
    close(combined(PCGrad().build(2), jacobian), expected)


def test_pcgrad_leaves_each_head_the_gradient_of_its_own_loss() -> None:
    toy = Toy()
    toy.backward(PCGrad().build(2))
    own = torch.cat(torch.autograd.grad(toy.losses().sum(), list(toy.heads)))
    assert torch.equal(gradient(toy.heads), own)


def test_pcgrad_of_many_tasks_follows_torch_s_seed() -> None:
    gradients = []
    for seed in (1, 1, 2):
        toy = Toy(num_tasks=6)
        torch.manual_seed(seed)
        toy.backward(PCGrad().build(6))
        gradients.append(gradient(toy.shared))
    assert torch.equal(gradients[0], gradients[1])
    assert not torch.equal(gradients[0], gradients[2])


@BOTH
def test_mgda_is_the_shortest_point_between_two_gradients(jacobian: Tensor) -> None:
    close(combined(MGDA().build(2), jacobian), shortest(jacobian) @ table(jacobian))


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


def nearest(rows: Table, target: Table) -> Table:
    """Return the nearest vector to a target of no negative dot product with any row, over all sets of active ones."""
    best = None
    for size in range(len(rows) + 1):
        for active in map(list, combinations(range(len(rows)), size)):
            found = target - np.linalg.pinv(rows[active]) @ rows[active] @ target if active else target
            if (rows @ found >= -1e-9).all() and (
                best is None or np.sum((found - target) ** 2) < np.sum((best - target) ** 2)
            ):
                best = found
    assert best is not None
    return best


@pytest.mark.parametrize("scale", [1.0, 1e-6])
@pytest.mark.parametrize("preference", [1.0, 0.1, 0.0])
@ALL
def test_upgrad_is_the_mean_of_projections(jacobian: Tensor, preference: float, scale: float) -> None:
    rows = table(jacobian)
    weights = np.array([1.0, *[preference] * (len(rows) - 1)])
    projected = np.array([nearest(rows, row) for row in rows])
    found = combined(UPGrad(preference=preference).build(len(rows)), scale * jacobian) / scale
    np.testing.assert_allclose(found, weights / weights.sum() @ projected, atol=2e-3)


@pytest.mark.parametrize("scale", [1.0, 1e-6])
@pytest.mark.parametrize("preference", [1.0, 0.1, 0.0])
@ALL
def test_dual_proj_is_the_projection_of_the_mean(jacobian: Tensor, preference: float, scale: float) -> None:
    rows = table(jacobian)
    weights = np.array([1.0, *[preference] * (len(rows) - 1)])
    found = combined(DualProj(preference=preference).build(len(rows)), scale * jacobian) / scale
    np.testing.assert_allclose(found, nearest(rows, weights / weights.sum() @ rows), atol=2e-3)


def test_grad_cosine_adds_what_agrees_with_the_principal_gradient() -> None:
    jacobian = torch.cat([THREE, ACCORD[1:]])
    assert (jacobian[1:3] @ jacobian[0] < 0).all()
    assert torch.equal(combined(GradCosine().build(4), jacobian), jacobian[0] + jacobian[3])


def test_grad_cosine_asks_the_principal_task_alone() -> None:
    """The third gradient opposes the second, but not the first."""
    jacobian = torch.tensor([[1.0, 0.0], [1.0, 1.0], [0.0, -3.0]])
    assert torch.equal(combined(GradCosine().build(3), jacobian), jacobian.sum(dim=0))


def test_grad_drop_keeps_one_sign_of_each_element() -> None:
    rows = table(THREE)
    torch.manual_seed(3)
    drawn = torch.rand(4).double().numpy()
    purity = (1 + rows.sum(0) / np.abs(rows).sum(0)) / 2
    kept = np.where(purity > drawn, rows > 0, rows < 0)
    torch.manual_seed(3)
    close(combined(GradDrop().build(3), THREE), (rows * kept).sum(0))
    assert 0 < kept.sum() < (rows != 0).sum()


def test_grad_vac_turns_gradients_to_their_usual_cosine() -> None:
    update, usual = GradVac(beta=0.5).build(2), np.zeros((2, 2))
    for jacobian in (CONFLICT, ACCORD, CONFLICT):
        rows, expected = table(jacobian), np.zeros(4)
        for task, other in ((0, 1), (1, 0)):
            sizes = np.linalg.norm(rows[task]), np.linalg.norm(rows[other])
            cosine, goal = rows[task] @ rows[other] / np.prod(sizes), usual[task, other]
            turned = rows[task].copy()
            if cosine < goal:
                sines = np.sqrt(1 - cosine**2), np.sqrt(1 - goal**2)
                turned += (
                    sizes[0] * (goal * sines[0] - cosine * sines[1]) / (sizes[1] * sines[1]) * rows[other]
                )
                assert unit(turned) @ unit(rows[other]) == pytest.approx(goal, abs=1e-6)
            usual[task, other] = 0.5 * goal + 0.5 * cosine
            expected += turned
        close(combined(update, jacobian), expected)


@pytest.mark.parametrize("progress", [0.0, 0.02, 0.5])
@BOTH
def test_pcd_bends_the_principal_gradient_until_the_other_gains(jacobian: Tensor, progress: float) -> None:
    first, second = table(jacobian)
    bend = max(0.0, progress - float(unit(first) @ unit(second)))
    expected = np.linalg.norm(first) * unit(unit(first) + bend * unit(second))
    close(combined(PriorityConstrainedDescent(progress=progress).build(2), jacobian), expected)


def test_pcd_measures_gradients_by_their_mean_squares() -> None:
    """In the second step both gradients are half as long as their mean square tells, up to the mean's weights."""
    update = PriorityConstrainedDescent(progress=0.5).build(2)
    combined(update, CONFLICT)
    found = combined(update, 0.5 * CONFLICT)
    share = np.sqrt(0.25 / ((0.999 + 0.25) / 1.999))
    first, second = share * unit(table(CONFLICT)[0]), share * unit(table(CONFLICT)[1])
    bend = max(0.0, float((0.5 * second @ second - first @ second) / (second @ second)))
    close(found, np.linalg.norm(0.5 * table(CONFLICT)[0]) * unit(first + bend * second))


def test_pcd_gives_way_to_an_opposite_gradient() -> None:
    """As published: a constraint holds whatever the principal task loses by it, so this rule is not `principal_first`."""
    jacobian = torch.stack([CONFLICT[0], -CONFLICT[0]])
    close(combined(PriorityConstrainedDescent().build(2), jacobian), -table(CONFLICT)[0])
    assert not getattr(PriorityConstrainedDescent, "principal_first", False)


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


def test_weights_of_the_toy_are_those_of_its_table() -> None:
    """Gradients of several shared parameters count as one vector."""
    toy = Toy(3)
    toy.backward(MGDA().build(3))
    rows = table(gradient_rows(toy))

    def square_of(logits: Table) -> float:
        return float(np.sum((np.exp(logits) / np.exp(logits).sum() @ rows) ** 2))

    square = minimize(square_of, np.zeros(3), tol=1e-10).fun
    assert gradient(toy.shared).square().sum().item() == pytest.approx(square, rel=2e-2, abs=1e-2)
