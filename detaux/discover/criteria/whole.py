"""The whole code as one block: what is clustered where subspaces mean nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.discover.base import Criterion
from detaux.discover.registries import criteria


@criteria.register("whole", summary="the numbers of all subspaces as one: a control", source="this project")
@dataclass(frozen=True, kw_only=True, slots=True)
class Whole(Criterion):
    """Choose all subspaces at once, the principal one among them, as one vector of K * D numbers."""

    def blocks(self, codes: Codes) -> Codes:
        """Return the codes (N, K, D) as one block, shape (N, 1, K * D)."""
        return codes.reshape(len(codes), 1, -1)

    def num_candidates(self, num_subspaces: int) -> int:  # noqa: ARG002 - there is one, however many
        """Return 1."""
        return 1

    def check(self, num_subspaces: int) -> None:
        """Refuse no number: all of them are one block."""

    def scores(self, codes: Codes, labels: Labels) -> NDArray[np.float64]:  # noqa: ARG002 - needs no label
        """Return 0 for every block, of which there is one, shape (1,)."""
        return np.zeros(codes.shape[1])
