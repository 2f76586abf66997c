from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from detaux.data.augmentation.resized_crop import ResizedCrop
from tests.data.augmentation.drawing import augmented, picture

SIDE = 256
COUNT = 4000


def windows(min_area: float, count: int = COUNT) -> tuple[Tensor, Tensor]:
    """Return start and length (count, 2), double, as shares, of the rectangles along rows and columns.

    They are read off ramps, two pixels inside whose ends no border is repeated.
    """
    ramp = (torch.arange(SIDE, dtype=torch.float64) + 0.5) / SIDE
    found = []
    for axis, of_axis in ((2, ramp[:, None].expand(SIDE, 4)), (3, ramp[None].expand(4, SIDE))):
        images = of_axis.expand(count, 3, *of_axis.shape)
        values = augmented(ResizedCrop(min_area=min_area), images).mean((1, 5 - axis))
        first, last = values[:, 64], values[:, SIDE - 65]
        length = (last - first) / (ramp[SIDE - 65] - ramp[64])
        found.append(torch.stack((first - length * ramp[64], length)))
    starts, lengths = torch.stack(found, dim=2)
    return starts, lengths


def check_uniform(values: Tensor) -> None:
    """Check, as Kolmogorov and Smirnov do at the level 0.1 %, that values lie uniformly in [0, 1]."""
    steps = torch.arange(len(values) + 1, dtype=torch.float64) / len(values)
    ordered = values.sort().values
    distance = torch.maximum((steps[1:] - ordered).max(), (ordered - steps[:-1]).max())
    assert distance < 1.95 / math.sqrt(len(values))


def test_area_aspect_and_place_are_drawn_as_told() -> None:
    starts, lengths = windows(0.08)
    area, aspect = lengths.prod(1), lengths[:, 1] / lengths[:, 0]
    check_uniform((area - 0.08) / 0.92)
    fitting = aspect.log() / area.reciprocal().clamp(max=4 / 3).log()
    inside = area < 0.99  # where the aspect is free, so that this is no quotient of rounding errors
    check_uniform((fitting[inside] + 1) / 2)
    for axis in (0, 1):
        free = lengths[:, axis] < 0.99
        check_uniform(starts[free, axis] / (1 - lengths[free, axis]))


def test_area_aspect_and_place_have_nothing_to_do_with_each_other() -> None:
    starts, lengths = windows(0.08)
    small = lengths.prod(1) < 0.7  # where every aspect fits
    middles = (starts + lengths / 2 - 0.5) / (1 - lengths)
    values = torch.stack((lengths.prod(1), (lengths[:, 1] / lengths[:, 0]).log(), *middles.unbind(1)))
    correlations = torch.corrcoef(values[:, small])
    assert (correlations - torch.eye(4)).abs().max() < 4 / math.sqrt(int(small.sum()))


def test_every_rectangle_lies_inside_and_within_its_limits() -> None:
    starts, lengths = windows(0.3)
    aspect = lengths[:, 1] / lengths[:, 0]
    assert starts.min() > -1e-4
    assert (starts + lengths).max() < 1 + 1e-4
    assert 0.3 - 1e-4 < lengths.prod(1).min() < 0.31
    assert 0.99 < lengths.prod(1).max() < 1 + 1e-4
    assert 3 / 4 - 1e-4 < aspect.min() < 0.76
    assert 1.32 < aspect.max() < 4 / 3 + 1e-4


@pytest.mark.parametrize(("height", "width"), [(64, 64), (5, 9), (1, 1)])
def test_the_whole_area_is_the_identity(height: int, width: int) -> None:
    images = picture(height, width).repeat(3, 1, 1, 1)
    assert torch.allclose(augmented(ResizedCrop(min_area=1.0), images), images, atol=3e-5)


def test_a_result_is_what_torch_resizes_out_of_a_much_larger_image() -> None:
    """Enlarged without change, an image has fine pixels for torch to cut the rectangle out of and shrink again."""
    coarse = interpolate(picture(4, 4)[None], size=(SIDE, SIDE), mode="bilinear", align_corners=False)
    starts, lengths = windows(0.2, count=5)
    results = augmented(ResizedCrop(min_area=0.2), coarse.repeat(5, 1, 1, 1))
    for start, length, result in zip(starts * SIDE, lengths * SIDE, results, strict=True):
        (top, left), (bottom, right) = start.round().int().tolist(), (start + length).round().int().tolist()
        cut = coarse[:, :, top:bottom, left:right]
        expected = interpolate(cut, size=(SIDE, SIDE), mode="bilinear", align_corners=False)[0]
        assert (result - expected).abs().max() < 0.03


@pytest.mark.parametrize("min_area", [0.0, -0.1, 1.01, math.nan])
def test_an_impossible_area_is_refused(min_area: float) -> None:
    with pytest.raises(ValueError, match=rf"min_area must lie in \(0, 1\], but is {min_area}"):
        ResizedCrop(min_area=min_area)
