"""Tasks made of labels that stand side by side, a column a task."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detaux.learn.tasks import AuxiliaryContext, Task


def column_tasks(name: str, labels: NDArray[np.int64], num_classes: Sequence[int]) -> tuple[Task, ...]:
    """Make a task of each column.

    Args:
        name: What the first is called; the others have their place behind it: `worst`, `worst_2`, `worst_3`.
        labels: Class of each image in each task, shape (N, A), -1 where a task leaves it out.
        num_classes: Classes of each task (A,).
    """
    names = [name, *(f"{name}_{place}" for place in range(2, len(num_classes) + 1))]
    return tuple(
        Task(name=called, labels=np.ascontiguousarray(column), num_classes=classes)
        for called, column, classes in zip(names, labels.T, num_classes, strict=True)
    )


def found_tasks(name: str, context: AuxiliaryContext) -> tuple[Task, ...]:
    """Make the tasks that stage two found, called as in `column_tasks`.

    Raises:
        ValueError: If stage two was not run.
    """
    return column_tasks(name, context.discovered_labels(), context.num_discovered)
