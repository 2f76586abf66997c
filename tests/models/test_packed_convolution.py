from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from detaux.models.batch_inside import move_batch_inside
from detaux.models.packed_convolution import (
    PackedConvolution,
    PackedUpConvolution,
    pack_padded,
    unpack_padded,
)


def draws(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


@pytest.mark.parametrize("shape", [(2, 3, 8, 8), (1, 5, 4, 6)])
def test_packing_is_undone_by_unpacking(shape: tuple[int, ...]) -> None:
    images = draws(*shape)
    packed = pack_padded(images)
    assert packed.shape == (shape[0], 4 * shape[1], shape[2] // 2 + 1, shape[3] // 2 + 1)
    assert torch.equal(unpack_padded(packed), images)
    torch.testing.assert_close(packed.square().sum(), images.square().sum())


@pytest.mark.parametrize("batch", [3, 128])
def test_under_autocast_packed_images_have_the_batch_inside(batch: int) -> None:
    images = torch.rand(batch, 3, 8, 6)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        packed = pack_padded(images)
    expected = move_batch_inside(pack_padded(images))
    assert torch.equal(packed, expected)
    assert packed.stride() == expected.stride()
    assert torch.equal(unpack_padded(packed), images)


def assert_same(
    first: nn.Module, second: nn.Module, values: list[torch.Tensor], inputs: torch.Tensor
) -> None:
    """Check that two modules' values are equal, and the gradients of their weights and of the inputs."""
    torch.testing.assert_close(values[0], values[1])
    upstream = draws(*values[0].shape)
    gradients = [
        torch.autograd.grad(value, [inputs, *module.parameters()], upstream)
        for value, module in zip(values, (first, second), strict=True)
    ]
    for ours, torchs in zip(*gradients, strict=True):
        torch.testing.assert_close(ours, torchs)


Move = Callable[[torch.Tensor], torch.Tensor]
layouts = pytest.mark.parametrize(
    "move", [torch.clone, move_batch_inside], ids=["batch-first", "batch-inside"]
)


@layouts
def test_the_convolution_of_packed_images_is_torchs_of_images(move: Move) -> None:
    ours, torchs = PackedConvolution(3, 7).double(), nn.Conv2d(3, 7, 4, stride=2, padding=1).double()
    torchs.load_state_dict(ours.state_dict())
    images = draws(2, 3, 8, 6).requires_grad_()
    assert_same(ours, torchs, [ours(move(pack_padded(images))), move(torchs(images))], images)


@layouts
def test_the_transposed_convolution_gives_torchs_images_packed(move: Move) -> None:
    ours = PackedUpConvolution(7, 3).double()
    torchs = nn.ConvTranspose2d(7, 3, 4, stride=2, padding=1).double()
    torchs.load_state_dict(ours.state_dict())
    maps = draws(2, 7, 4, 3).requires_grad_()
    assert_same(ours, torchs, [ours(move(maps)), move(pack_padded(torchs(maps)))], maps)


@layouts
def test_nothing_leaks_through_the_ring_between_them(move: Move) -> None:
    up, down = PackedUpConvolution(7, 3).double(), PackedConvolution(3, 5).double()
    packed = up(move(draws(2, 7, 4, 4)))
    torch.testing.assert_close(down(packed), down(move(pack_padded(unpack_padded(packed)))))
