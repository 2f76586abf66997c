"""Mates counted over a grid against all pairs, the images that are drawn first, and how much memory is taken."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from detaux.data.dataset import FactorGrid
from detaux.data.exact_pairs import ExactPairs, count_mates
from detaux.data.groups import draw_below

Grid = Callable[..., FactorGrid]


def sets_that_differ(grid: FactorGrid, pool: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the set of factors in which each image differs from each of the pool, shape (N, n)."""
    factors = grid.factors(np.arange(len(grid)))
    differs = factors[:, None] != factors[pool]
    return np.asarray(differs @ (1 << np.arange(factors.shape[1])), dtype=np.int64)


def test_counts_of_mates_are_those_of_all_pairs(bare_grid: Grid) -> None:
    grid = bare_grid(3, 2, 4)
    pool = np.random.default_rng(0).permutation(24)[:14]
    mates, lone = count_mates(grid.factor_sizes, pool, range(1, 4))
    found = sets_that_differ(grid, pool)
    for changed in range(0, 8, 2):
        np.testing.assert_array_equal(mates[changed // 2], (found == changed).sum(axis=1))
    for changed in range(1, 8):
        np.testing.assert_array_equal(lone[changed], np.flatnonzero(~(found[pool] == changed).any(axis=1)))
    assert sum(len(places) for places in lone.values()) > 0


@pytest.mark.parametrize(("size", "kind"), [(128, np.int8), (129, np.int16), (32769, np.int32)])
def test_the_smallest_type_that_holds_the_counts_is_taken(size: int, kind: type) -> None:
    mates, _ = count_mates((2, size, 1), np.arange(2 * size), range(1, 4))
    assert mates.dtype == kind
    assert mates.max() == size - 1


def test_sets_that_no_pair_is_drawn_from_are_not_counted() -> None:
    mates, lone = count_mates((3, 2, 4), np.arange(24), range(2, 3))
    assert mates.any(axis=1).tolist() == [True, True, True, False]
    assert list(lone) == [0b011, 0b101, 0b110]


@pytest.mark.parametrize("kept", [0.3, 0.6, 1.0])
def test_the_first_of_a_pair_is_the_place_of_its_rank_among_those_with_a_mate(
    bare_grid: Grid, kept: float
) -> None:
    grid, count = bare_grid(3, 2, 4, 2), 3000
    rng = np.random.default_rng(0)
    pool = rng.permutation(48)[: int(48 * kept)]
    mates, lone = count_mates(grid.factor_sizes, pool, range(1, 4))
    sampler = ExactPairs.of(grid.factor_sizes, pool, mates, lone, dict.fromkeys(lone, 1.0), device="cpu")
    first, second = sampler.sample(count, torch.Generator().manual_seed(0))

    again = torch.Generator().manual_seed(0)
    kinds = torch.multinomial(torch.ones(len(lone)), count, replacement=True, generator=again)
    found = sets_that_differ(grid, pool)[pool]
    with_mate = [np.flatnonzero((found == changed).any(axis=1)) for changed in lone]
    rank = draw_below(torch.tensor([len(places) for places in with_mate])[kinds], count, again)
    expected = [with_mate[kind][place] for kind, place in zip(kinds, rank, strict=True)]
    np.testing.assert_array_equal(first, expected)
    np.testing.assert_array_equal(found[first, second], np.array(list(lone))[kinds])


@pytest.mark.parametrize("kept", [0.2, 0.9, 1.0])
def test_little_more_memory_is_taken_than_two_bytes_for_each_count(kept: float) -> None:
    sizes = (6, 6, 2, 3, 3, 10, 10)
    pool = np.flatnonzero(np.random.default_rng(0).random(64_800) < kept)
    tracemalloc.start()
    mates, lone = count_mates(sizes, pool, range(1, 7))
    sampler = ExactPairs.of(sizes, pool, mates, lone, dict.fromkeys(lone, 1.0), device="cpu")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sampler.mates.data_ptr() == mates.ctypes.data
    assert mates.nbytes == 2 * 2**6 * 64_800
    assert peak < 1.4 * mates.nbytes
