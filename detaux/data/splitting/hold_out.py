"""A split that holds back some values of one factor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset
from detaux.data.principal import factor_columns
from detaux.data.registries import splits
from detaux.data.remainder import check_remainder, part_remainder
from detaux.data.split import Split


@splits.register(
    "hold_out",
    summary="test on values of one factor never seen in training",
    source="common practice: domain generalisation with the factor as the domain",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class HoldOutSplit:
    """Tests on the images that have one of the named values of a factor, and trains on those that have another.

    Raises:
        ValueError: If no value is named, one twice, or one below 0, or an option is out of range; see `check_remainder`.
    """

    factor: str
    """Factor whose values are held back; a principal task cannot use it."""
    values: tuple[int, ...]
    """Values seen in the test part only, as class indices of the factor in this data set, from 0."""
    validation: float = 0.1
    """Share of the other images by which choices are made."""
    train_size: int | None = None
    """How many of the remaining images train; None takes all."""
    label_fraction: float | None = None
    """Share of the remaining images that train, in (0, 1], instead of `train_size`; None takes all."""

    def __post_init__(self) -> None:
        if not self.values or len(set(self.values)) != len(self.values) or min(self.values) < 0:
            raise ValueError(
                f"values must name one value or several different ones, from 0, found {list(self.values)}"
            )
        check_remainder(self.validation, self.train_size, self.label_fraction)

    def held_out(self) -> tuple[str, ...]:
        """Name the factor whose values are held back."""
        return (self.factor,)

    def split(self, dataset: Dataset, labels: NDArray[np.int64], *, seed: int) -> Split:
        """Part the data set; see `Splitting.split`.

        Raises:
            DataError: If it lacks the factor or one of the values, or no image has another value.
        """
        unseen = np.isin(self._values_of_images(dataset), self.values)
        if unseen.all():
            raise DataError(
                f"values {list(self.values)} of {self.factor} hold out all images of {dataset.name}; name fewer"
            )
        return part_remainder(
            dataset,
            np.flatnonzero(~unseen),
            np.flatnonzero(unseen),
            labels,
            validation=self.validation,
            train_size=self.train_size,
            label_fraction=self.label_fraction,
            seed=seed,
        )

    def _values_of_images(self, dataset: Dataset) -> NDArray[np.int64]:
        """Look up the factor of every image, shape (N,), and check that each value held back is among them."""
        (column,) = factor_columns(dataset, [self.factor])
        found = dataset.factors(np.arange(len(dataset)))[:, column]
        missing = np.setdiff1d(self.values, found)
        if len(missing):
            raise DataError(
                f"no image of {dataset.name} has the value {missing[0]} of {self.factor}; "
                f"name values of 0 to {dataset.factor_sizes[column] - 1} that images have"
            )
        return found
