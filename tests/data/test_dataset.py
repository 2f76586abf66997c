from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import FactorGrid

Grid = Callable[..., FactorGrid]


def test_the_last_factor_varies_fastest(bare_grid: Grid) -> None:
    grid = bare_grid(2, 3, 2)
    assert len(grid) == 12
    assert grid.factors(np.arange(12)).tolist() == [
        list(row) for row in itertools.product(range(2), range(3), range(2))
    ]


@given(sizes=st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_index_is_the_inverse_of_factors(bare_grid: Grid, sizes: list[int]) -> None:
    grid = bare_grid(*sizes)
    everything = np.arange(len(grid))
    np.testing.assert_array_equal(grid.index(grid.factors(everything)), everything)


def test_index_keeps_the_leading_axes(bare_grid: Grid) -> None:
    grid = bare_grid(3, 4)
    assert grid.index(np.array([[[0, 1], [2, 3]]])).tolist() == [[1, 11]]
    assert grid.index(np.array([1, 2])) == 6


@pytest.mark.parametrize(
    ("factors", "message"), [([0, 4], "b lies in 0 to 3"), ([-1, 0], "a lies in"), ([0], "2 factors")]
)
def test_index_refuses_what_is_no_combination(bare_grid: Grid, factors: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bare_grid(3, 4).index(np.array([factors]))


@pytest.mark.parametrize("outside", [-1, 12])
def test_an_index_outside_is_refused(bare_grid: Grid, outside: int) -> None:
    with pytest.raises(IndexError, match=f"0 to 11, but {outside}"):
        bare_grid(3, 4).factors(np.array([0, outside]))


def test_a_labelled_set_says_that_factors_name_no_image() -> None:
    digits = load_dataset("digits", image_size=16)
    with pytest.raises(DataError, match="several images share"):
        digits.index(np.array([[3]]))
