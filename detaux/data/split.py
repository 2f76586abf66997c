"""Which images train, choose and test."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import Field, dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset
from detaux.data.stratify import stratified_sample

_REMEDIES = {
    "train": "lower its option 'validation', or 'test' where it has one",
    "validation": "raise its option 'validation'",
    "test": "raise its option 'test'",
}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Split:
    """Three disjoint sets of images, each sorted and none empty; together they may leave images out.

    Raises:
        DataError: If a part is empty.
        ValueError: If a part is not sorted or holds an image twice, or two parts share one.
    """

    train: NDArray[np.int64]
    """Index of the training images, shape (n,): all that is ever fitted."""
    validation: NDArray[np.int64]
    """Index of the images by which choices are made, shape (m,)."""
    test: NDArray[np.int64]
    """Index of the images scored once, at the end, shape (k,)."""

    def __post_init__(self) -> None:
        for name, index in self.parts.items():
            if not len(index):
                raise DataError(
                    f"the {name} part of the split is empty; {_REMEDIES[name]}, or use more images"
                )
            if np.any(np.diff(index) <= 0):
                raise ValueError(f"the {name} part of the split is not strictly ascending")
        together = np.concatenate(list(self.parts.values()))
        if np.any(np.diff(np.sort(together, kind="stable")) == 0):
            raise ValueError("two parts of the split share an image")

    @property
    def parts(self) -> Mapping[str, NDArray[np.int64]]:
        """The three parts by name, in order of use."""
        return {"train": self.train, "validation": self.validation, "test": self.test}

    @property
    def hash(self) -> str:
        """64 hexadecimal digits that depend on the images in each part and on nothing else."""
        digest = hashlib.sha256()
        for name, index in self.parts.items():
            digest.update(f"{name}:{len(index)}:".encode() + index.astype("<i8").tobytes())
        return digest.hexdigest()


class Splitting(Protocol):
    """A registered splitting rule: a frozen dataclass whose fields are the options a suite may write."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init__(self, **options: Any) -> None: ...

    def split(self, dataset: Dataset, labels: NDArray[np.int64], *, seed: int) -> Split:
        """Part the data set.

        Args:
            dataset: With N images.
            labels: Principal class of every image, shape (N,).
            seed: Of all draws.

        Raises:
            DataError: If the data set cannot be parted so.
        """
        ...

    def held_out(self) -> tuple[str, ...]:
        """Name the factors that the test part holds apart: no principal task can be built on them."""
        ...


def labelled_subset(
    train: NDArray[np.int64], labels: NDArray[np.int64], *, size: int | None, seed: int
) -> NDArray[np.int64]:
    """Choose the training images whose labels are used, every class in proportion.

    Args:
        train: Index of the training images, shape (n,).
        labels: Principal class of every image of the data set, shape (N,).
        size: How many; None takes all.
        seed: Of the draw.

    Returns:
        Positions into `train`, ascending, shape (size,) or (n,).

    Raises:
        DataError: If there are fewer than `size` training images.
    """
    if size is None:
        return np.arange(len(train))
    if size > len(train):
        raise DataError(f"train_size is {size}, but there are only {len(train)} images to train on; lower it")
    return stratified_sample(labels[train], size, seed=seed)
