"""Gradients weighed as by a bargain between the tasks."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.core.bounds import check_weight
from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.extras import check_extra
from detaux.learn.updating.torchjd_adapter import nash_mtl


@weightings.register(
    "nash_mtl",
    summary="the Nash bargaining solution between the tasks; needs detaux[nashmtl]",
    source="Navon et al. 2022, arXiv:2202.01017, Algorithm 1; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class NashMTL:
    """Weigh the gradients so that each weight is 1 over its task's progress.

    Source: Navon et al. 2022, arXiv:2202.01017, Algorithm 1, in each step. Differs in: where the solver finds
        no weights from those of the step before, it starts again from equal ones; where it finds none then, the mean of the
        gradients takes their place and that is counted. The released code goes on with the weights of the step before.
    """

    max_norm: float = 1.0
    """Longest update, at least 0; 0 for any."""

    def __post_init__(self) -> None:
        """Check the length, and that the solver is installed.

        Raises:
            MissingExtraError: If the extra `nashmtl` is not installed.
            ValueError: If the length is out of its range.
        """
        check_weight("max_norm", self.max_norm)
        check_extra("nashmtl", "cvxpy", "ecos")

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it remembers the last weights."""
        return nash_mtl(num_tasks, self.max_norm)
