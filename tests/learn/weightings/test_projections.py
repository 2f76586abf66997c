"""Rules that turn, cut or leave out gradients in conflict: closed forms for two tasks, searches for three."""

from itertools import combinations

import numpy as np
import pytest
import torch
from torch import Tensor

from detaux.learn.weightings.dual_proj import DualProj
from detaux.learn.weightings.grad_cosine import GradCosine
from detaux.learn.weightings.grad_drop import GradDrop
from detaux.learn.weightings.grad_vac import GradVac
from detaux.learn.weightings.pcd import PriorityConstrainedDescent
from detaux.learn.weightings.pcgrad import PCGrad
from detaux.learn.weightings.upgrad import UPGrad
from tests.learn.weightings.jacobians import ACCORD, ALL, BOTH, CONFLICT, THREE, Table, close, table, unit
from tests.learn.weightings.toy import Toy, combined, gradient


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
