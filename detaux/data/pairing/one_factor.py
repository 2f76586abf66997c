"""Pairs that differ in exactly one factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.groups import Groups
from detaux.data.mixed_pairs import pairs_by_factor
from detaux.data.pairs import Draw, PairSampler
from detaux.data.principal import factor_columns
from detaux.data.registries import pairings


@pairings.register(
    "one_factor",
    summary="exactly one factor changes",
    source="Fumero et al. 2021, arXiv:2103.01638",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class OneFactorPairing:
    """Changes exactly one factor: at the given rate a principal one, else one of the others.

    Which of the principal factors, and which of the others, is drawn uniformly among those in which some two
    images of the pool differ alone. The first image is then uniform among those that have such a partner in
    the pool, and the partner uniform among its partners, so a pool with gaps costs no retries.

    Source: Fumero et al. 2021, arXiv:2103.01638, with the principal change rate of Skenderi et al. 2025.
    """

    def sampler(
        self,
        dataset: Dataset,
        pool: NDArray[np.int64],
        labels: NDArray[np.int64],  # noqa: ARG002 - the protocol's; here the factors say more
        *,
        principal: Sequence[str],
        principal_change_rate: float,
        device: torch.device | str,
    ) -> PairSampler:
        """Make ready to draw pairs; see `Pairing.sampler`."""
        if not isinstance(dataset, FactorGrid):
            raise DataError(
                f"{dataset.name} is no grid of factors; use the pairing 'same_class' or 'group' instead"
            )
        factor_columns(dataset, principal)  # refuses unknown names
        return pairs_by_factor(
            _single_changes(dataset, pool),
            dataset.factor_names,
            len(pool),
            principal=principal,
            principal_change_rate=principal_change_rate,
            device=device,
        )


def _single_changes(grid: FactorGrid, pool: NDArray[np.int64]) -> dict[str, Draw]:
    """Make a draw for each factor in which two images of the pool differ alone."""
    factors = grid.factors(pool)
    draws: dict[str, Draw] = {}
    for column, name in enumerate(grid.factor_names):
        others_alone = factors.copy()
        others_alone[:, column] = 0
        groups = Groups.by_key(grid.index(others_alone))
        if groups.num_paired:
            draws[name] = groups.draw_alike
    return draws
