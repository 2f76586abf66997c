"""Weightings on a fixed problem of two quadratic losses whose gradients conflict."""

from itertools import combinations

import pytest
import torch
from torch import Tensor, nn

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.weightings.equal import Equal
from detaux.learn.weightings.pcgrad import PCGrad
from detaux.learn.weightings.uncertainty import Uncertainty, UncertaintyUpdate


class TwoTasks(nn.Module):
    """Shared weights in two parts, and a head a task; the tasks pull the shared weights to opposite sides."""

    def __init__(self, num_tasks: int = 2, seed: int = 4) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.shared = nn.ParameterList(torch.randn(shape, generator=generator) for shape in ((2, 3), (3,)))
        self.heads = nn.ParameterList(torch.randn(3, generator=generator) for _ in range(num_tasks))
        sides = 4 * (-1) ** torch.arange(num_tasks)
        self.targets = sides[:, None, None] + torch.randn(num_tasks, 2, 3, generator=generator)

    def losses(self) -> Tensor:
        shared = self.shared[0] + self.shared[1]
        return torch.stack(
            [
                ((shared + head - target) ** 2).sum()
                for head, target in zip(self.heads, self.targets, strict=True)
            ]
        )

    def backward(self, update: Update) -> None:
        self.zero_grad()
        update.backward(self.losses(), list(self.shared), [[head] for head in self.heads])


def gradient(parameters: nn.ParameterList) -> Tensor:
    return torch.cat([parameter.grad.flatten() for parameter in parameters if parameter.grad is not None])


def gradient_rows(tasks: TwoTasks) -> Tensor:
    """Return the gradient of each task's loss with respect to the shared parameters, one backward pass a task."""
    rows = [torch.autograd.grad(loss, list(tasks.shared), retain_graph=True) for loss in tasks.losses()]
    return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])


def test_equal_descends_the_sum_of_the_losses() -> None:
    tasks = TwoTasks()
    tasks.backward(Equal().build(2))
    torch.testing.assert_close(gradient(tasks.shared), gradient_rows(tasks).sum(dim=0))


def test_pcgrad_is_the_projection_formula() -> None:
    tasks = TwoTasks()
    first, second = gradient_rows(tasks)
    assert first @ second < 0, "the problem must conflict"
    freed_first = first - (first @ second) / (second @ second) * second
    freed_second = second - (second @ first) / (first @ first) * first
    tasks.backward(PCGrad().build(2))
    torch.testing.assert_close(gradient(tasks.shared), freed_first + freed_second)


def test_pcgrad_is_the_sum_where_nothing_conflicts() -> None:
    tasks = TwoTasks()
    tasks.targets[1] = tasks.targets[0]
    first, second = gradient_rows(tasks)
    assert first @ second > 0
    tasks.backward(PCGrad().build(2))
    torch.testing.assert_close(gradient(tasks.shared), first + second)


def test_pcgrad_leaves_each_head_the_gradient_of_its_own_loss() -> None:
    tasks = TwoTasks()
    tasks.backward(PCGrad().build(2))
    own = torch.cat(torch.autograd.grad(tasks.losses().sum(), list(tasks.heads)))
    torch.testing.assert_close(gradient(tasks.heads), own)


def test_pcgrad_of_many_tasks_follows_torch_s_seed() -> None:
    gradients = []
    for seed in (1, 1, 2):
        tasks = TwoTasks(num_tasks=6)
        torch.manual_seed(seed)
        tasks.backward(PCGrad().build(6))
        gradients.append(gradient(tasks.shared))
    assert torch.equal(gradients[0], gradients[1])
    assert not torch.equal(gradients[0], gradients[2])


def test_uncertainty_starts_as_the_plain_sum() -> None:
    tasks = TwoTasks()
    tasks.backward(Uncertainty().build(2))
    torch.testing.assert_close(gradient(tasks.shared), gradient_rows(tasks).sum(dim=0))


def test_uncertainty_weighs_by_the_inverse_variance() -> None:
    tasks, update = TwoTasks(), Uncertainty().build(2)
    with torch.no_grad():
        update.log_variances.copy_(torch.tensor([0.5, -1.0]))
    tasks.backward(update)
    weights = torch.tensor([0.5, -1.0]).neg().exp()
    torch.testing.assert_close(gradient(tasks.shared), weights @ gradient_rows(tasks))
    torch.testing.assert_close(update.log_variances.grad, 0.5 - weights * tasks.losses().detach())


def test_uncertainty_settles_where_the_variance_is_twice_the_loss() -> None:
    update, losses = UncertaintyUpdate(2), torch.tensor([0.2, 3.0])
    optimizer = torch.optim.Adam(update.parameters(), lr=0.05)
    for _ in range(400):
        optimizer.zero_grad()
        update.backward(losses, [], [])
        optimizer.step()
    torch.testing.assert_close(update.log_variances.detach().exp(), 2 * losses, rtol=1e-2, atol=0)


def descended(name: str, steps: int = 5) -> Tensor:
    tasks, update = TwoTasks(), weightings.get(name)().build(2)
    optimizer = torch.optim.SGD([*tasks.parameters(), *update.parameters()], lr=0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        tasks.backward(update)
        optimizer.step()
    return torch.cat([parameter.detach().flatten() for parameter in tasks.shared])


@pytest.fixture(scope="module")
def ends() -> dict[str, Tensor]:
    return {name: descended(name) for name in weightings.names()}


@pytest.mark.parametrize(("one", "other"), list(combinations(weightings.names(), 2)))
def test_no_two_weightings_are_the_same(ends: dict[str, Tensor], one: str, other: str) -> None:
    assert not torch.allclose(ends[one], ends[other], atol=1e-4)


@pytest.mark.parametrize("name", weightings.names())
def test_one_task_alone_is_plain_descent(name: str) -> None:
    tasks = TwoTasks(num_tasks=1)
    tasks.backward(weightings.get(name)().build(1))
    torch.testing.assert_close(gradient(tasks.shared), gradient_rows(tasks)[0])


@pytest.mark.parametrize("name", weightings.names())
def test_a_loss_of_zero_changes_nothing_else(name: str) -> None:
    tasks, alone = TwoTasks(), TwoTasks()
    update = weightings.get(name)().build(2)
    update.backward(
        tasks.losses() * torch.tensor([1.0, 0.0]), list(tasks.shared), [[head] for head in tasks.heads]
    )
    torch.testing.assert_close(gradient(tasks.shared), gradient_rows(alone)[0])
