"""A split that holds back some values of one factor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.registry import unknown_name
from detaux.data.dataset import Dataset
from detaux.data.principal import factor_columns
from detaux.data.registries import splits
from detaux.data.remainder import check_remainder, part_remainder
from detaux.data.split import Split

_MOST_LISTED = 20


@splits.register(
    "hold_out",
    summary="test on values of one factor never seen in training",
    source="common practice: domain generalisation with the factor as the domain",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class HoldOutSplit:
    """Tests on the images that have one of the named values of a factor, and trains on those that have another.

    Raises:
        ValueError: If no value is named, one twice, or a number below 0, or an option is out of range; see `check_remainder`.
    """

    factor: str
    """Factor whose values are held back; a principal task cannot use it."""
    values: tuple[int | str, ...]
    """Values seen in the test part only: names, or class indices of the factor in this data set, from 0."""
    validation: float = 0.1
    """Share of the other images by which choices are made."""
    train_size: int | None = None
    """How many of the remaining images train; None takes all."""
    label_fraction: float | None = None
    """Share of the remaining images that train, in (0, 1], instead of `train_size`; None takes all."""

    def __post_init__(self) -> None:
        is_low = any(isinstance(value, int) and value < 0 for value in self.values)
        if not self.values or len(set(self.values)) != len(self.values) or is_low:
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
            DataError: If it lacks the factor or one of the values, a name and a number mean the same value, or no
                image has another value.
        """
        unseen = self._is_held_back(dataset)
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

    def _is_held_back(self, dataset: Dataset) -> NDArray[np.bool_]:
        """Say which images have a value held back, shape (N,), and check that each such value is among them."""
        (column,) = factor_columns(dataset, [self.factor])
        numbers = self._numbers(dataset)
        found = dataset.factors(np.arange(len(dataset)))[:, column]
        missing = np.setdiff1d(numbers, found)
        if len(missing):
            names = dataset.value_names.get(self.factor, ())
            raise DataError(
                f"no image of {dataset.name} has the value {missing[0]} of {self.factor}; "
                f"name values of {_choice(names, dataset.factor_sizes[column])} that images have"
            )
        return np.isin(found, numbers)

    def _numbers(self, dataset: Dataset) -> list[int]:
        """Return the class index of each value, and check that each is another and each name is known."""
        names = dataset.value_names.get(self.factor, ())
        for value in self.values:
            if isinstance(value, str) and value not in names:
                raise DataError(_unknown(value, names, f"values of {self.factor} in {dataset.name}"))
        numbers = [names.index(value) if isinstance(value, str) else value for value in self.values]
        again = [value for place, value in enumerate(self.values) if numbers[place] in numbers[:place]]
        if again:
            raise DataError(
                f"values {list(self.values)} of {self.factor} mean one value twice; remove {again[0]!r}"
            )
        return numbers


def _choice(names: tuple[str, ...], size: int) -> str:
    """Return the numbers that a value may have, with their names where there are some."""
    numbers = f"0 to {size - 1}"
    if not names:
        return numbers
    listed = [f"{number} {name!r}" for number, name in enumerate(names[:_MOST_LISTED])]
    return f"{numbers} ({', '.join(listed + ['...'] * (len(names) > _MOST_LISTED))})"


def _unknown(value: str, names: tuple[str, ...], kind: str) -> str:
    if not names:
        return f"unknown name {value!r}: the {kind} have no names; write numbers, from 0"
    return unknown_name(value, names, kind=kind)
