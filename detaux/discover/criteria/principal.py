"""The principal subspace itself: a control, whose clusters stand for the principal task."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.discover.base import Criterion
from detaux.discover.registries import criteria


@criteria.register(
    "principal",
    summary="the principal subspace: a control, labels that say what is known",
    source="this project",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Principal(Criterion):
    """Choose subspace 0, whatever the codes; if it has no variance, no other takes its place."""

    def num_candidates(self, num_subspaces: int) -> int:  # noqa: ARG002 - there is one, however many
        """Return 1."""
        return 1

    def check(self, num_subspaces: int) -> None:
        """Refuse no number: there always is a principal subspace."""

    def scores(self, codes: Codes, labels: Labels) -> NDArray[np.float64]:  # noqa: ARG002 - needs no label
        """Return 0 for subspace 0 and NaN for all others, shape (K,)."""
        scores = np.full(codes.shape[1], np.nan)
        scores[0] = 0
        return scores
