"""Groups of the principal classes as the auxiliary task: a hierarchy that is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detaux.core.errors import DataError
from detaux.core.registry import unknown_name
from detaux.learn.context import AuxiliaryContext
from detaux.learn.labels.columns import factor_task
from detaux.learn.labels.nesting import divided_class, not_coarser
from detaux.learn.registries import auxiliary
from detaux.learn.tasks import Task


@auxiliary.register(
    "class",
    summary="a labelling coarser than the principal classes, as in class:coarse of cifar100",
    source="after Caruana 1997, Multitask Learning: related labels that the data set has",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class CoarseClass:
    """Learn groups of principal classes beside these: each class lies in one group."""

    labelling: str
    """Name of the factor that holds the groups."""

    @property
    def discovery(self) -> None:
        """Not needed."""

    def tasks(self, context: AuxiliaryContext) -> Sequence[Task]:
        """Return the task on the groups, with as many classes as the data set has values.

        Raises:
            DataError: If the data set has no such factor (near misses are named), it is the principal task itself or
                has a single value, or a principal class lies in more than one group.
        """
        self._check(context)
        task = factor_task(self.labelling, context)
        divided = divided_class(context.labels, task.labels)
        if divided is not None:
            raise DataError(not_coarser(self.labelling, divided))
        return (task,)

    def _check(self, context: AuxiliaryContext) -> None:
        names = tuple(context.factor_names)
        if self.labelling not in names:
            raise DataError(unknown_name(self.labelling, names, kind="factors"))
        if tuple(context.principal) == (self.labelling,):
            raise DataError(f"{self.labelling!r} is the principal task itself; choose a coarser labelling")
