"""The geometric mean of the losses."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from detaux.learn.registries import weightings
from detaux.learn.updating.scalarized import WeighedUpdate


class GeometricUpdate(WeighedUpdate):
    """Descend the geometric mean of the losses above 0."""

    def weigh(self, losses: Tensor) -> Tensor:
        """Return the mean's derivative by each loss (T,): mean / (T loss), 0 for a loss of 0."""
        is_some = losses > 0
        number = is_some.sum().clamp(min=1)
        mean = torch.where(is_some, losses.log(), 0).sum().div(number).exp()
        return torch.where(is_some, mean / (number * losses), 0)


@weightings.register(
    "gls",
    summary="the geometric mean of the losses",
    source="Chennupati et al. 2019, arXiv:1904.08492, geometric loss strategy",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class GeometricLossStrategy:
    """Descend the geometric mean of the losses, so that their scales do not matter.

    Source: Chennupati et al. 2019, arXiv:1904.08492, geometric loss strategy. Differs in: a loss of 0, as of a batch
        that a task leaves out, is left out of the mean.
    """

    def build(self, num_tasks: int) -> GeometricUpdate:
        """Make the rule; it learns nothing."""
        return GeometricUpdate(num_tasks)
