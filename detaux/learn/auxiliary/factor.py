"""A ground-truth factor as the auxiliary task: what discovery could reach at best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detaux.core.errors import DataError
from detaux.core.registry import unknown_name
from detaux.learn.context import AuxiliaryContext
from detaux.learn.labels.columns import factor_task
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import Task


@auxiliary.register(
    "factor",
    summary="a ground-truth factor, as in factor:object_hue",
    source="Skenderi et al. 2025, arXiv:2310.09278: the upper bound by known labels",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """Learn a true factor of variation beside the principal labels."""

    factor: str
    """Name of the factor; none of those that make the principal task."""

    @property
    def discovery(self) -> None:
        """Not needed."""

    def tasks(self, context: AuxiliaryContext) -> Sequence[Task]:
        """Return the task on the factor's values, with as many classes as the data set has values.

        Raises:
            DataError: If the data set has no such factor (near misses are named), the factor is part of the
                principal task, or it has a single value.
        """
        self._check(context)
        return (factor_task(self.factor, context),)

    def _check(self, context: AuxiliaryContext) -> None:
        names = tuple(context.factor_names)
        if self.factor not in names:
            raise DataError(unknown_name(self.factor, names, kind="factors"))
        if self.factor in context.principal:
            others = ", ".join(name for name in names if name not in context.principal)
            raise DataError(
                f"factor {self.factor!r} is part of the principal task; choose one of: {others or 'none left'}"
            )
