"""A split that keeps groups of images together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.seeding import derive_seed
from detaux.data.dataset import Dataset
from detaux.data.principal import factor_columns
from detaux.data.registries import splits
from detaux.data.remainder import check_remainder, check_shares_of_all, limit_training
from detaux.data.split import Split

_NUM_PARTS = 3


@splits.register(
    "by_group",
    summary="whole groups (values of a factor, say persons) in one part each",
    source="common practice, as in scikit-learn GroupShuffleSplit",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class GroupSplit:
    """Draws whole groups for the test part, then for validation; the other groups train.

    No two parts share a group. A part's share of the images differs from the one asked for by at most half the
    images of the largest group; the classes' shares are as the groups have them.

    Source: common practice, as in scikit-learn GroupShuffleSplit. Differs in: shares are of images, not of groups.

    Raises:
        ValueError: If an option is out of range; see `check_shares_of_all` and `check_remainder`.
    """

    factor: str
    """Factor whose values are the groups; a principal task cannot use it."""
    validation: float = 0.1
    """Share of all images by which choices are made, as nearly as whole groups allow."""
    test: float = 0.2
    """Share of all images scored at the end, as nearly as whole groups allow."""
    train_size: int | None = None
    """How many of the remaining images train; None takes all."""
    label_fraction: float | None = None
    """Share of the remaining images that train, in (0, 1], instead of `train_size`; None takes all."""

    def __post_init__(self) -> None:
        check_shares_of_all(self.validation, self.test)
        check_remainder(self.validation, self.train_size, self.label_fraction)

    def held_out(self) -> tuple[str, ...]:
        """Name the factor whose values are the groups."""
        return (self.factor,)

    def split(self, dataset: Dataset, labels: NDArray[np.int64], *, seed: int) -> Split:
        """Part the data set; see `Splitting.split`.

        Raises:
            DataError: If it lacks the factor, has fewer than three groups, or a part gets none.
        """
        group = self._groups_of_images(dataset)
        sizes = np.bincount(group)
        test = _draw_groups(sizes, self.test * len(group), derive_seed("split", "test groups", seed))
        left = np.where(test, 0, sizes)
        chosen = _draw_groups(
            left, self.validation * len(group), derive_seed("split", "validation groups", seed)
        )
        whole = Split(
            train=np.flatnonzero(~(test | chosen)[group]),
            validation=np.flatnonzero(chosen[group]),
            test=np.flatnonzero(test[group]),
        )
        return limit_training(
            dataset,
            whole,
            labels,
            train_size=self.train_size,
            label_fraction=self.label_fraction,
            seed=seed,
        )

    def _groups_of_images(self, dataset: Dataset) -> NDArray[np.int64]:
        """Look up the group of every image, shape (N,)."""
        (column,) = factor_columns(dataset, [self.factor])
        group = dataset.factors(np.arange(len(dataset)))[:, column]
        num_groups = len(np.unique(group))
        if num_groups < _NUM_PARTS:
            raise DataError(
                f"{self.factor} makes only {num_groups} groups of the images of {dataset.name}, "
                "but each of three parts needs one; name another factor, or use the split 'random'"
            )
        return group


def _draw_groups(sizes: NDArray[np.int64], target: float, seed: int) -> NDArray[np.bool_]:
    """Go through the groups in random order, and take each that brings the images taken nearer to the target.

    Args:
        sizes: Images in each group, shape (G,); groups of none are not taken.
        target: How many images to take.
        seed: Of the order.

    Returns:
        Which groups are taken, shape (G,). The images in them miss the target by at most half the largest group.
    """
    taken = np.zeros(len(sizes), dtype=bool)
    missing = target
    for group in np.random.default_rng(seed).permutation(np.flatnonzero(sizes)):
        if abs(missing - sizes[group]) < abs(missing):
            taken[group] = True
            missing -= sizes[group]
    return taken
