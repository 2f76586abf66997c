"""Weights from how fast each loss fell lately."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from detaux.core.bounds import check_range
from detaux.learn.registries import weightings
from detaux.learn.updating.scalarized import WeighedUpdate

_TINY = 1e-8
_MOST_STEPS = 1_000_000


class DynamicUpdate(WeighedUpdate):
    """Descend the losses under T softmax(mean loss of the last period over that of the one before / temperature).

    Args:
        num_tasks: Number T of tasks.
        period: Steps in a period; the weights are 1 in the first two.
        temperature: The higher, the more alike the weights.
    """

    seen: Tensor
    total: Tensor
    newer: Tensor
    older: Tensor

    def __init__(self, num_tasks: int, period: int, temperature: float) -> None:
        super().__init__(num_tasks)
        self._period, self._temperature = period, temperature
        self.register_buffer("seen", torch.zeros((), dtype=torch.long))
        for name in ("total", "newer", "older"):
            self.register_buffer(name, torch.zeros(num_tasks))

    def weigh(self, losses: Tensor) -> Tensor:
        """Return the weights (T,) that sum to T, from the losses of the two periods before."""
        rates = self.newer / self.older.clamp(min=_TINY)
        weights = len(losses) * (rates / self._temperature).softmax(dim=0)
        weights = torch.where(self.seen < 2 * self._period, torch.ones_like(weights), weights)
        self._remember(losses)
        return weights

    def _remember(self, losses: Tensor) -> None:
        self.seen += 1
        self.total += losses
        is_over = self.seen % self._period == 0
        self.older.copy_(torch.where(is_over, self.newer, self.older))
        self.newer.copy_(torch.where(is_over, self.total / self._period, self.newer))
        self.total *= ~is_over


@weightings.register(
    "dwa",
    summary="more weight to losses that fell less: softmax of their ratio over two periods",
    source="Liu, Johns & Davison 2019, arXiv:1803.10704, Equation 7",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class DynamicWeightAverage:
    """Weigh each loss by its rate of descent.

    Source: Liu, Johns & Davison 2019, arXiv:1803.10704, Equation 7. Differs in: an epoch is a number of steps.
    """

    period: int = 250
    """Steps whose losses are averaged, at least 1; an epoch in the paper."""
    temperature: float = 2.0
    """The higher, the more alike the weights; at least 0.001."""

    def __post_init__(self) -> None:
        """Check both.

        Raises:
            ValueError: If one is out of its range.
        """
        check_range("period", self.period, 1, _MOST_STEPS)
        check_range("temperature", self.temperature, 1e-3, 1e6)

    def build(self, num_tasks: int) -> DynamicUpdate:
        """Make the rule; it remembers mean losses."""
        return DynamicUpdate(num_tasks, self.period, self.temperature)
