"""Weights that bring the tasks' gradients to sizes that suit their pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from detaux.core.bounds import check_range
from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.small_adam import SmallAdam
from detaux.learn.updating.weight_log import WeightLog

_TINY = 1e-8


class GradNormUpdate(Update):
    """Descend the weighted sum of the losses, and pull each task's gradient norm to its target.

    Args:
        num_tasks: Number T of tasks; each weight starts at 1.
        asymmetry: Power alpha of a task's inverse training rate in its target.
        rate: Learning rate of the weights.
    """

    first: Tensor

    def __init__(self, num_tasks: int, asymmetry: float, rate: float) -> None:
        super().__init__()
        self._asymmetry = asymmetry
        self.weights = SmallAdam(torch.ones(num_tasks), rate=rate)
        self.log = WeightLog(num_tasks)
        self.register_buffer("first", torch.zeros(num_tasks))

    def backward(
        self, losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
    ) -> None:
        """Accumulate the gradient of the weighted sum of the losses (T,), then learn the weights of the next step."""
        del heads  # the graph knows them
        norms = _norms(losses, shared)
        weights = self.weights.values.clone()
        self.log.add(weights)
        torch.autograd.backward((weights * losses).sum())
        self._learn(norms, losses.detach())

    def scores(self) -> dict[str, float]:
        """Return the mean weight of each task."""
        return self.log.scores()

    def _learn(self, norms: Tensor, losses: Tensor) -> None:
        weighed = self.weights.values * norms
        excess = weighed - weighed.mean() * self._slowness(losses) ** self._asymmetry
        self.weights.descend(excess.sign() * norms)
        values = self.weights.values.clamp_(min=0)
        values *= len(values) / values.sum().clamp(min=_TINY)

    def _slowness(self, losses: Tensor) -> Tensor:
        """Return each task's inverse training rate (T,), 1 in the mean."""
        self.first.copy_(torch.where(self.first > 0, self.first, losses))
        ratios = torch.where(self.first > 0, losses / self.first, 1)
        return ratios / ratios.mean().clamp(min=_TINY)


def _norms(losses: Tensor, shared: Sequence[nn.Parameter]) -> Tensor:
    """Return the norm (T,) of each loss's gradient by all shared parameters; the graph is kept."""
    norms = []
    for loss in losses.unbind():
        gradients = torch.autograd.grad(
            loss, shared, retain_graph=True, allow_unused=True, materialize_grads=True
        )
        norms.append(torch.stack([gradient.norm() for gradient in gradients]).norm())
    return torch.stack(norms)


@weightings.register(
    "gradnorm",
    summary="weights that bring the gradients' norms together, larger for tasks that lag",
    source="Chen et al. 2018, arXiv:1711.02257, Equations 1 and 2, Algorithm 1",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class GradNorm:
    """Learn the weights from the norms of the gradients of the shared parameters.

    Source: Chen et al. 2018, arXiv:1711.02257, Equations 1 and 2, Algorithm 1. Differs in: the norms
        are over all shared parameters, where the paper takes the last shared layer to save time: which that is depends on
        the architecture; a weight that would be negative is 0; a task's first loss is the first above 0.
    """

    asymmetry: float = 1.5
    """The paper's alpha: how much faster a lagging task is to be trained; from 0 to 10."""
    rate: float = 0.025
    """Learning rate of the weights, by Adam."""

    def __post_init__(self) -> None:
        """Check both.

        Raises:
            ValueError: If one is out of its range.
        """
        check_range("asymmetry", self.asymmetry, 0, 10)
        check_range("rate", self.rate, 1e-8, 1)

    def build(self, num_tasks: int) -> GradNormUpdate:
        """Make the rule, with T weights to learn."""
        return GradNormUpdate(num_tasks, self.asymmetry, self.rate)
