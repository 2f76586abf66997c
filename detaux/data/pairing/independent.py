"""Pairs of images drawn independently of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.data.dataset import Dataset
from detaux.data.groups import Groups
from detaux.data.mixed_pairs import MixedPairs, check_alike, check_rate
from detaux.data.pairs import PairSampler
from detaux.data.registries import pairings


@pairings.register(
    "independent",
    summary="any two images; the principal change rate is ignored",
    source="public code of Skenderi et al. 2025, on 3D Shapes",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class IndependentPairing:
    """Draws any two different images of the pool, whatever the rate.

    Source: the authors' public code of Skenderi et al. 2025, arXiv:2310.09278, does so on 3D Shapes. Differs in:
    the two images are never the same one.
    """

    def sampler(
        self,
        dataset: Dataset,  # noqa: ARG002 - the protocol's; the pool is enough
        pool: NDArray[np.int64],
        labels: NDArray[np.int64],  # noqa: ARG002 - as above
        *,
        principal: Sequence[str],  # noqa: ARG002 - as above
        principal_change_rate: float,
        device: torch.device | str,
    ) -> PairSampler:
        """Make ready to draw pairs; see `Pairing.sampler`."""
        check_rate(principal_change_rate)
        one_group = Groups.by_key(np.zeros(len(pool), dtype=np.int64))
        check_alike(one_group)
        return MixedPairs(draws=(one_group.draw_alike,), chances=(1.0,), device=device)
