"""A transposed convolution whose backward pass is quick on processors."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

_KERNEL, _STRIDE, _PADDING = 4, 2, 1


class UpConvolution(nn.ConvTranspose2d):
    """A transposed 4x4 convolution that doubles the map; equal to torch's, with the same weights and start.

    Its bias has a gradient of its own: inside a transposed convolution's backward pass, oneDNN takes several times as
    long over the bias as over all else.

    Args:
        before: Channels of the input.
        after: Channels of the output.
    """

    bias: Tensor

    def __init__(self, before: int, after: int) -> None:
        super().__init__(before, after, _KERNEL, stride=_STRIDE, padding=_PADDING)

    def forward(self, maps: Tensor, output_size: list[int] | None = None) -> Tensor:  # noqa: ARG002 (torch's signature)
        """Return maps (B, after, 2H, 2W) of maps (B, before, H, W); in autocast's type where that is on."""
        device = maps.device.type
        dtype = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else maps.dtype
        maps = maps.to(dtype, memory_format=torch.channels_last)
        doubled: Tensor = _Doubling.apply(maps, self.weight.to(dtype), self.bias.to(dtype))
        return doubled


class _Doubling(torch.autograd.Function):
    """The convolution itself, all of one float type."""

    @staticmethod
    def forward(ctx: Any, maps: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(maps, weight)
        return functional.conv_transpose2d(maps, weight, bias, stride=_STRIDE, padding=_PADDING)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        maps, weight = ctx.saved_tensors
        for_maps, for_weight, _ = torch.ops.aten.convolution_backward(
            gradient,
            maps,
            weight,
            None,
            [_STRIDE] * 2,
            [_PADDING] * 2,
            [1, 1],
            True,
            [0, 0],
            1,
            [True, True, False],
        )
        return for_maps, for_weight, gradient.sum((0, 2, 3))
