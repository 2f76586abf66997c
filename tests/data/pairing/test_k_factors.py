"""Known answers of `k_factors` on small grids, and what it refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import FactorGrid
from detaux.data.pairing.k_factors import KFactorsPairing
from detaux.data.pairing.one_factor import OneFactorPairing

Grid = Callable[..., FactorGrid]
Pairs = Callable[..., tuple[NDArray[np.int64], NDArray[np.int64]]]
COUNT = 20_000


def sets_changed(grid: FactorGrid, drawn: tuple[NDArray[np.int64], NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return the set of factors that differ in each pair, bit f for factor f."""
    differs = grid.factors(drawn[0]) != grid.factors(drawn[1])
    return np.asarray(differs @ (1 << np.arange(differs.shape[1])), dtype=np.int64)


def assert_shares(found: Any, expected: dict[Any, float]) -> None:
    counts = Counter(found)
    assert counts.keys() == expected.keys()
    for key, chance in expected.items():
        assert abs(counts[key] / COUNT - chance) <= 3.5 * np.sqrt(chance * (1 - chance) / COUNT), key


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0])
def test_exactly_k_factors_change_and_every_set_of_a_kind_equally_often(
    bare_grid: Grid, pairs: Pairs, k: int, rate: float
) -> None:
    grid = bare_grid(4, 3, 2, 5)
    drawn = pairs(KFactorsPairing(k=k), grid, np.arange(120), ("b",), rate, count=COUNT)
    sets = [changed for changed in range(16) if changed.bit_count() == k]
    kinds = {True: [s for s in sets if s & 2], False: [s for s in sets if not s & 2]}
    expected = {s: (rate if s & 2 else 1 - rate) / len(kinds[bool(s & 2)]) for s in sets}
    assert_shares(sets_changed(grid, drawn).tolist(), {s: c for s, c in expected.items() if c})


def test_all_factors_may_change(bare_grid: Grid, pairs: Pairs) -> None:
    grid = bare_grid(4, 3, 2)
    drawn = pairs(KFactorsPairing(k=3), grid, np.arange(24), ("b",), 1.0)
    assert (sets_changed(grid, drawn) == 7).all()


def test_a_factor_of_one_value_never_changes(bare_grid: Grid, pairs: Pairs) -> None:
    grid = bare_grid(3, 1, 4)
    drawn = pairs(KFactorsPairing(k=-1), grid, np.arange(12), principal=["a"], rate=0.5)
    assert set(sets_changed(grid, drawn).tolist()) == {0b001, 0b100, 0b101}


def test_a_drawn_k_is_uniform_among_those_of_its_kind(bare_grid: Grid, pairs: Pairs) -> None:
    grid = bare_grid(4, 3, 2, 5)
    drawn = pairs(KFactorsPairing(k=-1), grid, np.arange(120), ("a", "b"), 0.6, count=COUNT)
    shares = {(True, 1): 0.2, (True, 2): 0.2, (True, 3): 0.2, (False, 1): 0.2, (False, 2): 0.2}
    found = [(bool(changed & 3), changed.bit_count()) for changed in sets_changed(grid, drawn).tolist()]
    assert_shares(found, shares)


def test_every_pair_is_drawn_as_often_as_it_should_be(bare_grid: Grid, pairs: Pairs) -> None:
    grid = bare_grid(3, 3)
    pool = np.array([8, 0, 5, 4])  # (2,2) (0,0) (1,2) (1,1): in both factors 0 differs from all, and 4 from 8
    drawn = pairs(KFactorsPairing(k=2), grid, pool, ("a",), 1.0, count=COUNT)
    expected = {(0, 4): 1 / 12, (0, 5): 1 / 12, (0, 8): 1 / 12, (4, 0): 1 / 8, (4, 8): 1 / 8, (5, 0): 1 / 4}
    expected |= {(8, 0): 1 / 8, (8, 4): 1 / 8}
    assert_shares(zip(*(places.tolist() for places in drawn), strict=True), expected)


