"""What every registered pairing rule must keep to: a new rule is tested by being there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.principal import principal_labels
from detaux.data.registries import pairings

Pairs = Callable[..., tuple[NDArray[np.int64], NDArray[np.int64]]]
COUNT = 4000
NAMES = pairings.names()
GRID_ONLY = ("k_factors", "one_factor")
WITHOUT_RATE = ("independent",)
FACTORS_CHANGED = {"group": 1, "k_factors": 1, "one_factor": 1}
"""How many factors change in every pair by default; under the other rules any may."""


@pytest.fixture(scope="module")
def grid(bare_grid: Callable[..., FactorGrid]) -> FactorGrid:
    return bare_grid(4, 3, 5, 2)


@pytest.fixture(scope="module")
def loose(loose_set: Callable[[Any], Dataset]) -> Dataset:
    generator = np.random.default_rng(0)
    return loose_set(np.minimum(generator.integers(0, (5, 4, 4), (500, 3)), (3, 2, 3)))


def with_gaps(dataset: Dataset, seed: int = 0) -> NDArray[np.int64]:
    """Leave out the combinations of large values of the first two factors, and up to half of the rest at random."""
    factors = dataset.factors(np.arange(len(dataset)))
    left = np.flatnonzero((factors[:, 0] < 2) | (factors[:, 1] < 2))
    generator = np.random.default_rng(seed)
    return generator.permutation(left)[: round(generator.uniform(0.5, 1) * len(left))]


def check_pairs(
    name: str, dataset: Dataset, pool: NDArray[np.int64], drawn: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> None:
    first, second = drawn
    assert np.isin(drawn, pool).all()
    assert (first != second).all()
    if name in FACTORS_CHANGED:
        num_changed = (dataset.factors(first) != dataset.factors(second)).sum(axis=1)
        assert (num_changed == FACTORS_CHANGED[name]).all()


def errors_from_rate(
    dataset: Dataset,
    principal: tuple[str, ...],
    rate: float,
    drawn: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> float:
    """Return how many standard errors the share of pairs of different labels is off the rate; 0/0 counts as 0."""
    labels, _ = principal_labels(dataset, principal)
    off = abs((labels[drawn[0]] != labels[drawn[1]]).mean() - rate)
    return float(off / np.sqrt(rate * (1 - rate) / COUNT)) if 0 < rate < 1 else float(COUNT * off)


@pytest.mark.parametrize("principal", [("b",), ("c", "b")])
@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("name", NAMES)
def test_pairs_of_a_grid_with_gaps(
    grid: FactorGrid, pairs: Pairs, name: str, rate: float, principal: tuple[str, ...]
) -> None:
    pool = with_gaps(grid)
    drawn = pairs(pairings.get(name)(), grid, pool, principal, rate, count=COUNT)
    check_pairs(name, grid, pool, drawn)
    assert name in WITHOUT_RATE or errors_from_rate(grid, principal, rate, drawn) <= 3


@pytest.mark.parametrize("principal", [("b",), ("c", "b")])
@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("name", sorted(set(NAMES) - set(GRID_ONLY)))
def test_pairs_of_images_that_share_their_factors(
    loose: Dataset, pairs: Pairs, name: str, rate: float, principal: tuple[str, ...]
) -> None:
    pool = with_gaps(loose)
    drawn = pairs(pairings.get(name)(), loose, pool, principal, rate, count=COUNT)
    check_pairs(name, loose, pool, drawn)
    assert name in WITHOUT_RATE or errors_from_rate(loose, principal, rate, drawn) <= 3


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=10, deadline=None)
@given(rate=st.floats(0.05, 0.95), seed=st.integers(0, 1000))
def test_any_rate_on_any_gaps(grid: FactorGrid, pairs: Pairs, name: str, rate: float, seed: int) -> None:
    pool = with_gaps(grid, seed)
    drawn = pairs(pairings.get(name)(), grid, pool, ("d", "a"), rate, count=COUNT, seed=seed)
    check_pairs(name, grid, pool, drawn)
    off = errors_from_rate(grid, ("d", "a"), rate, drawn)
    assert name in WITHOUT_RATE or off <= 5  # not 3, as there are 10 draws a rule, anew in each run


@pytest.mark.parametrize("name", NAMES)
def test_the_generator_decides(grid: FactorGrid, pairs: Pairs, name: str) -> None:
    drawn = [
        pairs(pairings.get(name)(), grid, np.arange(120), ("a",), 0.5, count=200, seed=seed)
        for seed in (0, 0, 1)
    ]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])


@pytest.mark.parametrize("name", GRID_ONLY)
def test_a_rule_for_grids_refuses_other_sets_and_names_another_rule(
    loose: Dataset, pairs: Pairs, name: str
) -> None:
    with pytest.raises(DataError, match=r"loose is no grid of factors; use the pairing .*'group'"):
        pairs(pairings.get(name)(), loose, np.arange(500), ("a",), 0.5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rate", [-0.1, 1.5])
def test_a_rate_outside_is_refused(grid: FactorGrid, pairs: Pairs, name: str, rate: float) -> None:
    with pytest.raises(ValueError, match="principal_change_rate must lie in"):
        pairs(pairings.get(name)(), grid, np.arange(120), ("a",), rate)


@pytest.mark.parametrize("name", NAMES)
def test_a_pool_of_one_image_is_refused(grid: FactorGrid, pairs: Pairs, name: str) -> None:
    with pytest.raises(DataError, match="images in the pool"):
        pairs(pairings.get(name)(), grid, np.arange(1), ("a",), 0.5)


@pytest.mark.parametrize("name", NAMES)
def test_pairs_go_to_the_device(grid: FactorGrid, name: str) -> None:
    labels, _ = principal_labels(grid, ["a"])
    sampler = pairings.get(name)().sampler(
        grid, np.arange(120), labels, principal=["a"], principal_change_rate=0.5, device="meta"
    )
    places = sampler.sample(3, torch.Generator().manual_seed(0))
    assert [place.device.type for place in places] == ["meta", "meta"]
