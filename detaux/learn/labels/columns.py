"""Tasks made of labels that stand side by side, a column a task."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.learn.context import AuxiliaryContext
from detaux.learn.tasks import Task


def column_tasks(
    name: str,
    labels: NDArray[np.int64],
    num_classes: Sequence[int],
    validation: NDArray[np.int64] | None = None,
) -> tuple[Task, ...]:
    """Make a task of each column.

    Args:
        name: What the first is called; the others have their place behind it: `worst`, `worst_2`, `worst_3`.
        labels: Class of each image in each task, shape (N, A), -1 where a task leaves it out.
        num_classes: Classes of each task (A,).
        validation: The same of the validation images, shape (M, A); None where they have no labels.
    """
    names = [name, *(f"{name}_{place}" for place in range(2, len(num_classes) + 1))]
    unseen = [None] * len(names) if validation is None else list(validation.T)
    return tuple(
        Task(name=called, labels=np.ascontiguousarray(column), num_classes=classes, validation=kept_out)
        for called, column, classes, kept_out in zip(names, labels.T, num_classes, unseen, strict=True)
    )


def found_tasks(name: str, context: AuxiliaryContext) -> tuple[Task, ...]:
    """Make the tasks that stage two found, called as in `column_tasks`.

    Raises:
        ValueError: If stage two was not run.
    """
    return column_tasks(
        name, context.discovered_labels(), context.num_discovered, context.discovered_validation
    )


def factor_task(name: str, context: AuxiliaryContext) -> Task:
    """Make the task on the values of a factor that the data set has.

    Raises:
        DataError: If the factor has a single value.
    """
    index = tuple(context.factor_names).index(name)
    if context.factor_sizes[index] == 1:
        raise DataError(f"factor {name!r} has a single value in this data set: there is nothing to learn")
    unseen = context.factors_validation
    return Task(
        name=name,
        labels=np.ascontiguousarray(context.factors[:, index]),
        num_classes=context.factor_sizes[index],
        validation=None if unseen is None else unseen[:, index],
    )
