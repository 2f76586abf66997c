"""No auxiliary task: single-task learning, the arm that others are measured against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detaux.learn.context import AuxiliaryContext
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import AnyTask


@auxiliary.register("none", summary="no auxiliary task: single-task learning", source="the usual baseline")
@dataclass(frozen=True, kw_only=True, slots=True)
class NoAuxiliary:
    """Learn the principal task alone."""

    @property
    def discovery(self) -> None:
        """Not needed."""

    def tasks(self, context: AuxiliaryContext) -> Sequence[AnyTask]:
        """Return no task."""
        del context
        return ()
