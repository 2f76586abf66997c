"""A subspace named in advance: for ablations, and for those who looked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.discover.base import Criterion
from detaux.discover.registries import criteria


@criteria.register("fixed", summary="the subspace of a given index", source="this project")
@dataclass(frozen=True, kw_only=True, slots=True)
class Fixed(Criterion):
    """Choose the subspace of index `index`, whatever the codes.

    The guard against collapsed subspaces holds here too: if this one has no variance, no other takes
    its place.
    """

    index: int
    """Which subspace, from 1 to K - 1; 0 is the principal one."""

    def __post_init__(self) -> None:
        if self.index < 1:
            raise ValueError(
                f"index must be at least 1, for subspace 0 is the principal one, but found {self.index}"
            )

    def num_candidates(self, num_subspaces: int) -> int:  # noqa: ARG002 - there is one, however many
        """Return 1."""
        return 1

    def check(self, num_subspaces: int) -> None:
        """Check, before anything runs, that there is such a subspace.

        Raises:
            ValueError: If `index` is not below `num_subspaces`.
        """
        if self.index >= num_subspaces:
            raise ValueError(
                f"index must be below the {num_subspaces} subspaces there are, but found {self.index}"
            )

    def scores(self, codes: Codes, labels: Labels) -> NDArray[np.float64]:  # noqa: ARG002 - needs no label
        """Return 0 for the named subspace and NaN for all others, shape (K,).

        Raises:
            ValueError: If there is no such subspace.
        """
        self.check(codes.shape[1])
        scores = np.full(codes.shape[1], np.nan)
        scores[self.index] = 0
        return scores
