"""The split that a data set comes with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset
from detaux.data.registries import splits
from detaux.data.remainder import check_remainder, limit_training, part_remainder
from detaux.data.split import Split

_SHARE = 0.1


@splits.register("official", summary="the test part the set comes with", source="the data set's authors")
@dataclass(frozen=True, kw_only=True, slots=True)
class OfficialSplit:
    """Tests on the official test part, and chooses by the official validation part where there is one.

    Raises:
        ValueError: If an option is out of range; see `check_remainder`.
    """

    validation: float | None = None
    """Share of the official training part, each class in proportion, by which choices are made.

    None takes the official validation part, or 0.1 where there is none; with a number that part is left out.
    """
    train_size: int | None = None
    """How many of the remaining images train; None takes all."""
    label_fraction: float | None = None
    """Share of the remaining images that train, in (0, 1], instead of `train_size`; None takes all."""

    def __post_init__(self) -> None:
        check_remainder(self._share, self.train_size, self.label_fraction)

    def held_out(self) -> tuple[str, ...]:
        """Name no factor: every class is in every part."""
        return ()

    def split(self, dataset: Dataset, labels: NDArray[np.int64], *, seed: int) -> Split:
        """Part the data set; see `Splitting.split`.

        Raises:
            DataError: If it comes with no test part, or the training part lacks a class of another part.
        """
        if not {"train", "test"} <= dataset.official_parts.keys():
            raise DataError(f"{dataset.name} comes without a test part; use the split 'random' instead")
        whole = self._all_images(dataset, labels, seed)
        return limit_training(
            dataset,
            whole,
            labels,
            train_size=self.train_size,
            label_fraction=self.label_fraction,
            seed=seed,
        )

    def _all_images(self, dataset: Dataset, labels: NDArray[np.int64], seed: int) -> Split:
        parts = dataset.official_parts
        if self.validation is None and "validation" in parts:
            return Split(train=parts["train"], validation=parts["validation"], test=parts["test"])
        return part_remainder(
            dataset,
            parts["train"],
            parts["test"],
            labels,
            validation=self._share,
            train_size=None,
            label_fraction=None,
            seed=seed,
        )

    @property
    def _share(self) -> float:
        return _SHARE if self.validation is None else self.validation
