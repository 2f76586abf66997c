from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from detaux.models.batch_inside import (
    FlattenMaps,
    UnflattenMaps,
    convolve,
    has_batch_inside,
    move_batch_first,
    move_batch_inside,
    split_batch,
)
from detaux.train.policy import policy_for


def draws(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_the_batch_moves_inside_and_back() -> None:
    maps = draws(7, 3, 4, 5)
    inside = move_batch_inside(maps)
    assert inside.shape == (1, 3, 4, 5, 7)
    assert torch.equal(inside[0, 2, 1, 3, 6], maps[6, 2, 1, 3])
    assert torch.equal(move_batch_first(inside), maps)


def test_a_large_batch_moves_in_groups() -> None:
    maps = draws(128, 3, 2, 2)
    inside = move_batch_inside(maps)
    assert inside.shape == (2, 3, 2, 2, 64)
    assert torch.equal(inside[1, 2, 0, 1, 5], maps[69, 2, 0, 1])
    assert torch.equal(move_batch_first(inside), maps)


@pytest.mark.parametrize("sizes", [[64, 64], [128, 64], [60, 68], [3, 4]])
def test_splitting_is_torchs_in_both_layouts(sizes: list[int]) -> None:
    maps = draws(sum(sizes), 3, 2, 2)
    for ours, torchs in zip(
        split_batch(move_batch_inside(maps), sizes), torch.split(maps, sizes), strict=True
    ):
        assert torch.equal(ours, move_batch_inside(torchs))
        assert ours.stride()[1:] == move_batch_inside(torchs).stride()[1:]
    for ours, torchs in zip(split_batch(maps, sizes), torch.split(maps, sizes), strict=True):
        assert torch.equal(ours, torchs)


def test_torch_knows_the_layout_as_channels_last() -> None:
    channels_last = torch.empty(1, 3, 4, 5, 7).contiguous(memory_format=torch.channels_last_3d)
    assert move_batch_inside(draws(7, 3, 4, 5)).stride() == channels_last.stride()


@pytest.mark.skipif(
    not policy_for("cpu").amp, reason="on this processor no net runs in bfloat16, nor has its batch inside"
)
def test_convolutions_keep_the_layout() -> None:
    """Were it not so, each convolution would first copy its maps."""
    inside = move_batch_inside(draws(7, 3, 4, 5)).bfloat16()
    kernels = draws(2, 3, 2, 2).contiguous(memory_format=torch.channels_last).bfloat16()
    convolved = convolve(inside, kernels, torch.zeros(2).bfloat16())
    assert convolved.is_contiguous(memory_format=torch.channels_last_3d)


def test_a_convolution_is_the_same_in_both_layouts() -> None:
    maps, kernels, bias = draws(7, 3, 6, 8).requires_grad_(), draws(5, 3, 4, 4), draws(5)
    inside = convolve(move_batch_inside(maps), kernels, bias, stride=2, padding=1)
    plain = functional.conv2d(maps, kernels, bias, stride=2, padding=1)
    assert has_batch_inside(inside)
    torch.testing.assert_close(convolve(maps, kernels, bias, stride=2, padding=1), plain)
    torch.testing.assert_close(move_batch_first(inside), plain)
    upstream = draws(*plain.shape)
    torch.testing.assert_close(
        torch.autograd.grad(inside, maps, move_batch_inside(upstream)),
        torch.autograd.grad(plain, maps, upstream),
    )


def test_flattening_is_torchs_in_both_layouts() -> None:
    maps = draws(7, 3, 4, 4)
    for moved in (maps, move_batch_inside(maps)):
        assert torch.equal(FlattenMaps()(moved), nn.Flatten()(maps))
    vectors = maps.flatten(1)
    assert torch.equal(UnflattenMaps(3, 4)(vectors), maps)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(UnflattenMaps(3, 4)(vectors), move_batch_inside(maps))
