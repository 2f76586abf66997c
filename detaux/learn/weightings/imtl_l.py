"""Scales that make all losses alike, learnt with the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.weight_log import weight_scores


class ScaledUpdate(Update):
    """Descend sum_t exp(s_t) loss_t - s_t, with learnt logarithms of scales s.

    Args:
        num_tasks: Number T of tasks; each scale starts at 1.
    """

    def __init__(self, num_tasks: int) -> None:
        super().__init__()
        self.log_scales = nn.Parameter(torch.zeros(num_tasks))

    def backward(
        self, losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
    ) -> None:
        """Accumulate the gradient of the scaled sum of the losses (T,), and that of the scales."""
        del shared, heads  # the graph knows them
        torch.autograd.backward((self.log_scales.exp() * losses - self.log_scales).sum())

    def scores(self) -> dict[str, float]:
        """Return the scale of each task."""
        return weight_scores(self.log_scales.detach().exp())


@weightings.register(
    "imtl_l",
    summary="scales exp(s) that bring every loss to 1, learnt",
    source="Liu et al. 2021, Towards Impartial Multi-task Learning (ICLR), Section 3.2",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class ImpartialLosses:
    """Learn a scale a task.

    Source: Liu et al. 2021, Towards Impartial Multi-task Learning (ICLR), Section 3.2, loss balance. Differs in: weight
        decay pulls the logarithms of the scales to 0 like every parameter.
    """

    def build(self, num_tasks: int) -> ScaledUpdate:
        """Make the rule, with T scales to learn."""
        return ScaledUpdate(num_tasks)
