from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.data.dataset import FactorGrid
from detaux.data.principal import principal_labels

Grid = Callable[..., FactorGrid]


def test_one_factor_is_its_own_class(bare_grid: Grid) -> None:
    labels, num_classes = principal_labels(bare_grid(2, 3), ["b"])
    assert (labels.tolist(), num_classes) == ([0, 1, 2, 0, 1, 2], 3)


def test_several_factors_make_mixed_radix_classes(bare_grid: Grid) -> None:
    grid = bare_grid(2, 3, 4)
    labels, num_classes = principal_labels(grid, ["c", "a"])
    a, _, c = grid.factors(np.arange(24)).T
    np.testing.assert_array_equal(labels, c * 2 + a)
    assert num_classes == 8


def test_a_labelled_set_has_the_factor_class() -> None:
    digits = load_dataset("digits")
    labels, num_classes = principal_labels(digits, ["class"])
    assert num_classes == 10
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.parametrize(
    ("names", "message"),
    [([], "name one factor"), (["a", "a"], "name one"), (["aa"], "mean 'a'"), (["b"], "single value")],
)
def test_what_makes_no_task_is_refused(bare_grid: Grid, names: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        principal_labels(bare_grid(2, 1), names)
