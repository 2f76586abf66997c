"""The split that a data set comes with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.seeding import derive_seed
from detaux.data.dataset import Dataset
from detaux.data.registries import splits
from detaux.data.split import Split, labelled_subset
from detaux.data.stratify import part_off


@splits.register("official", summary="the test part the set comes with", source="the data set's authors")
@dataclass(frozen=True, kw_only=True, slots=True)
class OfficialSplit:
    """Tests on the official test part; the official training part is parted once more, each class in proportion.

    Raises:
        ValueError: If `validation` is outside (0, 1), or `train_size` is not positive.
    """

    validation: float = 0.1
    """Share of the official training part by which choices are made."""
    train_size: int | None = None
    """How many of the remaining images train; None takes all."""

    def __post_init__(self) -> None:
        if not 0 < self.validation < 1:
            raise ValueError(f"validation must lie between 0 and 1, found {self.validation}")
        if self.train_size is not None and self.train_size < 1:
            raise ValueError(f"train_size must be at least 1, found {self.train_size}")

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
        validation, train = part_off(
            parts["train"], labels, self.validation, seed=derive_seed("split", "validation", seed)
        )
        kept = labelled_subset(
            train, labels, size=self.train_size, seed=derive_seed("split", "train_size", seed)
        )
        return Split(train=train[kept], validation=validation, test=parts["test"])
