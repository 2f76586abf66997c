from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from detaux.models.batch_inside import move_batch_inside
from detaux.models.up_convolution import UpConvolution

Move = Callable[[torch.Tensor], torch.Tensor]
LAYOUTS: list[Move] = [
    torch.clone,
    lambda maps: maps.contiguous(memory_format=torch.channels_last),
    move_batch_inside,
]


@pytest.mark.parametrize("move", LAYOUTS, ids=["contiguous", "channels-last", "batch-inside"])
def test_values_and_gradients_are_torchs(move: Move) -> None:
    torch.manual_seed(0)
    ours, torchs = UpConvolution(5, 3).double(), nn.ConvTranspose2d(5, 3, 4, stride=2, padding=1).double()
    torchs.load_state_dict(ours.state_dict())
    maps = torch.randn(2, 5, 4, 4, dtype=torch.float64).requires_grad_()
    upstream = torch.randn(2, 3, 8, 8, dtype=torch.float64)
    torch.testing.assert_close(ours(move(maps)), move(torchs(maps)))
    of_ours = torch.autograd.grad(ours(move(maps)), [maps, ours.weight, ours.bias], move(upstream))
    assert torchs.bias is not None
    of_torchs = torch.autograd.grad(torchs(maps), [maps, torchs.weight, torchs.bias], upstream)
    for first, second in zip(of_ours, of_torchs, strict=True):
        torch.testing.assert_close(first, second)


def test_under_autocast_it_computes_in_bfloat16_and_learns_in_float32() -> None:
    layer, maps = UpConvolution(5, 3), torch.randn(2, 5, 4, 4)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        doubled = layer(maps)
    torch.autograd.backward(doubled.float().square().mean())
    assert doubled.dtype == torch.bfloat16
    torch.testing.assert_close(doubled.float(), layer(maps), atol=0.05, rtol=0.05)
    assert layer.weight.grad is not None
    assert layer.weight.grad.dtype == torch.float32
