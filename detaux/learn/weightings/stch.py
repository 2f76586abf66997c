"""A smooth maximum of the losses."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from detaux.core.bounds import check_range
from detaux.learn.registries import weightings
from detaux.learn.updating.scalarized import WeighedUpdate


class SmoothMaximumUpdate(WeighedUpdate):
    """Descend mu log sum_t exp(loss_t / (T mu)).

    Args:
        num_tasks: Number T of tasks.
        smoothing: The number mu; the smaller, the nearer to the largest loss alone.
    """

    def __init__(self, num_tasks: int, smoothing: float) -> None:
        super().__init__(num_tasks)
        self._smoothing = smoothing

    def weigh(self, losses: Tensor) -> Tensor:
        """Return the derivative by each loss (T,), in all 1 / T."""
        preferred = losses / len(losses)
        return (preferred / self._smoothing).softmax(dim=0) / len(losses)


@weightings.register(
    "stch",
    summary="a smooth maximum of the losses (smooth Tchebycheff scalarization)",
    source="Lin et al. 2024, arXiv:2402.19078, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class SmoothTchebycheff:
    """Descend a smooth maximum of the losses.

    Source: Lin et al. 2024, arXiv:2402.19078, Section 3. Differs in: every task is preferred alike, and the best loss
        that a task could reach is taken for 0.
    """

    smoothing: float = 0.1
    """The paper's mu, at least 0.001."""

    def __post_init__(self) -> None:
        """Check the smoothing.

        Raises:
            ValueError: If it is out of its range.
        """
        check_range("smoothing", self.smoothing, 1e-3, 1e6)

    def build(self, num_tasks: int) -> SmoothMaximumUpdate:
        """Make the rule; it learns nothing."""
        return SmoothMaximumUpdate(num_tasks, self.smoothing)
