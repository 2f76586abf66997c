"""A labelled set of several factors that is no grid, and pairs drawn from any set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from detaux.data.dataset import Dataset
from detaux.data.principal import principal_labels


class LooseSet(Dataset):
    """Images of given factors, shape (N, F): several may share a combination, and combinations may be missing."""

    def __init__(self, factors: NDArray[np.int64]) -> None:
        self.name = "loose"
        self.factor_names = tuple("abcdefgh"[: factors.shape[1]])
        self.factor_sizes = tuple((factors.max(axis=0) + 1).tolist())
        self._factors = factors

    def __len__(self) -> int:
        return len(self._factors)

    def images(self, index: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        raise NotImplementedError

    def factors(self, index: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        self.check_index(index)
        return np.asarray(self._factors[index], dtype=np.int64)


def draw_pairs(
    rule: Any,
    dataset: Dataset,
    pool: NDArray[np.int64],
    principal: Sequence[str],
    rate: float,
    *,
    count: int = 4000,
    seed: int = 0,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    labels, _ = principal_labels(dataset, principal)
    sampler = rule.sampler(
        dataset, pool, labels, principal=principal, principal_change_rate=rate, device="cpu"
    )
    first, second = sampler.sample(count, torch.Generator().manual_seed(seed))
    assert first.dtype == second.dtype == torch.long
    return pool[first.numpy()], pool[second.numpy()]


@pytest.fixture(scope="session")
def loose_set() -> Callable[[Any], Dataset]:
    return lambda factors: LooseSet(np.asarray(factors, dtype=np.int64))


@pytest.fixture(scope="session")
def pairs() -> Callable[..., tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Draws pairs as indices of images; see `draw_pairs`."""
    return draw_pairs
