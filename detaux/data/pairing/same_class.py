"""Pairs of labelled images: of the same class, or of another."""

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
    "same_class",
    summary="labelled images: the same class, or at a given rate another class",
    source="Skenderi et al. 2025, arXiv:2310.09278, pairs of labelled data",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class SameClassPairing:
    """Draws the second image from the first one's class, or from another class drawn uniformly.

    Differs from `random` where classes differ in size: a rare class is a partner as often as a common one.

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
        return pairs_by_label(groups, groups.draw_other_group, principal_change_rate, device)
