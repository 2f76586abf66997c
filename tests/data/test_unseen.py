from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.principal import principal_labels
from detaux.data.registries import splits
from detaux.data.unseen import class_names

Grid = Callable[..., FactorGrid]
BY_PART = ("train", "validation", "test")


def in_parts(**counts: str) -> tuple[Dataset, np.ndarray[Any, np.dtype[np.int64]]]:
    """Return the digits with official parts of given classes, ten images of each, and their classes."""
    dataset = load_dataset("digits", image_size=8)
    labels, _ = principal_labels(dataset, ["class"])
    taken = {digit: iter(np.flatnonzero(labels == digit)) for digit in range(10)}
    dataset.official_parts = {
        part: np.sort([next(taken[int(digit)]) for digit in counts[part] for _ in range(10)])
        for part in BY_PART
        if part in counts
    }
    return dataset, labels


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"train": "3", "validation": "3", "test": "5"}, "class '5', but images of the test part are"),
        ({"train": "3", "test": "5"}, "class '5', but images of the test part are"),
        ({"train": "35", "validation": "35", "test": "7"}, "class '7', but images of the test part are"),
        (
            {"train": "35", "validation": "78", "test": "35"},
            "classes '7' and '8', but images of the validation",
        ),
        ({"train": "3", "test": "0124567"}, "classes '0', '1', '2', '4', '5' and 2 more, but images of the"),
    ],
)
def test_official_parts_that_share_no_class_are_refused(parts: Mapping[str, str], said: str) -> None:
    dataset, labels = in_parts(**parts)
    with pytest.raises(
        DataError, match=rf"digits: no training image is of {said}.*; train on some of each class"
    ):
        splits.get("official")().split(dataset, labels, seed=0)


def test_classes_that_are_trained_but_not_tested_are_sound() -> None:
    dataset, labels = in_parts(train="357", validation="35", test="5")
    split = splits.get("official")().split(dataset, labels, seed=0)
    assert len(split.train) == 30


@pytest.mark.parametrize("option", [{"train_size": 3}, {"label_fraction": 0.002}])
def test_fewer_images_than_classes_are_refused(option: Mapping[str, Any]) -> None:
    dataset = load_dataset("digits", image_size=8)
    labels, _ = principal_labels(dataset, ["class"])
    with pytest.raises(
        DataError,
        match=r"digits: 3 of 1258 training images are kept, none of classes '.', .* and 2 more; raise the",
    ):
        splits.get("random")(**option).split(dataset, labels, seed=0)


def test_a_class_that_validation_takes_whole_is_named(bare_grid: Grid) -> None:
    labels = (np.arange(40) == 7).astype(int)
    rule = splits.get("random")(validation=0.7, test=0.2)
    with pytest.raises(
        DataError, match=r"bare: no training image is of class 1, but images of the (validation|test)"
    ):
        rule.split(bare_grid(40), labels, seed=0)


def test_a_class_of_one_domain_alone_is_refused(bare_grid: Grid) -> None:
    grid = bare_grid(3, 20)
    labels = np.minimum(grid.factors(np.arange(60))[:, 0], 1)
    with pytest.raises(DataError, match="no training image is of class 0, but images of the test part are"):
        splits.get("hold_out")(factor="a", values=(0,)).split(grid, labels, seed=0)


def test_classes_made_of_several_factors_are_numbered(bare_grid: Grid) -> None:
    grid = bare_grid(3, 4)
    labels, _ = principal_labels(grid, ["a", "b"])
    assert class_names(grid, labels, np.array([2, 11])) == "classes 2 and 11"
