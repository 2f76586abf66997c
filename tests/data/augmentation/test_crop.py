"""Crop and crop_flip against windows that numpy cuts out of padded images."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from detaux.core.errors import DataError
from detaux.data.augmentation.crop import Crop
from detaux.data.augmentation.crop_flip import CropFlip
from tests.data.augmentation.drawing import augmented, picture


def every_shift(image: Tensor, padding: int) -> Tensor:
    """Return all cuts of an image (3, H, W), padded by numpy, (places, 3, H, W), row by row."""
    _, height, width = image.shape
    padded = np.pad(image.numpy(), [(0, 0), (padding, padding), (padding, padding)], mode="reflect")
    starts = range(2 * padding + 1)
    cuts = [padded[:, row : row + height, column : column + width] for row in starts for column in starts]
    return torch.from_numpy(np.stack(cuts))


def places(results: Tensor, candidates: Tensor) -> Tensor:
    """Return which candidate each result equals, (B,), long."""
    equal = (results[:, None] == candidates[None]).flatten(2).all(2)
    assert (equal.sum(1) == 1).all()
    return equal.int().argmax(1)


def check_uniform(found: Tensor, count: int) -> None:
    """Check by chi square, within three of its deviations, that (B,) places of so many are equally likely."""
    expected, freedom = len(found) / count, count - 1
    chi_square = ((torch.bincount(found, minlength=count) - expected).square() / expected).sum()
    assert abs(chi_square - freedom) < 3 * math.sqrt(2 * freedom)


@pytest.mark.parametrize(("height", "width", "padding"), [(6, 7, 2), (4, 8, 2), (5, 5, 1)])
def test_each_result_is_a_shift_and_every_shift_is_equally_likely(
    height: int, width: int, padding: int
) -> None:
    image, count = picture(height, width), (2 * padding + 1) ** 2
    results = augmented(Crop(padding=padding), image.repeat(200 * count, 1, 1, 1))
    check_uniform(places(results, every_shift(image, padding)), count)


def test_crop_flip_mirrors_half_of_them_whatever_the_shift() -> None:
    image = picture(5, 7)
    shifts = every_shift(image, 1)
    results = augmented(CropFlip(padding=1), image.repeat(3600, 1, 1, 1))
    check_uniform(places(results, torch.cat((shifts, shifts.flip(3)))), 18)


def test_the_usual_padding_is_of_4_pixels() -> None:
    image = picture(32, 32)
    results = augmented(Crop(), image.repeat(30, 1, 1, 1))
    assert len(set(places(results, every_shift(image, 4)).tolist())) > 20
    assert (Crop(), CropFlip()) == (Crop(padding=4), CropFlip(padding=4))


@pytest.mark.parametrize("made", [Crop, CropFlip])
@pytest.mark.parametrize("padding", [0, -1])
def test_an_impossible_padding_is_refused(made: type[Crop | CropFlip], padding: int) -> None:
    with pytest.raises(ValueError, match=f"padding must be at least 1, but is {padding}"):
        made(padding=padding)


@pytest.mark.parametrize("made", [Crop, CropFlip])
def test_an_image_must_be_larger_than_its_padding(made: type[Crop | CropFlip]) -> None:
    made(padding=4).check_image((5, 9, 3))
    for shape in ((4, 9, 3), (9, 4, 3), (1, 1, 3)):
        with pytest.raises(
            DataError, match=f"{shape[0]} x {shape[1]} pixels are too small for a padding of 4"
        ):
            made(padding=4).check_image(shape)
