"""A convolution that halves maps of either layout."""

from __future__ import annotations

from torch import Tensor, nn

from detaux.models.batch_inside import convolve

_KERNEL, _STRIDE, _PADDING = 4, 2, 1


class DownConvolution(nn.Conv2d):
    """A 4x4 convolution of stride 2; equal to torch's, with the same weights and start.

    Args:
        before: Channels of the input.
        after: Channels of the output.
    """

    bias: Tensor

    def __init__(self, before: int, after: int) -> None:
        super().__init__(before, after, _KERNEL, stride=_STRIDE, padding=_PADDING)

    def forward(self, maps: Tensor) -> Tensor:  # the parent's name for it is `input`
        """Return maps (B, after, H / 2, W / 2) of maps (B, before, H, W), or the same with the batch inside."""
        return convolve(maps, self.weight, self.bias, stride=_STRIDE, padding=_PADDING)
