"""The best update for the worst task, near the mean gradient."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.core.bounds import check_range
from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.extras import check_extra
from detaux.learn.updating.torchjd_adapter import cagrad


@weightings.register(
    "cagrad",
    summary="the best update for the worst task near the mean gradient; needs detaux[cagrad]",
    source="Liu et al. 2021, arXiv:2110.14048, Algorithm 1; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class CAGrad:
    """Serve the task that gains least, within a ball around the mean gradient.

    Source: Liu et al. 2021, arXiv:2110.14048, Algorithm 1. Differs in: solved by Clarabel.
    """

    radius: float = 0.5
    """The paper's c: radius of the ball as a share of the mean gradient's norm, from 0 to 10."""

    def __post_init__(self) -> None:
        """Check the radius, and that the solver is installed.

        Raises:
            MissingExtraError: If the extra `cagrad` is not installed.
            ValueError: If the radius is out of its range.
        """
        check_range("radius", self.radius, 0, 10)
        check_extra("cagrad", "cvxpy", "clarabel")

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it learns nothing."""
        return cagrad(num_tasks, self.radius)
