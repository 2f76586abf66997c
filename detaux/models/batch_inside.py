"""Maps with the batch inside: (G, C, H, W, R) in place of torch's (B, C, H, W), for convolutions on processors.

In bfloat16 oneDNN computes a convolution over rows of up to 32 neighbours. The rows of small maps are 4 to 16 places
long, so that most of its work would be on padding. With R images of the batch as a third, innermost dimension of space,
along which kernels are one place wide, each row is R places long. In float32 torch's own layout is the quicker one.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

_ROW = 64
"""Images in a row: with 32, the paper's layers took 7 % longer; a step that decodes 128 images splits them here."""


def row_length(batch: int) -> int:
    """Return R, how many images of a batch lie in a row."""
    return batch if batch % _ROW else _ROW


def is_quicker_inside(device: torch.device) -> bool:
    """Return whether maps should have the batch inside: on a processor, under autocast."""
    return device.type == "cpu" and torch.is_autocast_enabled("cpu")


def has_batch_inside(maps: Tensor) -> bool:
    """Return whether maps are (G, C, H, W, R) rather than (B, C, H, W)."""
    return maps.ndim == 5  # noqa: PLR2004 (the one layout that has five)


def move_batch_inside(maps: Tensor) -> Tensor:
    """Turn maps (B, C, H, W) into (G, C, H, W, R), whose memory is laid out as (G, H, W, R, C).

    Image b becomes image b % R of group b // R; there is one group if B is no multiple of the usual R.
    """
    rows = maps.reshape(-1, row_length(len(maps)), *maps.shape[1:])
    return rows.permute(0, 3, 4, 1, 2).contiguous().permute(0, 4, 1, 2, 3)


def move_batch_first(maps: Tensor) -> Tensor:
    """Turn maps (G, C, H, W, R) into (B, C, H, W): the inverse of `move_batch_inside`."""
    return maps.permute(0, 4, 1, 2, 3).flatten(0, 1)


def split_batch(maps: Tensor, sizes: list[int]) -> list[Tensor]:
    """Split maps of either layout into batches of these sizes, as `torch.split` does; views where rows allow it."""
    row = maps.shape[-1] if has_batch_inside(maps) else 1
    if any(size % row for size in sizes):
        return [move_batch_inside(part) for part in torch.split(move_batch_first(maps), sizes)]
    return list(torch.split(maps, [size // row for size in sizes]))


def widen_kernels(weight: Tensor) -> Tensor:
    """Turn kernels (A, C, h, w) into those for maps with the batch inside, (A, C, h, w, 1)."""
    return weight.permute(0, 2, 3, 1).unsqueeze(3).permute(0, 4, 1, 2, 3)


def convolve(maps: Tensor, weight: Tensor, bias: Tensor, *, stride: int = 1, padding: int = 0) -> Tensor:
    """Convolve maps of either layout with kernels (A, C, h, w); the result has the layout of the maps."""
    if has_batch_inside(maps):
        strides, paddings = (stride, stride, 1), (padding, padding, 0)
        return functional.conv3d(maps, widen_kernels(weight), bias, strides, paddings)
    return functional.conv2d(maps, weight, bias, stride, padding)


class FlattenMaps(nn.Module):
    """Maps (B, C, H, W), or the same with the batch inside, to vectors (B, C * H * W)."""

    def forward(self, maps: Tensor) -> Tensor:
        """Return the vectors."""
        return (move_batch_first(maps) if has_batch_inside(maps) else maps).flatten(1)


class UnflattenMaps(nn.Module):
    """Vectors (B, C * side * side) to maps (B, C, side, side), with the batch inside where that is quicker.

    Args:
        channels: C.
        side: Height and width of the maps.
    """

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.channels, self.side = channels, side

    def forward(self, vectors: Tensor) -> Tensor:
        """Return the maps."""
        maps = vectors.reshape(-1, self.channels, self.side, self.side)
        return move_batch_inside(maps) if is_quicker_inside(maps.device) else maps
