"""Splits stay as they are: the hashes of release 0.1.0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from detaux.data import load_dataset
from detaux.data.dataset import FactorGrid
from detaux.data.principal import principal_labels
from detaux.data.registries import splits

PINNED = [
    ("random", {}, "c917717b91089cf442b5eec28a3b99add2617753f484e18fa46f7697d143ba9c"),
    ("random", {"train_size": 30}, "24219a38316b03fb2234950351e4d9f344f8bf9fcb9010234d740a1bd6e7978c"),
    (
        "compositional",
        {"factors": ("a", "b")},
        "5f6409ded477f44183eb52284ea9d15dbc131dbceab7fdf8e1d98258bed8908f",
    ),
    (
        "compositional",
        {"factors": ("a", "b"), "train_size": 30},
        "9d77797d9dbec6dd2510e1782b2ea1432493560f4b34117b4fc88183cef7e1ce",
    ),
    ("official", {}, "2b0515dafd9a550344ecaec0f7da84e375de98193c2402046e49ae57a7e91937"),
    ("official", {"train_size": 30}, "eb74c33c592c15707d8846fe5b2b2ba3d7ecb6560b22830be538f29fa851352b"),
]
NEW = [
    (
        "hold_out",
        {"factor": "a", "values": (1, 3)},
        "b598e546c24ee14d881b54b2fe632aacacb30d36ffed2edb039ee7d81ad0fc65",
    ),
    ("by_group", {"factor": "c"}, "de55a7b6e0a9dc28b7ea14ce1c0cdb32eb22f97f4510ddfb6209cb832360e01e"),
    (
        "correlated",
        {"factors": ("a", "b")},
        "e28e0e29f693fccfc07c243ab8977caaa838f0dedab718e5aad534a49e22359a",
    ),
]


@pytest.mark.parametrize(("name", "options", "pinned"), PINNED + NEW)
def test_the_same_options_and_seed_give_the_same_split(
    bare_grid: Callable[..., FactorGrid], name: str, options: Mapping[str, Any], pinned: str
) -> None:
    grid = bare_grid(4, 5, 6)
    grid.official_parts = {"train": np.arange(90), "test": np.arange(90, 120)}
    labels, _ = principal_labels(grid, ["a" if name == "by_group" else "c"])
    assert splits.get(name)(**options).split(grid, labels, seed=7).hash == pinned


@pytest.mark.parametrize(
    ("options", "pinned"),
    [
        ({}, "58d39b54a06e9cbd1684b0c76185a81f1ec5e153d40143d08d3bf785930a783b"),
        ({"train_size": 300}, "3e3f5dc91ac222d38fbc4c03fd314ce966efdd535836f845f9f453a50d03df5b"),
    ],
)
def test_the_digits_are_parted_as_ever(options: Mapping[str, Any], pinned: str) -> None:
    dataset = load_dataset("digits")
    labels, _ = principal_labels(dataset, ["class"])
    assert splits.get("random")(**options).split(dataset, labels, seed=7).hash == pinned
