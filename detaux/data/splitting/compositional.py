"""A split that holds back combinations of factor values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.registry import unknown_name
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.principal import factor_columns
from detaux.data.registries import splits
from detaux.data.remainder import check_remainder, part_remainder
from detaux.data.split import Split


@splits.register(
    "compositional",
    summary="test on combinations of factor ranges never seen in training",
    source="Skenderi et al. 2025, arXiv:2310.09278, experiments on 3D Shapes",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class CompositionalSplit:
    """Tests where every named factor is in its range, by default the upper half, and trains on the rest.

    Each value of each factor is seen in training, but not these combinations. On 3D Shapes the default leaves
    360,000 images to train on and choose by, and 120,000 to test on.

    Source: Skenderi et al. 2025, arXiv:2310.09278, experiments on 3D Shapes. Differs in: a validation part is taken from the rest.

    Raises:
        ValueError: If fewer than two factors are named, a range is of none of them or not two ascending numbers from
            0, or an option is out of range; see `check_remainder`.
    """

    factors: tuple[str, ...] = ("floor_hue", "wall_hue")
    """Factors whose ranges meet in the test part only; a principal task can use none of them."""
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """First and last value held out of a factor, class indices of this data set, from 0; a factor without a range has
    the upper half of its full range held out."""
    validation: float = 0.1
    """Share of the other images by which choices are made."""
    train_size: int | None = None
    """How many of the remaining images train; None takes all."""
    label_fraction: float | None = None
    """Share of the remaining images that train, in (0, 1], instead of `train_size`; None takes all."""

    def __post_init__(self) -> None:
        if len(self.factors) < 2:  # noqa: PLR2004 - one factor alone makes no combination
            raise ValueError(f"factors must name at least two, found {self.factors}")
        for name, limits in self.ranges.items():
            if name not in self.factors:
                raise ValueError("ranges: " + unknown_name(name, self.factors, kind="the split's factors"))
            if len(limits) != 2 or not 0 <= limits[0] <= limits[1]:  # noqa: PLR2004 - the first and the last
                raise ValueError(
                    f"ranges: {name} must be [first, last], ascending from 0, but is {list(limits)}"
                )
        check_remainder(self.validation, self.train_size, self.label_fraction)

    def held_out(self) -> tuple[str, ...]:
        """Name the factors whose combinations are held back."""
        return self.factors

    def split(self, dataset: Dataset, labels: NDArray[np.int64], *, seed: int) -> Split:
        """Part the data set; see `Splitting.split`.

        Raises:
            DataError: If it is no grid of factors, lacks a named one, or has no value inside or outside of a range.
        """
        if not isinstance(dataset, FactorGrid):
            raise DataError(
                f"{dataset.name} is no grid of factors; use the split 'random' or 'official' instead"
            )
        unseen = self._is_held_out(dataset)
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

    def _is_held_out(self, grid: FactorGrid) -> NDArray[np.bool_]:
        """Tell for each image, shape (N,), whether all named factors are in their ranges."""
        factors = grid.factors(np.arange(len(grid)))
        unseen = np.ones(len(grid), dtype=bool)
        for name, column in zip(self.factors, factor_columns(grid, self.factors), strict=True):
            inside = (
                _in_range(grid, column, self.ranges[name])
                if name in self.ranges
                else _in_upper_half(grid, column)
            )
            unseen &= inside[factors[:, column]]
        return unseen


def _in_range(grid: FactorGrid, column: int, limits: tuple[int, int]) -> NDArray[np.bool_]:
    """Tell for each value of a factor, shape (size,), whether it lies within the limits, both included."""
    name, size, (first, last) = grid.factor_names[column], grid.factor_sizes[column], limits
    if last >= size or (first, last) == (0, size - 1):
        raise DataError(
            f"ranges: {name} has values 0 to {size - 1} in {grid.name}; hold out a part of them, not {first} to {last}"
        )
    values = np.arange(size)
    return (first <= values) & (values <= last)


def _in_upper_half(grid: FactorGrid, column: int) -> NDArray[np.bool_]:
    """Tell for each value of a factor, shape (size,), whether it is in the upper half of the full range."""
    upper = 2 * np.array(grid.levels[column]) >= grid.full_sizes[column]
    if upper.all() or not upper.any():
        name = grid.factor_names[column]
        raise DataError(
            f"{name} keeps values {grid.levels[column]}, all in one half; give it levels in both, or a range"
        )
    return upper
