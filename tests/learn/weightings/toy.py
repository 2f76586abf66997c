"""Quadratic losses of one set of weights, and gradients from a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.weightings.excess_mtl import ExcessUpdate

NEEDED = {"cagrad": ("cvxpy", "clarabel")}
MANY_TASKS = ("krum", "trimmed_mean")
BUILT = tuple(
    name
    for name in weightings.names()
    if name != "tuned" and all(find_spec(package) for package in NEEDED.get(name, ()))
)
"""Every weighting that builds a rule here."""
PAIRS = tuple(name for name in BUILT if name not in MANY_TASKS)
"""Those that take two tasks."""
QUICK: Mapping[str, Mapping[str, Any]] = {
    "auto_lambda": {"rate": 0.05, "lookahead_rate": 0.01},
    "dwa": {"period": 2},
    "excess_mtl": {"warmup": 2},
}
"""Options under which a rule shows within a few steps what it does."""


class Toy(nn.Module):
    """Shared weights in two parts, and a head a task; the tasks pull the shared weights to opposite sides."""

    def __init__(self, num_tasks: int = 2, seed: int = 4) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.shared = nn.ParameterList(torch.randn(shape, generator=generator) for shape in ((2, 3), (3,)))
        self.heads = nn.ParameterList(torch.randn(3, generator=generator) for _ in range(num_tasks))
        sides = 4 * (-1) ** torch.arange(num_tasks)
        self.targets = sides[:, None, None] + torch.randn(num_tasks, 2, 3, generator=generator)

    def forward(self, off: float = 0.0) -> Tensor:
        shared = self.shared[0] + self.shared[1]
        pairs = zip(self.heads, self.targets, strict=True)
        return torch.stack([((shared + head - target - off) ** 2).sum() for head, target in pairs])

    def losses(self, weights: Mapping[str, Tensor] | None = None, off: float = 0.0) -> Tensor:
        found: Tensor = functional_call(self, dict(weights or {}), (off,))
        return found

    def backward(self, update: Update) -> None:
        self.zero_grad()
        update.backward(self.losses(), list(self.shared), [[head] for head in self.heads])


class ToyReplay:
    """A toy's losses elsewhere: each step has the same batch, and the other one is a little off it."""

    def __init__(self, toy: Toy, step: int) -> None:
        self._toy, self._step = toy, step

    def before(self) -> Tensor | None:
        return self._toy.losses().detach() if self._step else None

    def train(self, weights: Mapping[str, Tensor] | None = None) -> Tensor:
        return self._toy.losses(weights)

    def query(self, weights: Mapping[str, Tensor] | None = None) -> Tensor:
        return self._toy.losses(weights, off=0.5)

    def weights(self) -> dict[str, Tensor]:
        return dict(self._toy.named_parameters())


def made(name: str, toy: Toy, **options: Any) -> Update:
    """Build a rule for a toy's tasks, with room for what it remembers of the shared weights."""
    update = weightings.get(name)(**{**QUICK.get(name, {}), **options}).build(len(toy.heads))
    if isinstance(update, ExcessUpdate):
        update.attach(list(toy.shared))
    return update


def optimizer_of(*modules: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.AdamW(nn.ModuleList(modules).parameters(), lr=0.05, weight_decay=0.01)


def descend(
    toy: Toy, update: Update, optimizer: torch.optim.Optimizer, steps: Sequence[int] = range(6)
) -> None:
    """Train as the loop does: with new draws in each step."""
    for step in steps:
        torch.manual_seed(step)
        optimizer.zero_grad()
        update.prepare(ToyReplay(toy, step))
        update.backward(toy.losses(), list(toy.shared), [[head] for head in toy.heads])
        optimizer.step()


def gradient(parameters: nn.ParameterList) -> Tensor:
    return torch.cat([parameter.grad.flatten() for parameter in parameters if parameter.grad is not None])


def gradient_rows(toy: Toy) -> Tensor:
    """Return the gradient of each task's loss with respect to the shared parameters, one backward pass a task."""
    rows = [torch.autograd.grad(loss, list(toy.shared), retain_graph=True) for loss in toy.losses()]
    return torch.stack([torch.cat([part.flatten() for part in row]) for row in rows])


def combined(update: Update, jacobian: Tensor, losses: Tensor | None = None) -> Tensor:
    """Return what a rule makes of gradients (T, P), at losses (T,) that are 1 if none are given."""
    weights = nn.Parameter(torch.zeros(2, jacobian.shape[1] // 2, dtype=jacobian.dtype))
    offset = torch.ones(len(jacobian)) if losses is None else losses
    update.backward(offset + jacobian @ weights.flatten(), [weights], [[] for _ in jacobian])
    assert weights.grad is not None
    return weights.grad.flatten()
