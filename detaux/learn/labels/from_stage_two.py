"""What sources of auxiliary tasks share that take the labels of stage two as the suite has it."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.learn.labels.discovery import Discovery


@dataclass(frozen=True, kw_only=True, slots=True)
class FromStageTwo:
    """Takes what stage two found, with the number of its tasks as the one change."""

    num_tasks: int | None = None
    """Subspaces to cluster, each a task, at least 1; None leaves the number to `discover.tasks`."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If there is no task.
        """
        if self.num_tasks is not None and self.num_tasks < 1:
            raise ValueError(f"num_tasks must be at least 1, but is {self.num_tasks}")

    @property
    def discovery(self) -> Discovery | None:
        """Stages one and two as the suite has them, but for the number of tasks."""
        return self._stage_two()

    def _stage_two(self) -> Discovery:
        return Discovery(changes={} if self.num_tasks is None else {"tasks": self.num_tasks})
