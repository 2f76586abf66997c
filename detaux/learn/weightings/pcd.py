"""The principal gradient, bent until every auxiliary task gains a little."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.core.bounds import check_range
from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.torchjd_adapter import pcd


@weightings.register(
    "pcd",
    summary="the principal gradient, bent until every auxiliary task gains a given share",
    source="Priority-Constrained Descent, TMLR 2026, arXiv:2606.29521, Algorithm 1; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class PriorityConstrainedDescent:
    """Follow the principal gradient as closely as every auxiliary task's share of progress allows.

    The auxiliary tasks are constraints, so that the principal task is not safe from them: where an auxiliary gradient
    points the other way, the update does so too, at full length.

    Source: Priority-Constrained Descent, TMLR 2026, arXiv:2606.29521, Algorithm 1. Differs in: nothing.
    """

    progress: float = 0.02
    """The paper's tau: share of its own gradient's progress that each auxiliary task is granted, in [0, 1]."""

    def __post_init__(self) -> None:
        """Check the share.

        Raises:
            ValueError: If it is out of its range.
        """
        check_range("progress", self.progress, 0, 1)

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it remembers the mean sizes of the gradients."""
        return pcd(num_tasks, self.progress)
