"""What is left when the test part is taken: it is parted into validation and training, alike in every split."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.seeding import derive_seed
from detaux.data.split import Split, labelled_subset
from detaux.data.stratify import part_off


def check_remainder(validation: float, train_size: int | None) -> None:
    """Check how the remainder is to be parted.

    Raises:
        ValueError: If `validation` is outside (0, 1), or `train_size` is not positive.
    """
    if not 0 < validation < 1:
        raise ValueError(f"validation must lie between 0 and 1, found {validation}")
    if train_size is not None and train_size < 1:
        raise ValueError(f"train_size must be at least 1, found {train_size}")


def part_remainder(
    remainder: NDArray[np.int64],
    test: NDArray[np.int64],
    labels: NDArray[np.int64],
    *,
    validation: float,
    train_size: int | None,
    seed: int,
) -> Split:
    """Part the remainder, each class in proportion.

    Args:
        remainder: Index of the images outside the test part, ascending, shape (n,).
        test: Index of the test part, ascending, shape (k,).
        labels: Principal class of every image of the data set, shape (N,).
        validation: Share of the remainder by which choices are made, in (0, 1).
        train_size: How many of the others train; None takes all.
        seed: Of the draws.

    Raises:
        DataError: If a part is empty, there are fewer than `train_size` images to train on, or so few of them that
            they are of one class.
    """
    chosen, train = part_off(remainder, labels, validation, seed=derive_seed("split", "validation", seed))
    kept = labelled_subset(train, labels, size=train_size, seed=derive_seed("split", "train_size", seed))
    split = Split(train=train[kept], validation=chosen, test=test)
    _check_classes(labels[split.train], labels[remainder])
    return split


def _check_classes(trained: NDArray[np.int64], available: NDArray[np.int64]) -> None:
    if np.ptp(trained) == 0 and np.ptp(available) > 0:
        raise DataError(
            f"the train part of the split has images of one class only, {len(trained)} of {len(available)}; "
            "raise its option 'train_size', or lower 'validation' and 'test'"
        )
