"""4x4 convolutions between images and maps of half their size, on images packed so that three channels become twelve.

Processors and GPUs compute a convolution over three channels at a fraction of their speed. Packed, a ring of zeros
is laid around an image (the padding), and each 2x2 block of pixels becomes one place with 4 C channels: the 4x4
convolution of stride 2 is then a 2x2 convolution of stride 1, with the same weights and the same results.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from detaux.models.patches import merge_patches, split_patches

_KERNEL, _STRIDE, _PADDING = 4, 2, 1


def pack_padded(images: Tensor) -> Tensor:
    """Turn images (B, C, H, W) of even height and width into packed ones (B, 4 C, H / 2 + 1, W / 2 + 1)."""
    padded = functional.pad(images.permute(0, 2, 3, 1), (0, 0) + (_PADDING,) * 4)
    return merge_patches(padded, _STRIDE).permute(0, 3, 1, 2)


def unpack_padded(packed: Tensor) -> Tensor:
    """Turn packed images (B, 4 C, H / 2 + 1, W / 2 + 1) into images (B, C, H, W): the inverse of `pack_padded`."""
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

    def __init__(self, before: int, after: int) -> None:
        super().__init__(before, after, _KERNEL, stride=_STRIDE, padding=_PADDING)

    def forward(self, packed: Tensor) -> Tensor:  # the parent's name for it is `input`
        """Return maps (B, after, H / 2, W / 2) of packed images (B, 4 C, H / 2 + 1, W / 2 + 1)."""
        return functional.conv2d(packed, _pack_kernels(self.weight), self.bias)


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
        """Return packed images (B, 4 C, H + 1, W + 1) of maps (B, before, H, W)."""
        kernels = _pack_kernels(self.weight).transpose(0, 1).flip(2, 3)
        bias = self.bias.repeat(_STRIDE**2)
        packed = functional.conv2d(maps, kernels, bias, padding=_PADDING)
        return packed.mul_(self._inside(packed))

    def _inside(self, packed: Tensor) -> Tensor:
        """Return 1 for each place of a packed image that is a pixel, and 0 for the ring around it."""
        height, width = (_STRIDE * (side - 1) for side in packed.shape[2:])
        return pack_padded(packed.new_ones((1, self.out_channels, height, width)))
