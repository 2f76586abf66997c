"""The labels that stage two found: the method itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detaux.learn.context import AuxiliaryContext
from detaux.learn.labels.columns import found_tasks
from detaux.learn.labels.from_stage_two import FromStageTwo
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import Task


@auxiliary.register(
    "discovered",
    summary="clusters of the chosen subspace, or of several, from stage two",
    source="Skenderi et al. 2025, arXiv:2310.09278, Section 3; several at once in its version of 2023",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Discovered(FromStageTwo):
    """Learn the discovered labels beside the principal ones."""

    def tasks(self, context: AuxiliaryContext) -> Sequence[Task]:
        """Return the tasks on the discovered labels.

        Raises:
            ValueError: If stage two was not run.
        """
        return found_tasks("discovered", context)
