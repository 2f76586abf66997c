"""What is left when the test part is taken: it is parted into validation and training, alike in every split."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.seeding import derive_seed
from detaux.data.dataset import Dataset
from detaux.data.split import Split, labelled_subset
from detaux.data.stratify import part_off
from detaux.data.unseen import check_kept, check_trained


def check_remainder(validation: float, train_size: int | None, label_fraction: float | None) -> None:
    """Check how the remainder is to be parted.

    Raises:
        ValueError: If `validation` is outside (0, 1), `train_size` is not positive, `label_fraction` is outside (0, 1],
            or both of these are given.
    """
    check_share("validation", validation)
    if train_size is not None and label_fraction is not None:
        raise ValueError(
            f"train_size and label_fraction must not be given together; drop one, found {train_size} and {label_fraction}"
        )
    if train_size is not None and train_size < 1:
        raise ValueError(f"train_size must be at least 1, found {train_size}")
    if label_fraction is not None and not 0 < label_fraction <= 1:
        raise ValueError(f"label_fraction must be above 0 and at most 1, found {label_fraction}")


def check_share(name: str, share: float) -> None:
    """Check the share of a part.

    Raises:
        ValueError: If it is outside (0, 1).
    """
    if not 0 < share < 1:
        raise ValueError(f"{name} must lie between 0 and 1, found {share}")


def check_shares_of_all(validation: float, test: float) -> None:
    """Check two parts whose shares are both of all images.

    Raises:
        ValueError: If one is not positive, or they leave nothing to train on.
    """
    if not (validation > 0 and test > 0 and validation + test < 1):
        raise ValueError(
            f"validation and test must be positive and leave some of the whole 1, found {validation} and {test}"
        )


def part_remainder(
    dataset: Dataset,
    remainder: NDArray[np.int64],
    test: NDArray[np.int64],
    labels: NDArray[np.int64],
    *,
    validation: float,
    train_size: int | None,
    label_fraction: float | None,
    seed: int,
) -> Split:
    """Part the remainder, each class in proportion.

    Args:
        dataset: With N images.
        remainder: Index of the images outside the test part, ascending, shape (n,).
        test: Index of the test part, ascending, shape (k,).
        labels: Principal class of every image of the data set, shape (N,).
        validation: Share of the remainder by which choices are made, in (0, 1).
        train_size: How many of the others train; None takes all.
        label_fraction: Share of the others that train, in (0, 1]; None takes all.
        seed: Of the draws.

    Raises:
        DataError: If a part is empty; also as `limit_training` raises it.
    """
    chosen, train = part_off(remainder, labels, validation, seed=derive_seed("split", "validation", seed))
    whole = Split(train=train, validation=chosen, test=test)
    return limit_training(
        dataset, whole, labels, train_size=train_size, label_fraction=label_fraction, seed=seed
    )


def limit_training(
    dataset: Dataset,
    split: Split,
    labels: NDArray[np.int64],
    *,
    train_size: int | None,
    label_fraction: float | None,
    seed: int,
) -> Split:
    """Keep some of the training images, each class in proportion, within one image; the other parts stay.

    Args:
        dataset: With N images.
        split: Of the whole of it.
        labels: Principal class of every image of the data set, shape (N,).
        train_size: How many to keep; None keeps all.
        label_fraction: Share to keep, in (0, 1], rounded to whole images: the same draw as a `train_size` of as many.
        seed: Of the draw.

    Raises:
        DataError: If a class of another part has no image to train on, there are fewer than `train_size` of them,
            `label_fraction` of them is no image, or so few are kept that a class is lost.
    """
    check_trained(dataset, labels, split)
    size = train_size if label_fraction is None else _size_of(label_fraction, len(split.train))
    kept = labelled_subset(split.train, labels, size=size, seed=derive_seed("split", "train_size", seed))
    train = split.train[kept]
    check_kept(dataset, labels, split.train, train)
    return Split(train=train, validation=split.validation, test=split.test)


def _size_of(fraction: float, num_train: int) -> int:
    size = round(fraction * num_train)
    if not size:
        raise DataError(f"label_fraction is {fraction}, no whole image of {num_train} to train on; raise it")
    return size
