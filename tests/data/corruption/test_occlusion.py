from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from detaux.data.corruption.occlusion import Occlusion
from tests.data.corruption.drawing import corrupted


def covered(count: int, height: int, width: int, **options: Any) -> Tensor:
    """Return which pixels of images of zeros are covered, (count, height, width), bool, one answer for all channels."""
    images = torch.zeros(count, 3, height, width)
    hit = corrupted(Occlusion(**options), images) != 0
    assert (hit == hit[:, :1]).all()
    return hit[:, 0]


@pytest.mark.parametrize(("side", "length"), [(0.25, 8), (0.001, 1), (0.52, 17), (0.9, 29)])
def test_one_square_of_the_given_side_is_covered(side: float, length: int) -> None:
    hit = covered(50, 32, 32, side=side)
    rows, columns = hit.any(2), hit.any(1)
    assert (rows.sum(1) == length).all()
    assert (columns.sum(1) == length).all()
    assert torch.equal(hit, rows[:, :, None] & columns[:, None, :])
    steps = rows.int().diff(dim=1).abs().sum(1)
    assert (steps <= 2).all()  # one run of rows, so no square is torn


def test_an_oblong_image_has_its_share_of_both_sides() -> None:
    hit = covered(5, 8, 32, side=0.25)
    assert (hit.any(2).sum(1) == 2).all()
    assert (hit.any(1).sum(1) == 8).all()


def test_every_place_inside_is_equally_likely() -> None:
    hit = covered(9800, 8, 8, side=0.25)
    rows, columns = (hit.any(axis).int().argmax(1) for axis in (2, 1))
    assert sorted(set(rows.tolist())) == sorted(set(columns.tolist())) == list(range(7))
    counts = torch.bincount(rows * 7 + columns, minlength=49).double()
    chi_square = ((counts - 200).square() / 200).sum()
    assert abs(chi_square - 48) < 3 * math.sqrt(2 * 48)  # 48 degrees of freedom: mean 48, variance 96


def test_the_value_is_filled_in_and_the_rest_stays() -> None:
    images = torch.rand(4, 3, 16, 16)
    result = corrupted(Occlusion(value=0.25), images)
    changed = result != images
    assert changed.sum() == 4 * 3 * 16
    assert (result[changed] == 0.25).all()


@pytest.mark.parametrize("side", [0.0, -0.5, 0.91, 1.0, math.nan])
def test_an_impossible_side_is_refused(side: float) -> None:
    with pytest.raises(ValueError, match=rf"side must lie in \(0, 0.9\], but is {side}"):
        Occlusion(side=side)


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan])
def test_an_impossible_value_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match=rf"value must lie in \[0, 1\], but is {value}"):
        Occlusion(value=value)
