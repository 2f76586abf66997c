"""Square patches of channels-last maps, merged into one place each and split again."""

from __future__ import annotations

import torch
from torch import Tensor


def merge_patches(maps: Tensor, side: int) -> Tensor:
    """Turn maps (B, H, W, C) into (B, H / side, W / side, side * side * C): a patch becomes a place."""
    batch, height, width, channels = maps.shape
    rows = maps.reshape(batch, height // side, side, width // side, side * channels).unbind(2)
    # Rows of patches one after the other: torch copies many short runs in step faster than it walks over patches.
    return torch.stack(rows, dim=3).flatten(3)


def split_patches(maps: Tensor, side: int) -> Tensor:
    """Turn maps (B, H, W, side * side * C) into (B, H * side, W * side, C): the inverse of `merge_patches`."""
    batch, height, width, channels = maps.shape
    patches = maps.reshape(batch, height, width, side, channels // side)
    return patches.transpose(2, 3).reshape(batch, height * side, width * side, -1)
