"""Weights under which all losses fall at one rate, from the losses alone."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from detaux.core.bounds import check_range
from detaux.learn.registries import weightings
from detaux.learn.update import Replay
from detaux.learn.updating.scalarized import WeighedUpdate
from detaux.learn.updating.small_adam import SmallAdam

_TINY = 1e-8


class FamoUpdate(WeighedUpdate):
    """Descend the logarithms of the losses under learnt shares.

    Args:
        num_tasks: Number T of tasks; each share starts at 1 / T.
        rate: Learning rate of the shares' logits.
        decay: Pull of the logits to 0.
    """

    last: Tensor

    def __init__(self, num_tasks: int, rate: float, decay: float) -> None:
        super().__init__(num_tasks)
        self.logits = SmallAdam(torch.zeros(num_tasks), rate=rate, weight_decay=decay)
        self.register_buffer("last", torch.zeros(num_tasks))

    def prepare(self, replay: Replay) -> None:
        """Give less to the losses that the last step brought down by more."""
        now = replay.before()
        if now is None:
            return
        fallen = (self.last + _TINY).log() - (now + _TINY).log()
        shares = self.logits.values.softmax(dim=0)
        self.logits.descend(shares * (fallen - shares @ fallen))

    def weigh(self, losses: Tensor) -> Tensor:
        """Return the weights (T,) that sum to 1: share / loss up to a factor, 0 for a loss of 0."""
        self.last.copy_(losses)
        weights = torch.where(losses > 0, self.logits.values.softmax(dim=0) / losses, 0)
        return weights / weights.sum().clamp(min=_TINY)


@weightings.register(
    "famo",
    summary="weights under which all losses fall at one rate, from the losses after each step",
    source="Liu et al. 2023, arXiv:2306.03792, Algorithm 1",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Famo:
    """Learn the weights from how much each step brought each loss down; a forward pass more a step.

    Source: Liu et al. 2023, arXiv:2306.03792, Algorithm 1. Differs in: a task of loss 0, as in a batch that it leaves
        out, has no weight in that step.
    """

    rate: float = 0.025
    """Learning rate of the weights' logits, by Adam."""
    decay: float = 0.001
    """Pull of the logits to 0."""

    def __post_init__(self) -> None:
        """Check both.

        Raises:
            ValueError: If one is out of its range.
        """
        check_range("rate", self.rate, 1e-8, 1)
        check_range("decay", self.decay, 0, 1)

    def build(self, num_tasks: int) -> FamoUpdate:
        """Make the rule, with T logits to learn."""
        return FamoUpdate(num_tasks, self.rate, self.decay)
