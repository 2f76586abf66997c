"""The split that a data set comes with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset
from detaux.data.registries import splits
from detaux.data.remainder import check_remainder, part_remainder
from detaux.data.split import Split


@splits.register("official", summary="the test part the set comes with", source="the data set's authors")
@dataclass(frozen=True, kw_only=True, slots=True)
class OfficialSplit:
    """Tests on the official test part; the official training part is parted once more, each class in proportion.

    Raises:
        ValueError: If an option is out of range; see `check_remainder`.
    """

    validation: float = 0.1
    """Share of the official training part by which choices are made."""
    train_size: int | None = None
    """How many of the remaining images train; None takes all."""
    label_fraction: float | None = None
    """Share of the remaining images that train, in (0, 1], instead of `train_size`; None takes all."""

    def __post_init__(self) -> None:
        check_remainder(self.validation, self.train_size, self.label_fraction)

    def held_out(self) -> tuple[str, ...]:
        """Name no factor: every class is in every part."""
        return ()

    def split(self, dataset: Dataset, labels: NDArray[np.int64], *, seed: int) -> Split:
        """Part the data set; see `Splitting.split`.

        Raises:
            DataError: If it comes with no test part.
        """
        parts = dataset.official_parts
        if not {"train", "test"} <= parts.keys():
            raise DataError(f"{dataset.name} comes without a test part; use the split 'random' instead")
        return part_remainder(
            parts["train"],
            parts["test"],
            labels,
            validation=self.validation,
            train_size=self.train_size,
            label_fraction=self.label_fraction,
            seed=seed,
        )
