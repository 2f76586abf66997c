from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.principal import principal_labels
from detaux.data.split import Split
from detaux.data.splitting.correlated import CorrelatedSplit
from detaux.data.splitting.random import RandomSplit

Grid = Callable[..., FactorGrid]
SIZES = (5, 8, 600)


@pytest.fixture(scope="module")
def grid(bare_grid: Grid) -> FactorGrid:
    return bare_grid(*SIZES)


def split_of(dataset: Dataset, sigma: float, seed: int = 0) -> Split:
    labels = dataset.factors(np.arange(len(dataset)))[:, -1] % 3
    return CorrelatedSplit(factors=("a", "b"), sigma=sigma).split(dataset, labels, seed=seed)


def joint(dataset: Dataset, index: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the pairs of values of the two factors, shape (5, 8)."""
    a, b = dataset.factors(index)[:, :2].T
    return np.bincount(a * SIZES[1] + b, minlength=SIZES[0] * SIZES[1]).reshape(SIZES[:2])


def weights(sigma: float) -> NDArray[np.float64]:
    """The formula, once more and pair by pair, shape (5, 8)."""
    rows = [[np.exp(-((a / 5 - b / 8) ** 2) / (2 * sigma**2)) for b in range(8)] for a in range(5)]
    return np.array(rows)


def sampling_error(counts: NDArray[np.int64], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far counts are from their expectation, in standard deviations of a multinomial draw."""
    shares = shares / shares.sum()
    expected = counts.sum() * shares
    return np.asarray(np.abs(counts - expected) / np.sqrt(expected * (1 - shares) + 1e-9))


@pytest.mark.parametrize("sigma", [0.1, 0.2, 0.7])
def test_training_and_validation_follow_the_formula(grid: FactorGrid, sigma: float) -> None:
    split = split_of(grid, sigma)
    for index in (split.train, split.validation):
        counts = joint(grid, index)
        likely = weights(sigma) > 1e-3
        assert sampling_error(counts, weights(sigma))[likely].max() < 4.5
        assert counts[~likely].sum() < 0.01 * len(index)


def test_without_end_sigma_keeps_all_as_it_is(grid: FactorGrid) -> None:
    for sigma in (1e6, float("inf")):
        split = split_of(grid, sigma)
        assert sum(len(index) for index in split.parts.values()) == pytest.approx(len(grid), abs=1)
        assert sampling_error(joint(grid, split.train), np.ones(SIZES[:2])).max() < 4


def test_the_test_part_is_uniform_and_that_of_the_random_split(grid: FactorGrid) -> None:
    split = split_of(grid, 0.1, seed=3)
    assert len(split.test) == len(grid) // 5
    assert sampling_error(joint(grid, split.test), np.ones(SIZES[:2])).max() < 4
    labels = grid.factors(np.arange(len(grid)))[:, -1] % 3
    np.testing.assert_array_equal(split.test, RandomSplit().split(grid, labels, seed=3).test)


def test_as_many_are_kept_as_was_said(grid: FactorGrid) -> None:
    split, chance = split_of(grid, 0.2), weights(0.2)
    rest = len(grid) - len(split.test)
    expected = rest * chance.mean()
    spread = np.sqrt(rest * (chance * (1 - chance)).mean() + rest * chance.var())
    assert abs(len(split.train) + len(split.validation) - expected) < 4 * spread


def test_other_factors_stay_as_they_are(bare_grid: Grid) -> None:
    grid = bare_grid(20, 20, 50)
    kept = split_of(grid, 0.1).train
    counts = np.bincount(grid.factors(kept)[:, 2], minlength=50)
    assert sampling_error(counts, np.ones(50)).max() < 4


def test_of_an_uneven_set_the_formula_weighs_the_pairs_there_are(bare_set: Callable[..., Dataset]) -> None:
    draws = np.random.default_rng(0)
    a, b = draws.choice(5, 40_000, p=[0.4, 0.3, 0.1, 0.1, 0.1]), draws.integers(0, 8, 40_000)
    dataset = bare_set(a=a, b=b, c=draws.integers(0, 3, 40_000))
    split = split_of(dataset, 0.3)
    present = joint(dataset, np.arange(40_000)) - joint(dataset, split.test)
    kept = np.concatenate([split.train, split.validation])
    assert sampling_error(joint(dataset, kept), weights(0.3) * present).max() < 4


def test_correlation_grows_as_sigma_falls(grid: FactorGrid) -> None:
    found = [
        np.asarray(np.corrcoef(grid.factors(split_of(grid, sigma).train)[:, :2].T))[0, 1]
        for sigma in (0.1, 0.2, 0.4, 1.0)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.8


def test_no_factor_is_held_out() -> None:
    assert CorrelatedSplit(factors=("a", "b")).held_out() == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"factors": ("a", "wall")}, "'wall' among factors of bare"),
        ({"factors": ("a", "d")}, "d takes a single value in bare, so nothing correlates with it"),
        (
            {"factors": ("b", "c"), "sigma": 1e-200},
            "sigma 1e-200 keeps .* none of classes 1, 2 and 3; raise it",
        ),
        ({"factors": ("b", "c"), "test": 1e-6}, "raise its option 'test'"),
        ({"factors": ("b", "c"), "test": 0.9999}, "train part of the split is empty; lower"),
        ({"factors": ("b", "c"), "train_size": 4000}, "train_size is 4000, but there are only"),
    ],
)
def test_what_the_set_cannot_give_is_refused(
    bare_grid: Grid, options: Mapping[str, Any], message: str
) -> None:
    grid = bare_grid(20, 4, 5, 1)
    labels, _ = principal_labels(grid, ["b"])
    with pytest.raises(DataError, match=message):
        CorrelatedSplit(**options).split(grid, labels, seed=0)


@pytest.mark.parametrize(
    "options",
    [
        {"factors": ("a", "a")},
        {"factors": ("a",)},
        {"factors": ("a", "b", "c")},
        {"sigma": 0.0},
        {"sigma": float("nan")},
        {"test": 1.0},
        {"validation": 0.0},
    ],
)
def test_impossible_options_are_refused(options: Mapping[str, Any]) -> None:
    with pytest.raises(ValueError, match="found"):
        CorrelatedSplit(**{"factors": ("a", "b"), **options})
