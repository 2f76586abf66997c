from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import FactorGrid
from detaux.data.principal import principal_labels
from detaux.data.splitting.compositional import CompositionalSplit

Grid = Callable[..., FactorGrid]


def test_on_3d_shapes_it_is_the_papers_split() -> None:
    dataset = load_dataset("shapes3d", origin="rendered")
    labels, _ = principal_labels(dataset, ["shape"])
    split = CompositionalSplit().split(dataset, labels, seed=0)
    assert len(split.test) == 120_000
    assert len(split.train) + len(split.validation) == 360_000
    assert (dataset.factors(split.test)[:, :2] >= 5).all()
    for index in (split.train, split.validation):
        assert (dataset.factors(index)[:, :2] < 5).any(axis=1).all()


def test_on_a_sub_grid_the_halves_are_those_of_the_full_range() -> None:
    dataset = load_dataset(
        "shapes3d", origin="rendered", levels={"floor_hue": 5, "wall_hue": 3, "object_hue": 1}
    )
    split = CompositionalSplit().split(dataset, np.zeros(len(dataset), int), seed=0)
    floor, wall = dataset.factors(split.test)[:, :2].T
    assert set(floor) == {3, 4}  # hues 6 and 8 of 0, 2, 4, 6, 8
    assert set(wall) == {2}  # hue 6 of 0, 3, 6
    assert len(split.test) == 2 * 1 * 480


def test_every_value_is_seen_in_training(bare_grid: Grid) -> None:
    grid = bare_grid(4, 4, 5)
    split = CompositionalSplit(factors=("a", "b")).split(grid, np.zeros(80, int), seed=0)
    factors = grid.factors(split.train)
    assert [len(set(column)) for column in factors.T] == [4, 4, 5]


def test_it_names_what_it_holds_out() -> None:
    assert CompositionalSplit(factors=("a", "b")).held_out() == ("a", "b")


def test_a_factor_with_values_in_one_half_only_is_refused() -> None:
    dataset = load_dataset("shapes3d", origin="rendered", levels={"floor_hue": 1})
    with pytest.raises(DataError, match="floor_hue keeps values"):
        CompositionalSplit().split(dataset, np.zeros(len(dataset), int), seed=0)


def test_a_set_without_factors_is_refused() -> None:
    with pytest.raises(DataError, match="no grid of factors; use the split 'random'"):
        CompositionalSplit().split(load_dataset("digits"), np.zeros(1797, int), seed=0)


def test_an_unknown_factor_is_refused(bare_grid: Grid) -> None:
    with pytest.raises(DataError, match="'floor_hue' among factors of bare"):
        CompositionalSplit().split(bare_grid(4, 4), np.zeros(16, int), seed=0)


def test_named_ranges_meet_in_the_test_part_only(bare_grid: Grid) -> None:
    grid = bare_grid(4, 6, 5)
    split = CompositionalSplit(factors=("a", "c"), ranges={"a": (1, 2), "c": (0, 0)}).split(
        grid, np.zeros(120, int), seed=0
    )
    assert {(a, c) for a, _, c in grid.factors(split.test).tolist()} == {(1, 0), (2, 0)}
    assert len(split.test) == 2 * 6
    seen = {(a, c) for a, _, c in grid.factors(np.concatenate((split.train, split.validation))).tolist()}
    assert len(seen) == 4 * 5 - 2


def test_a_factor_without_a_range_has_its_upper_half_held_out(bare_grid: Grid) -> None:
    grid = bare_grid(4, 6)
    split = CompositionalSplit(factors=("a", "b"), ranges={"b": (0, 1)}).split(
        grid, np.zeros(24, int), seed=0
    )
    assert {tuple(row) for row in grid.factors(split.test).tolist()} == {(2, 0), (2, 1), (3, 0), (3, 1)}


def test_a_range_names_values_of_this_data_set() -> None:
    """Of the hues kept, 0, 2, 4, 6 and 8, the first two."""
    dataset = load_dataset(
        "shapes3d", origin="rendered", levels={"floor_hue": 5, "wall_hue": 2, "object_hue": 1}
    )
    splitting = CompositionalSplit(ranges={"floor_hue": (0, 1)})
    split = splitting.split(dataset, np.zeros(len(dataset), int), seed=0)
    assert set(dataset.factors(split.test)[:, 0]) == {0, 1}


@pytest.mark.parametrize("limits", [(0, 3), (2, 4), (7, 9)])
def test_a_range_that_holds_out_all_or_what_is_not_there_is_refused(
    bare_grid: Grid, limits: tuple[int, int]
) -> None:
    splitting = CompositionalSplit(factors=("a", "b"), ranges={"a": limits})
    with pytest.raises(DataError, match=rf"a has values 0 to 3 in bare; .*not {limits[0]} to {limits[1]}"):
        splitting.split(bare_grid(4, 4), np.zeros(16, int), seed=0)


@pytest.mark.parametrize(
    ("ranges", "message"),
    [
        ({"c": (0, 1)}, "'c' among the split's factors"),
        ({"a": (2, 1)}, "ascending"),
        ({"a": (-1, 1)}, "from 0"),
        ({"a": (1,)}, r"\[first, last\], .* but is \[1\]"),
        ({"a": (0, 1, 2)}, r"but is \[0, 1, 2\]"),
    ],
)
def test_impossible_ranges_are_refused(ranges: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CompositionalSplit(factors=("a", "b"), ranges=ranges)
