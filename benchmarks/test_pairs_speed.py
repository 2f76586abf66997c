"""Every pairing rule on grids of the factors of 3D Shapes: pairs a second, of many pairs at once and in batches.

Pairs a second = the entry `pairs_per_round` of the extra information / time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

from detaux.data.dataset import FactorGrid
from detaux.data.pairs import PairSampler
from detaux.data.principal import principal_labels
from detaux.data.registries import pairings

NAMES = ("floor_hue", "wall_hue", "object_hue", "scale", "shape", "orientation")
SIZES = {"10,000 images": (5, 5, 5, 4, 4, 5), "480,000 images": (10, 10, 10, 8, 4, 15)}
RULES: dict[str, tuple[str, dict[str, Any]]] = {name: (name, {}) for name in pairings.names()}
RULES |= {"k_factors, k = 3": ("k_factors", {"k": 3}), "k_factors, k drawn": ("k_factors", {"k": -1})}
COUNT, BATCH = 100_000, 32
PAIRS_PER_SECOND = 200_000
"""The aim, drawn at once."""


class Cells(FactorGrid):
    """A grid without images."""

    def __init__(self, sizes: tuple[int, ...]) -> None:
        self.name = "cells"
        self.factor_names = NAMES
        self.factor_sizes = sizes

    def images(self, index: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        raise NotImplementedError


def sampler_of(rule: str, sizes: tuple[int, ...]) -> PairSampler:
    """Make a rule's sampler for the training images of the compositional split."""
    grid = Cells(sizes)
    factors = grid.factors(np.arange(len(grid)))
    pool = np.flatnonzero((2 * factors[:, 0] < sizes[0]) | (2 * factors[:, 1] < sizes[1]))
    labels, _ = principal_labels(grid, ["shape"])
    name, options = RULES[rule]
    return pairings.get(name)(**options).sampler(
        grid, pool, labels, principal=["shape"], principal_change_rate=0.5, device="cpu"
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("rule", RULES)
def test_pairs_at_once(benchmark: BenchmarkFixture, rule: str, size: str) -> None:
    sampler, generator = sampler_of(rule, SIZES[size]), torch.Generator().manual_seed(0)
    first, _ = benchmark.pedantic(  # type: ignore[no-untyped-call]  # the plugin has no types
        sampler.sample, args=(COUNT, generator), rounds=10, warmup_rounds=1
    )
    benchmark.extra_info["pairs_per_round"] = COUNT
    assert first.shape == (COUNT,)
    if benchmark.stats is not None:
        assert benchmark.stats["median"] < COUNT / PAIRS_PER_SECOND


@pytest.mark.parametrize("rule", RULES)
def test_a_batch_of_pairs(benchmark: BenchmarkFixture, rule: str) -> None:
    sampler, generator = sampler_of(rule, SIZES["10,000 images"]), torch.Generator().manual_seed(0)
    first, _ = benchmark.pedantic(  # type: ignore[no-untyped-call]  # as above
        sampler.sample, args=(BATCH, generator), rounds=200, warmup_rounds=5
    )
    benchmark.extra_info["pairs_per_round"] = BATCH
    assert first.shape == (BATCH,)


@pytest.mark.parametrize("rule", RULES)
def test_making_ready(benchmark: BenchmarkFixture, rule: str) -> None:
    benchmark.pedantic(sampler_of, args=(rule, SIZES["480,000 images"]), rounds=1)  # type: ignore[no-untyped-call]  # as above
