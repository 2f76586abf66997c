"""The gradients that lie nearest to the others."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.core.bounds import check_range
from detaux.learn.limits import check_least_tasks
from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.torchjd_adapter import krum

_MOST_TASKS = 1_024


@weightings.register(
    "krum",
    summary="the mean of the gradients nearest to the others; from three tasks on",
    source="Blanchard et al. 2017, arXiv:1703.02757, Section 4; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Krum:
    """Descend the mean of those gradients whose distances to their nearest ones are least.

    Source: Blanchard et al. 2017, arXiv:1703.02757, Section 4, Multi-Krum. Differs in: distances are not squared.
    """

    num_byzantine: int = 0
    """Number of gradients that may mislead; 3 tasks more than these are needed."""
    num_selected: int = 1
    """Number of gradients to take the mean of, at least 1 and at most the number of tasks."""

    def __post_init__(self) -> None:
        """Check both numbers.

        Raises:
            ValueError: If one is out of its range.
        """
        check_range("num_byzantine", self.num_byzantine, 0, _MOST_TASKS)
        check_range("num_selected", self.num_selected, 1, _MOST_TASKS)

    def check_tasks(self, num_tasks: int) -> None:
        """Check the number of tasks, the principal one included.

        Raises:
            DataError: If there are too few.
        """
        check_least_tasks("krum", max(self.num_byzantine + 3, self.num_selected), num_tasks)

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it learns nothing.

        Raises:
            DataError: If there are too few tasks.
        """
        self.check_tasks(num_tasks)
        return krum(num_tasks, self.num_byzantine, self.num_selected)
