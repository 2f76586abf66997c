"""4x4 convolutions between images and maps of half their size, on images packed so that three channels become twelve.

Processors and GPUs compute a convolution over three channels at a fraction of their speed. Packed, a ring of zeros
is laid around an image (the padding), and each 2x2 block of pixels becomes one place with 4 C channels: the 4x4
convolution of stride 2 is then a 2x2 convolution of stride 1, with the same weights and the same results.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from detaux.models.batch_inside import (
    convolve,
    has_batch_inside,
    is_quicker_inside,
    move_batch_first,
    row_length,
)
from detaux.models.patches import merge_patches, split_patches

_KERNEL, _STRIDE, _PADDING = 4, 2, 1


def pack_padded(images: Tensor) -> Tensor:
    """Turn images (B, C, H, W) of even height and width into packed ones (B, 4 C, H / 2 + 1, W / 2 + 1).

    Where that is quicker, the packed ones have the batch inside.
    """
    padded = functional.pad(images.permute(0, 2, 3, 1), (0, 0) + (_PADDING,) * 4)
    if is_quicker_inside(images.device):
        return _merge_with_batch_inside(padded)
    return merge_patches(padded, _STRIDE).permute(0, 3, 1, 2)


def _merge_with_batch_inside(maps: Tensor) -> Tensor:
    """`merge_patches` of maps (B, H, W, C), with the batch moved inside in the same pass over the memory."""
    batch, height, width, channels = maps.shape
    patches = maps.reshape(
        -1, row_length(batch), height // _STRIDE, _STRIDE, width // _STRIDE, _STRIDE * channels
    )
    merged = torch.stack(patches.permute(3, 0, 2, 4, 1, 5).unbind(), dim=4).flatten(4)
    return merged.permute(0, 4, 1, 2, 3)


def unpack_padded(packed: Tensor) -> Tensor:
    """Turn packed images, with the batch inside or not, into images (B, C, H, W): the inverse of `pack_padded`."""
    packed = move_batch_first(packed) if has_batch_inside(packed) else packed
    inside = slice(_PADDING, -_PADDING)
    return split_patches(packed.permute(0, 2, 3, 1), _STRIDE)[:, inside, inside].permute(0, 3, 1, 2)


def _pack_kernels(weight: Tensor) -> Tensor:
    """Turn kernels (A, C, 4, 4) into those for packed images, (A, 4 C, 2, 2)."""
    return merge_patches(weight.permute(0, 2, 3, 1), _STRIDE).permute(0, 3, 1, 2)


class PackedConvolution(nn.Conv2d):
    """A 4x4 convolution of stride 2 that takes packed images; equal to torch's on the images themselves.

    Args:
        before: Channels of the images, C.
        after: Channels of the output.
    """

    bias: Tensor

    def __init__(self, before: int, after: int) -> None:
        super().__init__(before, after, _KERNEL, stride=_STRIDE, padding=_PADDING)

    def forward(self, packed: Tensor) -> Tensor:  # the parent's name for it is `input`
        """Return maps (B, after, H / 2, W / 2) of packed images, with the batch inside if theirs is."""
        return convolve(packed, _pack_kernels(self.weight), self.bias)


class PackedUpConvolution(nn.ConvTranspose2d):
    """A transposed 4x4 convolution of stride 2 that gives packed images; equal to torch's, its images packed.

    Args:
        before: Channels of the input.
        after: Channels of the images, C.
    """

    bias: Tensor

    def __init__(self, before: int, after: int) -> None:
        super().__init__(before, after, _KERNEL, stride=_STRIDE, padding=_PADDING)

    def forward(self, maps: Tensor, output_size: list[int] | None = None) -> Tensor:  # noqa: ARG002 (torch's signature)
        """Return packed images (B, 4 C, H + 1, W + 1) of maps (B, before, H, W), or both with the batch inside."""
        kernels = _pack_kernels(self.weight).transpose(0, 1).flip(2, 3)
        bias = self.bias.repeat(_STRIDE**2)
        packed: Tensor = _RingCleared.apply(convolve(maps, kernels, bias, padding=_PADDING))
        return packed


class _RingCleared(torch.autograd.Function):
    """Packed images with zeros in the ring around them: the ring passes no gradient."""

    @staticmethod
    def forward(ctx: Any, packed: Tensor) -> Tensor:
        ctx.mark_dirty(packed)
        return _clear_ring(packed)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:  # noqa: ARG004 (torch's signature)
        return _clear_ring(gradient.clone())


def _clear_ring(packed: Tensor) -> Tensor:
    """Set to zero, in place, what is no pixel: of the first places the first row or column, of the last the last."""
    batch, channels, *space = packed.shape
    places = packed.view(batch, _STRIDE, _STRIDE, channels // _STRIDE**2, *space)  # (B, row, column, C, H, W)
    for side in (0, -1):
        places[:, side, :, :, side] = 0
        places[:, :, side, :, :, side] = 0
    return packed
