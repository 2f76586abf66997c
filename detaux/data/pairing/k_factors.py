"""Pairs that differ in exactly k factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.exact_pairs import ExactPairs, count_mates
from detaux.data.mixed_pairs import check_rate
from detaux.data.pairs import PairSampler
from detaux.data.principal import factor_columns
from detaux.data.registries import pairings

_DRAWN = -1


@pairings.register(
    "k_factors",
    summary="exactly k factors change, k given or drawn for each pair",
    source="Locatello et al. 2020, arXiv:2002.02886; Fumero et al. 2021, arXiv:2103.01638",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class KFactorsPairing:
    """Changes exactly k factors: at the given rate a principal one is among them, else none is.

    k is uniform among the numbers allowed, and the set of k factors among those of its kind, as far as some two
    images of the pool differ in just that set. The first image is then uniform among those that have such a
    partner in the pool, and the partner uniform among its partners, so a pool with gaps costs no retries.

    Source: Locatello et al. 2020, arXiv:2002.02886, section 5, and its code in disentanglement_lib; Fumero et al.
    2021, arXiv:2103.01638. Differs in: a factor that is redrawn never keeps its value; that code takes one factor
    in place of k in half of the pairs; the principal change rate of Skenderi et al. 2025 is kept, k drawn after.

    Raises:
        ValueError: If `k` is neither -1 nor at least 1.
    """

    k: int = 1
    """How many factors change, 1 to F; -1 draws it from 1 to F - 1 anew for each pair."""

    def __post_init__(self) -> None:
        if self.k != _DRAWN and self.k < 1:
            raise ValueError(f"k must be at least 1, or -1 to draw it for each pair, found {self.k}")

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
        """Make ready to draw pairs; see `Pairing.sampler`.

        Raises:
            DataError: Also if the data set is no grid, or has too few factors for `k`.
        """
        check_rate(principal_change_rate)
        if not isinstance(dataset, FactorGrid):
            raise DataError(f"{dataset.name} is no grid of factors; use the pairing 'group' instead")
        numbers = self._numbers(dataset)
        mates, lone = count_mates(dataset.factor_sizes, pool, numbers)
        principal_set = sum(1 << column for column in factor_columns(dataset, principal))
        chances: dict[int, float] = {}
        for is_principal, rate in ((True, principal_change_rate), (False, 1 - principal_change_rate)):
            sets = [changed for changed in lone if bool(changed & principal_set) == is_principal]
            if rate > 0:
                if not sets:
                    raise _no_such_pair(len(pool), numbers, principal, is_principal=is_principal)
                chances |= _shared(rate, sets)
        return ExactPairs.of(dataset.factor_sizes, pool, mates, lone, chances, device=device)

    def _numbers(self, grid: FactorGrid) -> range:
        """Return the numbers of factors that may change."""
        num_factors = len(grid.factor_names)
        numbers = range(1, num_factors) if self.k == _DRAWN else range(self.k, self.k + 1)
        if not numbers or numbers[-1] > num_factors:
            raise DataError(
                f"k is {self.k}, but {grid.name} has {num_factors} factors; use a k of 1 to {num_factors}"
            )
        return numbers


def _shared(rate: float, sets: Sequence[int]) -> dict[int, float]:
    """Share a rate evenly among the numbers of factors, and each share among the sets of that number."""
    numbers = [changed.bit_count() for changed in sets]
    return {
        changed: rate / len(set(numbers)) / numbers.count(number)
        for changed, number in zip(sets, numbers, strict=True)
    }


def _no_such_pair(
    num_images: int, numbers: range, principal: Sequence[str], *, is_principal: bool
) -> DataError:
    k = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
    return DataError(
        f"no two of the {num_images} images in the pool differ in exactly {k} factors, "
        f"{'some' if is_principal else 'none'} of {list(principal)} among them; use a larger pool, another k or "
        f"the pairing 'random', or set principal_change_rate to {0 if is_principal else 1}"
    )
