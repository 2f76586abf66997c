"""Maps brought to the size of others."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, interpolate


def resized(maps: Tensor, like: Tensor) -> Tensor:
    """Return maps (B, C, h, w) in the height and width of others: averaged down, or each place repeated.

    Args:
        maps: (B, C, H, W).
        like: (B, any, h, w); either no larger than `maps` in both directions, or no smaller.
    """
    height, width = like.shape[2:]
    if height < maps.shape[2] or width < maps.shape[3]:
        return adaptive_avg_pool2d(maps, (height, width))
    return interpolate(maps, size=(height, width))
