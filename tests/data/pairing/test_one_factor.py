from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import FactorGrid
from detaux.data.pairing.one_factor import OneFactorPairing
from detaux.data.principal import principal_labels

Grid = Callable[..., FactorGrid]
COUNT = 4000


def changes(
    grid: FactorGrid, pool: NDArray[np.int64], principal: tuple[str, ...], rate: float, seed: int = 0
) -> NDArray[np.bool_]:
    """Draw pairs and tell which factors change in each, shape (COUNT, F)."""
    labels, _ = principal_labels(grid, principal)
    sampler = OneFactorPairing().sampler(
        grid, pool, labels, principal=principal, principal_change_rate=rate, device="cpu"
    )
    first, second = sampler.sample(COUNT, torch.Generator().manual_seed(seed))
    return np.asarray(grid.factors(pool[first.numpy()]) != grid.factors(pool[second.numpy()]))


@settings(max_examples=20, deadline=None)
@given(rate=st.floats(0.05, 0.95), seed=st.integers(0, 1000), kept=st.floats(0.3, 1))
def test_exactly_one_factor_changes_and_the_principal_at_its_rate(
    bare_grid: Grid, rate: float, seed: int, kept: float
) -> None:
    grid = bare_grid(4, 3, 5, 2)
    pool = np.flatnonzero(np.random.default_rng(seed).random(len(grid)) < kept)
    changed = changes(grid, pool, ("b", "c"), rate, seed)
    assert (changed.sum(axis=1) == 1).all()
    observed = changed[:, 1:3].any(axis=1).mean()
    assert abs(observed - rate) < 4 * np.sqrt(
        rate * (1 - rate) / COUNT
    )  # 4 standard errors, as there are 20 draws


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_the_rate_is_kept_within_three_standard_errors(bare_grid: Grid, rate: float) -> None:
    changed = changes(bare_grid(4, 3, 5, 2), np.arange(120), ("b",), rate)
    assert abs(changed[:, 1].mean() - rate) < 3 * np.sqrt(rate * (1 - rate) / COUNT)


def test_the_factors_of_a_kind_change_equally_often(bare_grid: Grid) -> None:
    changed = changes(bare_grid(4, 3, 5, 2), np.arange(120), ("b", "c"), 0.6)
    np.testing.assert_allclose(changed.mean(axis=0), [0.2, 0.3, 0.3, 0.2], atol=3 * np.sqrt(0.25 / COUNT))


@pytest.mark.parametrize(("rate", "expected"), [(0.0, 0), (1.0, COUNT)])
def test_the_ends_of_the_rate_are_exact(bare_grid: Grid, rate: float, expected: int) -> None:
    assert changes(bare_grid(3, 3), np.arange(9), ("a",), rate)[:, 0].sum() == expected


def test_every_admissible_pair_is_drawn_as_often_as_it_should_be(bare_grid: Grid) -> None:
    grid = bare_grid(3, 2)
    pool = np.array([0, 1, 2, 5])  # (0,0) (0,1) (1,0) (2,1): in `a`, 0-2 and 1-5 differ alone; in `b`, 0-1
    labels, _ = principal_labels(grid, ["a"])
    sampler = OneFactorPairing().sampler(
        grid, pool, labels, principal=["a"], principal_change_rate=0.5, device="cpu"
    )
    first, second = sampler.sample(COUNT, torch.Generator().manual_seed(0))
    pairs = Counter(zip(pool[first.numpy()].tolist(), pool[second.numpy()].tolist(), strict=True))
    expected = {(0, 2): 1 / 8, (2, 0): 1 / 8, (1, 5): 1 / 8, (5, 1): 1 / 8, (0, 1): 1 / 4, (1, 0): 1 / 4}
    assert pairs.keys() == expected.keys()
    for pair, chance in expected.items():
        assert abs(pairs[pair] / COUNT - chance) < 3 * np.sqrt(chance * (1 - chance) / COUNT)


def test_both_images_stay_in_a_compositional_pool_of_a_sub_grid() -> None:
    dataset = load_dataset(
        "shapes3d", origin="rendered", levels={"floor_hue": 4, "wall_hue": 4, "object_hue": 2}
    )
    assert isinstance(dataset, FactorGrid)
    factors = dataset.factors(np.arange(len(dataset)))
    pool = np.flatnonzero((factors[:, 0] < 2) | (factors[:, 1] < 2))
    changed = changes(dataset, pool, ("shape",), 0.5)
    assert (changed.sum(axis=1) == 1).all()


def test_the_generator_decides(bare_grid: Grid) -> None:
    draws = [changes(bare_grid(4, 4), np.arange(16), ("a",), 0.5, seed) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])


def test_a_pool_without_such_a_pair_is_refused(bare_grid: Grid) -> None:
    diagonal = np.array([0, 4, 8])
    with pytest.raises(DataError, match=r"no two of the 3 images in the pool differ in one of \['a'\] alone"):
        changes(bare_grid(3, 3), diagonal, ("a",), 0.5)


def test_a_set_without_factors_is_refused() -> None:
    with pytest.raises(DataError, match="use the pairing 'same_class'"):
        OneFactorPairing().sampler(
            load_dataset("digits"),
            np.arange(10),
            np.zeros(1797, int),
            principal=["class"],
            principal_change_rate=0.5,
            device="cpu",
        )


def test_a_rate_outside_is_refused(bare_grid: Grid) -> None:
    with pytest.raises(ValueError, match=r"found 1\.5"):
        changes(bare_grid(3, 3), np.arange(9), ("a",), 1.5)
