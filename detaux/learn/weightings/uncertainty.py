"""Weights from the noise that each task is thought to have, learnt with the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.weight_log import weight_scores


class UncertaintyUpdate(Update):
    """Descend sum_t exp(-s_t) loss_t + s_t / 2, with learnt log-variances s.

    Args:
        num_tasks: Number T of tasks; each log-variance starts at 0, where every weight is 1.
    """

    def __init__(self, num_tasks: int) -> None:
        super().__init__()
        self.log_variances = nn.Parameter(torch.zeros(num_tasks))

    def backward(
        self, losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
    ) -> None:
        """Accumulate the gradient of the weighted sum of the losses (T,), and that of the log-variances."""
        del shared, heads  # the graph knows them
        weighted = torch.exp(-self.log_variances) * losses + self.log_variances / 2
        torch.autograd.backward(weighted.sum())

    def scores(self) -> dict[str, float]:
        """Return the weight of each task."""
        return weight_scores((-self.log_variances).detach().exp())


@weightings.register(
    "uncertainty",
    summary="weights exp(-s) from learnt log-variances s",
    source="Kendall, Gal & Cipolla 2018, arXiv:1705.07115, Section 3.2",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Uncertainty:
    """Learn a log-variance a task.

    Source: Kendall, Gal & Cipolla 2018, arXiv:1705.07115, Equation 10, its form for classification.
        Differs in: weight decay pulls the log-variances to 0 like every parameter, at the paper's rates by a
        share of 5e-7 a step.
    """

    def build(self, num_tasks: int) -> UncertaintyUpdate:
        """Make the rule, with T log-variances to learn."""
        return UncertaintyUpdate(num_tasks)
