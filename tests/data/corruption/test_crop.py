from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from detaux.data.corruption.crop import Crop
from tests.data.corruption.drawing import corrupted


def cropped(images: Tensor, side: float) -> Tensor:
    return corrupted(Crop(side=side), images)


def every_crop(image: Tensor, length: int) -> Tensor:
    """Return all square crops of an image (3, S, S), each resized by torch, (places, 3, S, S), row by row."""
    pieces = image.unfold(1, length, 1).unfold(2, length, 1).permute(1, 2, 0, 3, 4).flatten(0, 1)
    return interpolate(pieces, size=image.shape[1:], mode="bilinear", align_corners=False)


def test_each_result_is_a_resized_crop_and_every_place_is_equally_likely() -> None:
    image = torch.rand(3, 8, 8, generator=torch.Generator().manual_seed(3))
    results = cropped(image.repeat(5000, 1, 1, 1), 0.5).flatten(1)
    candidates = every_crop(image, 4).flatten(1)
    places = torch.cdist(results, candidates).argmin(1)
    assert torch.allclose(results, candidates[places], atol=1e-5)
    counts = torch.bincount(places, minlength=25).double()
    chi_square = ((counts - 200).square() / 200).sum()
    assert abs(chi_square - 24) < 3 * math.sqrt(2 * 24)  # 24 degrees of freedom: mean 24, variance 48


@pytest.mark.parametrize(("height", "width"), [(64, 64), (224, 224), (1, 1), (5, 9)])
def test_the_whole_side_is_the_identity(height: int, width: int) -> None:
    images = torch.rand(3, 3, height, width)
    assert torch.allclose(cropped(images, 1.0), images, atol=3e-5)


@pytest.mark.parametrize("axis", [2, 3])
def test_a_ramp_stays_a_ramp_of_the_right_slope(axis: int) -> None:
    ramp = torch.linspace(0, 1, 64)
    shape = [1, 1, 1, 1]
    shape[axis] = 64
    results = cropped(ramp.reshape(shape).expand(20, 3, 64, 64), 0.5)
    inside = results.narrow(axis, 1, 62)  # the outermost pixels repeat the border of the crop
    slopes = inside.diff(dim=axis)
    assert torch.allclose(slopes, torch.full_like(slopes, 0.5 / 63), atol=1e-5)
    starts = results.amin((1, 2, 3)) * 63
    assert torch.allclose(starts, starts.round(), atol=1e-3)
    assert (results.amax((1, 2, 3)) * 63 - starts - 31).abs().max() < 1e-3


def test_a_crop_of_one_pixel_is_one_colour_of_the_image() -> None:
    image = torch.rand(1, 3, 8, 8)
    result = cropped(image, 0.1)
    colour = result[:, :, :1, :1]
    assert torch.allclose(result, colour.expand_as(result), atol=1e-5)
    assert ((image - colour).abs().amax(1) < 1e-5).sum() == 1


@pytest.mark.parametrize("side", [0.0, -0.5, 1e-9, 0.09, 1.01, math.nan])
def test_an_impossible_side_is_refused(side: float) -> None:
    with pytest.raises(ValueError, match=rf"side must lie in \[0.1, 1\], but is {side}"):
        Crop(side=side)
