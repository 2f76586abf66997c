"""Stages of a ResNet-18, and the same mirrored: two of torchvision's basic blocks, narrowing or widening maps."""

from __future__ import annotations

from torch import nn


def narrowing_stage(before: int, after: int, *, stride: int) -> nn.Sequential:
    """Return a fresh stage from maps (B, before, H, W) to maps (B, after, H / stride, W / stride), not negative.

    Source: He et al. 2016, arXiv:1512.03385, Table 1; torchvision. Differs in: weights start as torch draws them.
    """
    return nn.Sequential(_block(before, after, stride), _block(after, after))


def widening_stage(before: int, after: int) -> nn.Sequential:
    """Return a fresh stage from maps (B, before, H, W) to maps (B, after, 2 * H, 2 * W), not negative.

    Source: ours; a stage backwards, which repeats each place ahead of its last block.
    """
    return nn.Sequential(
        _block(before, before), nn.UpsamplingNearest2d(scale_factor=2), _block(before, after)
    )


def _block(before: int, after: int, stride: int = 1) -> nn.Module:
    """Return a basic block, with a projection beside it where it changes the maps' shape."""
    from torchvision.models.resnet import BasicBlock

    if before == after and stride == 1:
        beside = None
    else:
        beside = nn.Sequential(nn.Conv2d(before, after, 1, stride=stride, bias=False), nn.BatchNorm2d(after))
    block: nn.Module = BasicBlock(before, after, stride, beside)
    return block
