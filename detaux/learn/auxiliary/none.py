"""No auxiliary task: single-task learning, the arm that others are measured against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detaux.learn.registries import auxiliary
from detaux.learn.tasks import AuxiliaryContext, Task


@auxiliary.register("none", summary="no auxiliary task: single-task learning", source="the usual baseline")
@dataclass(frozen=True, kw_only=True, slots=True)
class NoAuxiliary:
    """Learn the principal task alone."""

    needs_discovery: ClassVar[bool] = False

    def task(self, context: AuxiliaryContext) -> Task | None:
        """Return None."""
        del context
        return None
