from __future__ import annotations

import math
from typing import Any, cast

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.data.corruption.none import NoCorruption
from detaux.data.corruption.salt_and_pepper import SaltAndPepper
from tests.data.corruption.drawing import corrupted, draws_of


def test_the_shares_are_kept_within_three_standard_errors() -> None:
    noisy = corrupted(SaltAndPepper(salt=0.05, pepper=0.1), torch.full((20, 3, 32, 32), 0.5))
    spread = 3 * (0.09 / noisy.numel()) ** 0.5
    assert abs((noisy == 0.98).float().mean() - 0.05) < spread
    assert abs((noisy == 0.02).float().mean() - 0.1) < spread
    assert sorted(set(noisy.flatten().tolist())) == pytest.approx([0.02, 0.5, 0.98])


def test_channels_are_hit_one_by_one() -> None:
    hit = corrupted(SaltAndPepper(), torch.full((4, 3, 32, 32), 0.5)) != 0.5
    all_three = hit.all(dim=1).float().mean()
    assert all_three < 0.02  # 0.16 cubed is 0.004; whole pixels would give 0.16


def test_the_released_draw_hits_71_percent() -> None:
    """Of a normal draw, 53.19 % is at most 0.08 and 17.88 % at least 0.92."""
    noisy = corrupted(SaltAndPepper(variant="as_released"), torch.full((20, 3, 32, 32), 0.5))
    for hit, share in ((noisy == 0.98, 0.53188), (noisy == 0.02, 0.17879), (noisy != 0.5, 0.71067)):
        assert abs(hit.double().mean() - share) < 3 * (share * (1 - share) / noisy.numel()) ** 0.5


def test_the_described_draw_is_the_uniform_one() -> None:
    images = torch.full((1, 3, 8, 8), 0.5)
    draw = draws_of(images).uniform(3, 8, 8)
    expected = images.masked_fill(draw < 0.1, 0.02).masked_fill(draw >= 1 - 0.2, 0.98)
    assert torch.equal(corrupted(SaltAndPepper(salt=0.2, pepper=0.1), images), expected)
    assert SaltAndPepper() == SaltAndPepper(salt=0.08, pepper=0.08, variant="as_described")


def test_the_released_draw_keeps_the_input_and_where_it_is() -> None:
    images = torch.rand(2, 3, 8, 8).contiguous(memory_format=torch.channels_last)
    before = images.clone()
    noisy = corrupted(SaltAndPepper(variant="as_released"), images)
    assert torch.equal(images, before)
    assert noisy.is_contiguous(memory_format=torch.channels_last)
    with FakeTensorMode():
        fake = torch.empty(2, 3, 8, 8, device="cuda")
        assert corrupted(SaltAndPepper(variant="as_released"), fake).device.type == "cuda"


@pytest.mark.parametrize(("salt", "pepper"), [(-0.1, 0.1), (0.6, 0.5), (0.1, math.nan)])
def test_impossible_shares_are_refused(salt: float, pepper: float) -> None:
    with pytest.raises(ValueError, match=f"together at most 1, but found {salt} and {pepper}"):
        SaltAndPepper(salt=salt, pepper=pepper)


def test_an_unknown_variant_is_refused() -> None:
    with pytest.raises(ValueError, match=r"variant must be one of .*as_released.*, but is 'other'"):
        SaltAndPepper(variant=cast("Any", "other"))


def test_none_returns_the_images_themselves() -> None:
    images = torch.rand(2, 3, 4, 4)
    assert corrupted(NoCorruption(), images) is images
