"""One weight for every auxiliary task, chosen on validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from detaux.core.bounds import check_weight
from detaux.learn.registries import weightings
from detaux.learn.updating.scalarized import FixedWeight

_MOST_CANDIDATES = 100


@weightings.register(
    "tuned",
    summary="one weight for the auxiliary tasks, chosen on validation: one training each",
    source="Xin et al. 2022, arXiv:2209.11379, Section 3; Kurin et al. 2022, arXiv:2201.04122",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Tuned:
    """Train under each weight of a grid, and keep the network of best validation score.

    Source: Xin et al. 2022, arXiv:2209.11379, Section 3. Differs in: the grid is over one weight for all auxiliary
        tasks, the principal task having 1.
    """

    grid: tuple[float, ...] = (0.1, 0.3, 1.0, 3.0)
    """Weights to try, each at least 0, at most 100 of them, all different."""

    def __post_init__(self) -> None:
        """Check the grid.

        Raises:
            ValueError: If it is empty, too long, holds a weight twice, or one out of its range.
        """
        if not 1 <= len(self.grid) <= _MOST_CANDIDATES or len(set(self.grid)) < len(self.grid):
            raise ValueError(f"grid must hold 1 to {_MOST_CANDIDATES} different weights, but is {self.grid}")
        for weight in self.grid:
            check_weight("grid", weight)

    def candidates(self) -> tuple[FixedWeight, ...]:
        """Return the weightings to train with, in the grid's order."""
        return tuple(FixedWeight(weight=weight) for weight in self.grid)

    def build(self, num_tasks: int) -> NoReturn:
        """Refuse: this stands for several rules.

        Raises:
            TypeError: Always.
        """
        raise TypeError(f"tuned is no rule for {num_tasks} tasks itself; train with each of its candidates()")
