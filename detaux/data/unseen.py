"""Classes that a split has no training image of: no net can learn them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset
from detaux.data.split import Split

_MOST_NAMED = 5


def check_trained(dataset: Dataset, labels: NDArray[np.int64], split: Split) -> None:
    """Check that every class of the other parts has a training image.

    Args:
        dataset: With N images.
        labels: Principal class of every image, shape (N,).
        split: Of it.

    Raises:
        DataError: If a class has none; the text names the classes and the part they are in.
    """
    for part, index in split.parts.items():
        unseen = np.setdiff1d(labels[index], labels[split.train])
        if len(unseen):
            raise DataError(
                f"{dataset.name}: no training image is of {class_names(dataset, labels, unseen)}, but images of the "
                f"{part} part are; train on some of each class, lower 'validation' and 'test', or use another split"
            )


def check_kept(
    dataset: Dataset, labels: NDArray[np.int64], train: NDArray[np.int64], kept: NDArray[np.int64]
) -> None:
    """Check that no class is lost where some of the training images are kept.

    Args:
        dataset: With N images.
        labels: Principal class of every image, shape (N,).
        train: Index of all training images, shape (n,).
        kept: Index of those that are kept, shape (k,).

    Raises:
        DataError: If a class is lost; the text names it.
    """
    lost = np.setdiff1d(labels[train], labels[kept])
    if len(lost):
        raise DataError(
            f"{dataset.name}: {len(kept)} of {len(train)} training images are kept, "
            f"none of {class_names(dataset, labels, lost)}; raise the split's option 'train_size' or 'label_fraction'"
        )


def class_names(dataset: Dataset, labels: NDArray[np.int64], classes: NDArray[np.int64]) -> str:
    """Name principal classes, as `class 'ant'`, by the values of the factor whose classes they are, if it is one.

    Args:
        dataset: With N images.
        labels: Principal class of every image, shape (N,).
        classes: Which classes to name, shape (c,), at least one.
    """
    values = _value_names(dataset, labels)
    names = [repr(values[number]) if values else str(number) for number in classes[:_MOST_NAMED].tolist()]
    if len(classes) > _MOST_NAMED:
        names.append(f"{len(classes) - _MOST_NAMED} more")
    *first, last = names
    return f"classes {', '.join(first)} and {last}" if first else f"class {last}"


def _value_names(dataset: Dataset, labels: NDArray[np.int64]) -> tuple[str, ...]:
    """Return the names of the values of the factor that equals the labels; none where they are made of several."""
    factors = dataset.factors(np.arange(len(dataset)))
    for column, name in enumerate(dataset.factor_names):
        if np.array_equal(factors[:, column], labels):
            return dataset.value_names.get(name, ())
    return ()
