"""The mean of the gradients without the extremes of each element."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.core.bounds import check_range
from detaux.learn.limits import check_least_tasks
from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.torchjd_adapter import trimmed_mean

_MOST_TASKS = 1_024


@weightings.register(
    "trimmed_mean",
    summary="the mean of the gradients without each element's extremes; from three tasks on",
    source="Yin et al. 2018, arXiv:1803.01498, Definition 2; torchjd",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class TrimmedMean:
    """Leave out the largest and the smallest gradients of each element, and take the mean of the rest.

    Source: Yin et al. 2018, arXiv:1803.01498, Definition 2. Differs in: nothing.
    """

    trim_number: int = 1
    """Number of gradients to leave out at either end, at least 1; twice as many tasks and 1 more are needed."""

    def __post_init__(self) -> None:
        """Check the number.

        Raises:
            ValueError: If it is out of its range.
        """
        check_range("trim_number", self.trim_number, 1, _MOST_TASKS)

    def check_tasks(self, num_tasks: int) -> None:
        """Check the number of tasks, the principal one included.

        Raises:
            DataError: If there are too few.
        """
        check_least_tasks("trimmed_mean", 2 * self.trim_number + 1, num_tasks)

    def build(self, num_tasks: int) -> Update:
        """Make the rule; it learns nothing.

        Raises:
            DataError: If there are too few tasks.
        """
        self.check_tasks(num_tasks)
        return trimmed_mean(self.trim_number)
