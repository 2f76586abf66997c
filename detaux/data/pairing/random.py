"""Pairs whose other factors are redrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.data.dataset import Dataset
from detaux.data.groups import Groups
from detaux.data.mixed_pairs import pairs_by_label
from detaux.data.pairs import PairSampler
from detaux.data.registries import pairings


@pairings.register(
    "random",
    summary="the principal label changes at a given rate, all other factors are redrawn",
    source="Skenderi et al. 2025, arXiv:2310.09278, pairs of factor data",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class RandomPairing:
    """Draws the second image from all that have another principal label, or from all that have the same.

    The other factors fall as they may, so none of them is promised to stay.

    Source: Skenderi et al. 2025, arXiv:2310.09278.
    """

    def sampler(
        self,
        dataset: Dataset,  # noqa: ARG002 - the protocol's; the labels are enough
        pool: NDArray[np.int64],
        labels: NDArray[np.int64],
        *,
        principal: Sequence[str],  # noqa: ARG002 - as above
        principal_change_rate: float,
        device: torch.device | str,
    ) -> PairSampler:
        """Make ready to draw pairs; see `Pairing.sampler`."""
        groups = Groups.by_key(labels[pool])
        return pairs_by_label(groups, groups.draw_unlike, principal_change_rate, device)