def test_one_of_one_is_drawn_like_one_factor(bare_grid: Grid, pairs: Pairs) -> None:
    grid = bare_grid(3, 4)
    pool = np.array([0, 1, 2, 4, 7, 10])
    found = [
        Counter(zip(*pairs(rule, grid, pool, ("a",), 0.4, count=COUNT), strict=True))
        for rule in (KFactorsPairing(), OneFactorPairing())
    ]
    assert found[0].keys() == found[1].keys()
    for pair in found[0]:
        assert abs(found[0][pair] - found[1][pair]) < 5 * np.sqrt(found[0][pair])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 1000), kept=st.floats(0.15, 0.6), k=st.sampled_from([-1, 2, 3]))
def test_sparse_pools_give_exactly_the_sets_that_they_hold(
    bare_grid: Grid, pairs: Pairs, seed: int, kept: float, k: int
) -> None:
    grid = bare_grid(3, 2, 4, 2)
    pool = np.flatnonzero(np.random.default_rng(seed).random(48) < kept)
    first, second = (np.array(side, dtype=np.int64) for side in zip(*product(pool, pool), strict=True))
    held = {s for s in sets_changed(grid, (first, second)).tolist() if s & 1 and allowed(s, k)}
    if not held:
        with pytest.raises(DataError, match="use a larger pool"):
            pairs(KFactorsPairing(k=k), grid, pool, ("a",), 1.0)
    else:
        drawn = pairs(KFactorsPairing(k=k), grid, pool, ("a",), 1.0)
        assert np.isin(drawn, pool).all()
        assert set(sets_changed(grid, drawn).tolist()) == held


def allowed(changed: int, k: int) -> bool:
    return changed.bit_count() == k or (k == -1 and changed.bit_count() < 4)


@pytest.mark.parametrize("k", [0, -2])
def test_a_k_outside_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match=f"k must be at least 1, or -1 to draw it for each pair, found {k}"):
        KFactorsPairing(k=k)


@pytest.mark.parametrize(("sizes", "k"), [((3, 3), 3), ((9,), -1)])
def test_a_grid_of_too_few_factors_is_refused(
    bare_grid: Grid, pairs: Pairs, sizes: tuple[int, ...], k: int
) -> None:
    text = rf"k is {k}, but bare has {len(sizes)} factors; use a k of 1 to {len(sizes)}"
    with pytest.raises(DataError, match=text):
        pairs(KFactorsPairing(k=k), bare_grid(*sizes), np.arange(9), ("a",), 1.0)


def test_a_k_that_the_pool_cannot_give_is_refused(bare_grid: Grid, pairs: Pairs) -> None:
    row = np.arange(3)
    text = (
        r"no two of the 3 images in the pool differ in exactly 2 factors, some of \['a'\] among them; "
        "use a larger pool, another k or the pairing 'random', or set principal_change_rate to 0"
    )
    with pytest.raises(DataError, match=text):
        pairs(KFactorsPairing(k=2), bare_grid(3, 3, 3), row, ("a",), 1.0)


def test_all_factors_cannot_change_without_the_principal(bare_grid: Grid, pairs: Pairs) -> None:
    text = r"differ in exactly 2 factors, none of \['a'\] among them; .* set principal_change_rate to 1"
    with pytest.raises(DataError, match=text):
        pairs(KFactorsPairing(k=2), bare_grid(3, 3), np.arange(9), ("a",), 0.5)


def test_a_drawn_k_names_its_range_where_no_pair_is_found(bare_grid: Grid, pairs: Pairs) -> None:
    with pytest.raises(DataError, match=r"differ in exactly 1 to 2 factors, some of \['a'\]"):
        pairs(KFactorsPairing(k=-1), bare_grid(3, 3, 3), np.arange(3), ("a",), 1.0)
