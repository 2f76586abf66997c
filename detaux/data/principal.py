"""The principal task's labels, made of one factor or several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.registry import unknown_name
from detaux.data.dataset import Dataset


def factor_columns(dataset: Dataset, names: Sequence[str]) -> list[int]:
    """Find the columns of named factors.

    Raises:
        DataError: If no factor is named, one twice, or one that the data set lacks; near misses are given.
    """
    if not names or len(set(names)) != len(names):
        raise DataError(
            f"name one factor or several different ones, of {dataset.factor_names}; found {list(names)}"
        )
    for name in names:
        if name not in dataset.factor_names:
            raise DataError(unknown_name(name, dataset.factor_names, kind=f"factors of {dataset.name}"))
    return [dataset.factor_names.index(name) for name in names]


def principal_labels(dataset: Dataset, names: Sequence[str]) -> tuple[NDArray[np.int64], int]:
    """Number the combinations of the named factors' values: the classes of the principal task.

    Args:
        dataset: With N images.
        names: Factors that make the class, the last varying fastest.

    Returns:
        Class of every image, shape (N,), and the number of classes, the product of the factors' sizes.

    Raises:
        DataError: If a name is unknown or given twice, or a factor takes a single value.
    """
    columns = factor_columns(dataset, names)
    sizes = [dataset.factor_sizes[column] for column in columns]
    for name, size in zip(names, sizes, strict=True):
        if size == 1:
            raise DataError(
                f"{name} takes a single value in {dataset.name}, so it has no classes to tell apart"
            )
    factors = dataset.factors(np.arange(len(dataset)))
    labels = np.zeros(len(dataset), dtype=np.int64)
    for column, size in zip(columns, sizes, strict=True):
        labels = labels * size + factors[:, column]
    return labels, int(np.prod(sizes))
