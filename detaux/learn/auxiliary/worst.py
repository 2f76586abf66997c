"""The labels that the paper's rule likes least: does it matter which subspace is clustered?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detaux.learn.context import AuxiliaryContext
from detaux.learn.labels.columns import found_tasks
from detaux.learn.labels.discovery import Discovery
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import Task


@auxiliary.register(
    "worst",
    summary="clusters of the subspace most aligned with the principal one: the paper's rule turned round",
    source="this suite; control for Skenderi et al. 2025, arXiv:2310.09278, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Worst:
    """Learn clusters of the subspace that the criterion `worst` chooses, from the suite's own stage one."""

    @property
    def discovery(self) -> Discovery:
        """Stage two by the criterion `worst`."""
        return Discovery(changes={"subspace": {"name": "worst"}})

    def tasks(self, context: AuxiliaryContext) -> Sequence[Task]:
        """Return the tasks on the labels found.

        Raises:
            ValueError: If stage two was not run.
        """
        return found_tasks("worst", context)
