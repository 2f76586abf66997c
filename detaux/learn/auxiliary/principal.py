"""The principal subspace's own clusters: labels that say what the principal ones say already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detaux.learn.context import AuxiliaryContext
from detaux.learn.labels.columns import found_tasks
from detaux.learn.labels.discovery import Discovery
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import Task


@auxiliary.register(
    "principal",
    summary="clusters of the principal subspace, as far from a new task as can be",
    source="this suite; control for Skenderi et al. 2025, arXiv:2310.09278, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class PrincipalSubspace:
    """Learn clusters of subspace 0, from the suite's own stage one."""

    @property
    def discovery(self) -> Discovery:
        """Stage two on the principal subspace, of which there is one."""
        return Discovery(changes={"subspace": {"name": "principal"}, "tasks": 1})

    def tasks(self, context: AuxiliaryContext) -> Sequence[Task]:
        """Return the task on the labels found.

        Raises:
            ValueError: If stage two was not run.
        """
        return found_tasks("principal_subspace", context)
