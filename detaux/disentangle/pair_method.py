"""Disentanglers that learn from pairs: how pairs are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset
from detaux.data.pairs import Pairing, PairSampler
from detaux.data.registries import pairings
from detaux.disentangle.named_parts import automatic_pairing, built_part
from detaux.disentangle.trained_method import ModelT, TrainedMethod


@dataclass(frozen=True, kw_only=True, slots=True)
class PairMethod(TrainedMethod[ModelT]):
    """Options of pairs, whatever is learnt from them."""

    pairing: str = "auto"
    """How the two images of a pair are related; `auto` follows the data."""
    principal_change_rate: float = 0.5
    """How often a pair differs in its principal label, in [0, 1]."""
    pairing_options: Mapping[str, int | float | str | tuple[str, ...]] = field(default_factory=dict)
    """Options of the pairing, such as `{k: 2}` of `k_factors`."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        TrainedMethod.__post_init__(self)
        if not 0 <= self.principal_change_rate <= 1:
            raise ValueError(f"principal_change_rate must lie in [0, 1], but is {self.principal_change_rate}")
        if self.pairing != "auto":
            built_part("pairing", self.pairing, self.pairing_options, pairings)
        elif self.pairing_options:
            raise ValueError("pairing_options need a pairing by name, but pairing is 'auto'; name one")

    def pairing_of(self, dataset: Dataset) -> str:
        """Name the pairing that is drawn of a data set."""
        return automatic_pairing(dataset) if self.pairing == "auto" else self.pairing

    def check_pairs(
        self, dataset: Dataset, pool: NDArray[np.int64], labels: NDArray[np.int64], principal: Sequence[str]
    ) -> None:
        """Check that the images of a pool make the pairs that training draws; see `Method.check_pairs`."""
        try:
            self._sampler(dataset, pool, labels, principal, "cpu")
        except DataError as refusal:
            drawn = self.pairing_of(dataset)
            named = drawn if drawn == self.pairing else f"{self.pairing}, which is {drawn},"
            raise DataError(f"{named} on {dataset.name}: {refusal}") from refusal

    def _sampler(
        self,
        dataset: Dataset,
        pool: NDArray[np.int64],
        labels: NDArray[np.int64],
        principal: Sequence[str],
        device: torch.device | str,
    ) -> PairSampler:
        pairing: Pairing = built_part("pairing", self.pairing_of(dataset), self.pairing_options, pairings)
        rate = self.principal_change_rate
        return pairing.sampler(
            dataset, pool, labels, principal=principal, principal_change_rate=rate, device=device
        )
