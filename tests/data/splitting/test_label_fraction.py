from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.data.dataset import FactorGrid
from detaux.data.registries import splits
from detaux.data.split import Split
from detaux.data.splitting.random import RandomSplit

Grid = Callable[..., FactorGrid]


def labels_of(count: int) -> NDArray[np.int64]:
    return np.arange(count) % 4


def split_of(grid: FactorGrid, **options: Any) -> Split:
    return RandomSplit(**options).split(grid, labels_of(len(grid)), seed=2)


def test_it_is_the_draw_of_a_train_size_of_as_many(bare_grid: Grid) -> None:
    grid = bare_grid(10, 40)
    assert split_of(grid, label_fraction=0.25).hash == split_of(grid, train_size=70).hash


def test_each_class_keeps_its_fraction(bare_grid: Grid) -> None:
    split = split_of(bare_grid(10, 40), label_fraction=0.1)
    assert np.bincount(labels_of(400)[split.train]).tolist() == [7, 7, 7, 7]


def test_the_whole_is_the_same_as_no_fraction(bare_grid: Grid) -> None:
    grid = bare_grid(10, 40)
    assert split_of(grid, label_fraction=1.0).hash == split_of(grid).hash


def test_a_fraction_that_leaves_no_image_is_refused(bare_grid: Grid) -> None:
    with pytest.raises(DataError, match=r"label_fraction is 0\.001, no whole image of 70 to train on; raise"):
        split_of(bare_grid(100), label_fraction=0.001)


def test_a_fraction_that_leaves_one_class_is_refused(bare_grid: Grid) -> None:
    with pytest.raises(
        DataError,
        match=r"1 of 70 training images are kept, none of classes [0-3], [0-3] and [0-3]; raise the split's",
    ):
        split_of(bare_grid(100), label_fraction=0.01)


@pytest.mark.parametrize("name", splits.names())
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"label_fraction": 0.0}, r"label_fraction must be above 0 and at most 1, found 0\.0"),
        ({"label_fraction": 1.1}, "label_fraction must be above 0 and at most 1"),
        ({"label_fraction": float("nan")}, "label_fraction must be above 0 and at most 1"),
        (
            {"label_fraction": 0.5, "train_size": 10},
            r"train_size and label_fraction must not be given together; drop one, found 10 and 0\.5",
        ),
    ],
)
def test_every_split_refuses_an_impossible_one(name: str, options: dict[str, Any], message: str) -> None:
    needed: dict[str, dict[str, Any]] = {
        "hold_out": {"factor": "a", "values": (0,)},
        "by_group": {"factor": "a"},
    }
    needed["correlated"] = {"factors": ("a", "b")}
    with pytest.raises(ValueError, match=message):
        splits.get(name)(**needed.get(name, {}), **options)
