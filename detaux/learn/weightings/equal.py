"""The plain sum of the losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from detaux.learn.registries import weightings
from detaux.learn.update import Update


class EqualUpdate(Update):
    """Descend the sum of the losses."""

    def backward(
        self, losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
    ) -> None:
        """Accumulate the gradient of the sum of the losses (T,)."""
        del shared, heads  # the graph knows them
        torch.autograd.backward(losses.sum())


@weightings.register(
    "equal",
    summary="the sum of the losses, unweighted",
    source="Skenderi et al. 2025, arXiv:2310.09278, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Equal:
    """Give every task weight 1."""

    def build(self, num_tasks: int) -> EqualUpdate:
        """Make the rule; it learns nothing."""
        del num_tasks
        return EqualUpdate()
