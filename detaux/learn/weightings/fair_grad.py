"""Gradients weighed by a fair division of progress."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.core.bounds import check_range
from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.torchjd_adapter import fair_grad


@weightings.register(
    "fair_grad",
    summary="the update that divides progress among the tasks alpha-fairly",
    source="Ban & Ji 2024, arXiv:2402.15638, Equation 4; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class FairGrad:
    """Weigh the gradients so that each weight is the progress of its task to the power of -alpha.

    Source: Ban & Ji 2024, arXiv:2402.15638, Equation 4. Differs in: nothing.
    """

    alpha: float = 1.0
    """Kind of fairness: 1 is proportional, the larger the nearer to the worst task alone; from 0.01 to 100."""

    def __post_init__(self) -> None:
        """Check alpha.

        Raises:
            ValueError: If it is out of its range.
        """
        check_range("alpha", self.alpha, 0.01, 100)

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it learns nothing."""
        return fair_grad(num_tasks, self.alpha)
