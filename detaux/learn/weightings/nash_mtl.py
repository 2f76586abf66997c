"""Gradients weighed as by a bargain between the tasks."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from detaux.core.bounds import check_range, check_weight
from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.bargain import NashRule
from detaux.learn.updating.gradient_update import GramianUpdate
from detaux.learn.updating.on_the_cpu import OnTheCPU


@weightings.register(
    "nash_mtl",
    summary="the Nash bargaining solution between the tasks",
    source="Navon et al. 2022, arXiv:2202.01017, Algorithm 1",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class NashMTL:
    """Weigh the gradients so that each weight is 1 over its task's progress.

    Source: Navon et al. 2022, arXiv:2202.01017, Algorithm 1. Differs in: the weights are solved for as one convex
        problem, exactly and without an optional solver; where there are none, the mean of the gradients takes their place
        and that is counted. The released code goes on with the weights of the step before. The update has the direction of
        that of `fair_grad` with alpha 1; its length is another.
    """

    max_norm: float = 1.0
    """Longest update, at least 0; 0 for any."""
    update_weights_every: int = 1
    """After how many steps the weights are solved for anew, from 1 to 1,000,000."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        check_weight("max_norm", self.max_norm)
        check_range("update_weights_every", self.update_weights_every, 1, 1_000_000)

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it remembers the last weights."""
        memory = {"alpha": torch.zeros(num_tasks), "step": torch.zeros((), dtype=torch.long)}
        return GramianUpdate(num_tasks, OnTheCPU(NashRule(self.max_norm, self.update_weights_every), memory))
