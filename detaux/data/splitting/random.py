"""A random split, each class in proportion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.seeding import derive_seed
from detaux.data.dataset import Dataset
from detaux.data.registries import splits
from detaux.data.remainder import check_remainder, check_shares_of_all, part_remainder
from detaux.data.split import Split
from detaux.data.stratify import part_off


@splits.register("random", summary="random, each class in proportion", source="common practice")
@dataclass(frozen=True, kw_only=True, slots=True)
class RandomSplit:
    """Draws all three parts from all images, each class in proportion.

    Raises:
        ValueError: If a share is outside (0, 1), the two leave nothing to train on, or `train_size` or
            `label_fraction` is impossible; see `check_remainder`.
    """

    validation: float = 0.1
    """Share of all images by which choices are made."""
    test: float = 0.2
    """Share of all images scored at the end."""
    train_size: int | None = None
    """How many of the remaining images train; None takes all."""
    label_fraction: float | None = None
    """Share of the remaining images that train, in (0, 1], instead of `train_size`; None takes all."""

    def __post_init__(self) -> None:
        check_shares_of_all(self.validation, self.test)
        check_remainder(self.validation, self.train_size, self.label_fraction)

    def held_out(self) -> tuple[str, ...]:
        """Name no factor: every class is in every part."""
        return ()

    def split(self, dataset: Dataset, labels: NDArray[np.int64], *, seed: int) -> Split:
        """Part the data set; see `Splitting.split`."""
        everything = np.arange(len(dataset))
        test, rest = part_off(everything, labels, self.test, seed=derive_seed("split", "test", seed))
        share = self.validation / (1 - self.test)
        return part_remainder(
            dataset,
            rest,
            test,
            labels,
            validation=share,
            train_size=self.train_size,
            label_fraction=self.label_fraction,
            seed=seed,
        )
