from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data.dataset import FactorGrid
from detaux.data.principal import principal_labels
from detaux.data.splitting.random import RandomSplit

Grid = Callable[..., FactorGrid]


def test_shares_are_of_all_images(bare_grid: Grid) -> None:
    grid = bare_grid(10, 10, 4)
    labels, _ = principal_labels(grid, ["c"])
    split = RandomSplit(validation=0.1, test=0.2).split(grid, labels, seed=0)
    assert [len(index) for index in split.parts.values()] == [280, 40, 80]
    assert all(np.ptp(np.bincount(labels[index])) == 0 for index in split.parts.values())


def test_a_train_size_leaves_the_other_parts_alone(bare_grid: Grid) -> None:
    grid = bare_grid(10, 10, 4)
    labels, _ = principal_labels(grid, ["c"])
    whole = RandomSplit().split(grid, labels, seed=5)
    capped = RandomSplit(train_size=30).split(grid, labels, seed=5)
    assert len(capped.train) == 30
    assert set(capped.train) < set(whole.train)
    np.testing.assert_array_equal(capped.validation, whole.validation)
    np.testing.assert_array_equal(capped.test, whole.test)


def test_the_seed_decides(bare_grid: Grid) -> None:
    grid, labels = bare_grid(100), np.zeros(100, int)
    hashes = [RandomSplit().split(grid, labels, seed=seed).hash for seed in (0, 0, 1)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_too_large_a_train_size_is_refused(bare_grid: Grid) -> None:
    with pytest.raises(DataError, match="only 70"):
        RandomSplit(train_size=71).split(bare_grid(100), np.zeros(100, int), seed=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"validation": 1e-6, "test": 0.99999}, "train part of the split is empty; lower"),
        ({"validation": 1e-6}, "validation part of the split is empty; raise its option 'validation'"),
        ({"test": 1e-6}, "test part of the split is empty; raise its option 'test'"),
        (
            {"train_size": 1},
            "1 of 70 training images are kept, none of class [01]; raise the split's option 'train_size'",
        ),
    ],
)
def test_a_part_without_images_or_with_one_class_is_named(
    bare_grid: Grid, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        RandomSplit(**options).split(bare_grid(100), np.arange(100) % 2, seed=0)


@pytest.mark.parametrize(
    "options",
    [
        {"test": 0.0},
        {"validation": -0.1},
        {"validation": 0.5, "test": 0.5},
        {"test": float("nan")},
        {"train_size": 0},
    ],
)
def test_impossible_options_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="found"):
        RandomSplit(**options)  # type: ignore[arg-type]  # the wrong values are the point
