"""Clusters of the images themselves: what is found without a stage one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detaux.learn.context import AuxiliaryContext
from detaux.learn.labels.columns import found_tasks
from detaux.learn.labels.discovery import Discovery
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import Task


@auxiliary.register(
    "pixels",
    summary="clusters of the images averaged over a grid of blocks, without a stage one",
    source="this suite; control for Skenderi et al. 2025, arXiv:2310.09278, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class PixelClusters:
    """Learn clusters of clean images, each 3 * side * side numbers, by the suite's own stage two."""

    side: int = 4
    """Blocks along each edge, 1 to 16, a divisor of height and width, as in the disentangler `pixels`."""

    @property
    def discovery(self) -> Discovery:
        """Stage one by averaging, stage two on all its numbers at once."""
        return Discovery(
            method={"name": "pixels", "side": self.side}, changes={"subspace": {"name": "whole"}, "tasks": 1}
        )

    def tasks(self, context: AuxiliaryContext) -> Sequence[Task]:
        """Return the task on the labels found.

        Raises:
            ValueError: If stage two was not run.
        """
        return found_tasks("pixels", context)
