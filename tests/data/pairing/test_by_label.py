"""The rules that go by the principal label: `random`, `same_class` and, whatever the label, `independent`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import FactorGrid
from detaux.data.pairing.independent import IndependentPairing
from detaux.data.pairing.random import RandomPairing
from detaux.data.pairing.same_class import SameClassPairing

Grid = Callable[..., FactorGrid]
COUNT = 6000
BY_LABEL = [RandomPairing(), SameClassPairing()]
LABELS = np.repeat([0, 1, 2], [60, 30, 10])


def draw(
    rule: Any, grid: FactorGrid, labels: NDArray[np.int64], pool: NDArray[np.int64], rate: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    sampler = rule.sampler(grid, pool, labels, principal=["a"], principal_change_rate=rate, device="cpu")
    first, second = sampler.sample(COUNT, torch.Generator().manual_seed(1))
    return pool[first.numpy()], pool[second.numpy()]


@pytest.mark.parametrize("rule", BY_LABEL)
@pytest.mark.parametrize("rate", [0.0, 0.3, 0.5, 1.0])
def test_the_label_changes_at_the_rate(bare_grid: Grid, rule: Any, rate: float) -> None:
    first, second = draw(rule, bare_grid(100), LABELS, np.arange(100), rate)
    assert (first != second).all()
    observed = (LABELS[first] != LABELS[second]).mean()
    assert abs(observed - rate) <= 3 * np.sqrt(rate * (1 - rate) / COUNT)


@pytest.mark.parametrize("rule", [*BY_LABEL, IndependentPairing()])
def test_both_images_are_in_the_pool(bare_grid: Grid, rule: Any) -> None:
    pool = np.arange(1, 100, 3)
    first, second = draw(rule, bare_grid(100), LABELS, pool, 0.5)
    assert set(first) == set(second) == set(pool)


def test_random_draws_the_second_among_all_images_of_other_labels(bare_grid: Grid) -> None:
    first, second = draw(RandomPairing(), bare_grid(100), LABELS, np.arange(100), 1.0)
    of_common = LABELS[second[LABELS[first] == 0]]
    share = (of_common == 1).mean()
    assert abs(share - 30 / 40) < 3 * np.sqrt(0.75 * 0.25 / len(of_common))


def test_same_class_draws_the_other_class_first(bare_grid: Grid) -> None:
    first, second = draw(SameClassPairing(), bare_grid(100), LABELS, np.arange(100), 1.0)
    of_common = LABELS[second[LABELS[first] == 0]]
    share = (of_common == 1).mean()
    assert abs(share - 1 / 2) < 3 * np.sqrt(0.25 / len(of_common))


def test_independent_pairs_ignore_the_rate(bare_grid: Grid) -> None:
    first, second = draw(IndependentPairing(), bare_grid(100), LABELS, np.arange(100), 1.0)
    alike = (60 * 59 + 30 * 29 + 10 * 9) / (100 * 99)
    assert (first != second).all()
    assert abs((LABELS[first] == LABELS[second]).mean() - alike) < 3 * np.sqrt(alike * (1 - alike) / COUNT)


@pytest.mark.parametrize("rule", BY_LABEL)
def test_a_pool_without_the_pairs_asked_for_is_refused(bare_grid: Grid, rule: Any) -> None:
    grid = bare_grid(4)
    with pytest.raises(DataError, match="all 4 images in the pool are of one class"):
        draw(rule, grid, np.zeros(4, int), np.arange(4), 0.5)
    with pytest.raises(DataError, match="no two of the 4 images in the pool share a class"):
        draw(rule, grid, np.arange(4), np.arange(4), 0.5)


@pytest.mark.parametrize("rule", BY_LABEL)
def test_an_extreme_rate_needs_only_its_own_kind_of_pair(bare_grid: Grid, rule: Any) -> None:
    grid = bare_grid(4)
    assert draw(rule, grid, np.zeros(4, int), np.arange(4), 0.0)[0].shape == (COUNT,)
    assert draw(rule, grid, np.arange(4), np.arange(4), 1.0)[0].shape == (COUNT,)
