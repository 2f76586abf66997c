"""Gradients of the tasks, brought to the cosines they usually have."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.core.bounds import check_range
from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.torchjd_adapter import grad_vac


@weightings.register(
    "grad_vac",
    summary="sum of gradients, each turned until its cosines are no lower than usual",
    source="Wang et al. 2021, arXiv:2010.05874, Algorithm 1; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class GradVac:
    """Turn each task's gradient towards the others wherever its cosine is below the mean of the steps before.

    Source: Wang et al. 2021, arXiv:2010.05874, Algorithm 1. Differs in: one cosine for all shared parameters; the order
        of turns, which matters from three tasks on, is drawn anew each step from the step's seed.
    """

    beta: float = 0.01
    """Share of the present cosine in the mean, in [0, 1]; 0.01 is the paper's as other ports have it, LibMTL and torchjd have 0.5."""

    def __post_init__(self) -> None:
        """Check the share.

        Raises:
            ValueError: If it is out of its range.
        """
        check_range("beta", self.beta, 0, 1)

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it remembers the mean cosines."""
        return grad_vac(num_tasks, self.beta)
