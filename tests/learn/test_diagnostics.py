import numpy as np
import pytest
import torch
from torch import Tensor, nn

from detaux.learn.diagnostics import gradient_conflict


def problem(num_tasks: int) -> tuple[Tensor, list[nn.Parameter]]:
    """Return the losses of tasks that are linear and quadratic in two shared parameters, and these."""
    generator = torch.Generator().manual_seed(num_tasks)
    shared = [
        nn.Parameter(torch.randn(shape, generator=generator, dtype=torch.float64)) for shape in ((2, 3), (4,))
    ]
    slopes = torch.randn(num_tasks, 10, generator=generator, dtype=torch.float64)
    whole = torch.cat([parameter.flatten() for parameter in shared])
    return slopes @ whole + torch.arange(num_tasks) * whole.square().sum(), shared


@pytest.mark.parametrize("num_tasks", [2, 3, 5])
def test_compares_the_principal_gradient_with_the_sum_of_the_others(num_tasks: int) -> None:
    losses, shared = problem(num_tasks)
    found = gradient_conflict(losses, shared)
    rows = [
        np.concatenate(
            [part.numpy().ravel() for part in torch.autograd.grad(loss, shared, retain_graph=True)]
        )
        for loss in losses
    ]
    first, others = rows[0], np.sum(rows[1:], axis=0)
    norms = np.linalg.norm(first), np.linalg.norm(others)
    assert found["gradient_cosine"].item() == pytest.approx(first @ others / (norms[0] * norms[1]))
    assert found["gradient_ratio"].item() == pytest.approx(norms[1] / norms[0])
    assert not any(value.requires_grad or value.shape for value in found.values())


def test_keeps_the_graph_and_writes_no_gradient() -> None:
    losses, shared = problem(2)
    gradient_conflict(losses, shared)
    assert all(parameter.grad is None for parameter in shared)
    torch.autograd.backward(losses.sum())


def test_a_gradient_of_zero_has_cosine_zero() -> None:
    losses, shared = problem(2)
    idle = gradient_conflict(losses * torch.tensor([1.0, 0.0]), shared)
    assert (idle["gradient_cosine"].item(), idle["gradient_ratio"].item()) == (0, 0)


def test_a_parameter_that_a_loss_does_not_reach_counts_as_zero() -> None:
    losses, shared = problem(2)
    more = [*shared, nn.Parameter(torch.ones(2, dtype=torch.float64))]
    one, other = gradient_conflict(losses, shared), gradient_conflict(losses, more)
    torch.testing.assert_close(one, other)
