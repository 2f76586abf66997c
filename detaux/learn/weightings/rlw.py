"""Weights drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from detaux.learn.registries import weightings
from detaux.learn.updating.scalarized import WeighedUpdate


class RandomUpdate(WeighedUpdate):
    """Descend the losses under the softmax of normal numbers, drawn from torch's global generator on the CPU."""

    def weigh(self, losses: Tensor) -> Tensor:
        """Return new weights (T,) that sum to 1."""
        return torch.randn(len(losses), device="cpu").softmax(dim=0).to(losses)


@weightings.register(
    "rlw",
    summary="weights drawn anew each step: the softmax of normal numbers",
    source="Lin et al. 2022, arXiv:2111.10603, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class RandomLossWeighting:
    """Draw the weights of each step.

    Source: Lin et al. 2022, arXiv:2111.10603, Section 3, with the normal distribution. Differs in: nothing.
    """

    def build(self, num_tasks: int) -> RandomUpdate:
        """Make the rule; it learns nothing."""
        return RandomUpdate(num_tasks)
