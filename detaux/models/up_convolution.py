"""A transposed convolution whose backward pass is quick on processors."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from detaux.models.batch_inside import has_batch_inside, widen_kernels

_KERNEL, _STRIDE, _PADDING = 4, 2, 1


class UpConvolution(nn.ConvTranspose2d):
    """A transposed 4x4 convolution that doubles maps of either layout; equal to torch's, with the same weights and start.

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
        """Return maps (B, after, 2H, 2W) of maps (B, before, H, W), or the same with the batch inside.

        They are of autocast's type where that is on.
        """
        device = maps.device.type
        dtype = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else maps.dtype
        weight = self.weight.to(dtype)
        if has_batch_inside(maps):
            weight = widen_kernels(weight)
        else:
            maps = maps.contiguous(memory_format=torch.channels_last)
        doubled: Tensor = _Doubling.apply(maps.to(dtype), weight, self.bias.to(dtype))
        return doubled


class _Doubling(torch.autograd.Function):
    """The convolution itself, all of one float type and of one number of dimensions."""

    @staticmethod
    def forward(ctx: Any, maps: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(maps, weight)
        doubled: Tensor = torch.ops.aten.convolution(maps, weight, bias, *_geometry(maps))
        return doubled

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        maps, weight = ctx.saved_tensors
        wanted = [True, True, False]
        for_maps, for_weight, _ = torch.ops.aten.convolution_backward(
            gradient, maps, weight, None, *_geometry(maps), wanted
        )
        return for_maps, for_weight, gradient.sum([axis for axis in range(gradient.ndim) if axis != 1])


def _geometry(maps: Tensor) -> tuple[list[int], list[int], list[int], bool, list[int], int]:
    """Return stride, padding, dilation, that it is transposed, output padding and groups, for maps of either layout."""
    batch = has_batch_inside(maps)
    stride, padding = [_STRIDE, _STRIDE, 1], [_PADDING, _PADDING, 0]
    space = 2 + batch
    return stride[:space], padding[:space], [1] * space, True, [0] * space, 1
