"""Convolutional encoders and decoders of stage one, for square images of 8, 16, 32, 64 ... pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn

from detaux.models.batch_inside import FlattenMaps, UnflattenMaps
from detaux.models.down_convolution import DownConvolution
from detaux.models.packed_convolution import (
    PackedConvolution,
    PackedUpConvolution,
    pack_padded,
    unpack_padded,
)
from detaux.models.projectors import Projectors
from detaux.models.relu import MapRelu
from detaux.models.up_convolution import UpConvolution

_SMALLEST_MAP = 4
_CHANNELS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class ConvNet:
    """An encoder and its mirrored decoder: 4x4 convolutions of stride 2, then fully connected layers, all with ReLU."""

    widths: tuple[int, ...]
    """Channels after each convolution of the encoder; the decoder runs them backwards. The last map is 4x4."""
    encoder_hidden: tuple[int, ...]
    """Widths of the layers between the last map and the latent."""
    decoder_hidden: tuple[int, ...]
    """Widths of the layers between the latent and the first map."""

    def __post_init__(self) -> None:
        """Check the widths.

        Raises:
            ValueError: If there is no convolution, or a width is not positive.
        """
        if not self.widths or min(*self.widths, *self.encoder_hidden, *self.decoder_hidden, 1) < 1:
            raise ValueError(f"widths must be positive and at least one, but the net is {self}")

    @property
    def image_size(self) -> int:
        """Height and width of the images, in pixels."""
        return _SMALLEST_MAP << len(self.widths)

    def encoder(self, latent_dim: int) -> nn.Sequential:
        """Return a fresh module from packed images (B, 12, H / 2 + 1, W / 2 + 1) to latents (B, D) of any scale."""
        layers: list[nn.Module] = [PackedConvolution(_CHANNELS, self.widths[0]), MapRelu()]
        for before, after in pairwise(self.widths):
            layers += [DownConvolution(before, after), MapRelu()]
        return nn.Sequential(
            *layers, FlattenMaps(), *self._dense((self._flat, *self.encoder_hidden, latent_dim))
        )

    def decoder(self, latent_dim: int) -> nn.Sequential:
        """Return a fresh module from latents (B, D) to packed images (B, 12, H / 2 + 1, W / 2 + 1), not clamped."""
        layers: list[nn.Module] = [
            *self._dense((latent_dim, *self.decoder_hidden, self._flat)),
            nn.ReLU(inplace=True),
        ]
        layers.append(UnflattenMaps(self.widths[-1], _SMALLEST_MAP))
        for before, after in pairwise(self.widths[::-1]):
            layers += [UpConvolution(before, after), MapRelu()]
        return nn.Sequential(*layers, PackedUpConvolution(self.widths[0], _CHANNELS))

    def projectors(self, num_subspaces: int, latent_dim: int) -> Projectors:
        """Return fresh projectors from latents (B, D) to codes (B, K, D)."""
        return Projectors(num_subspaces, latent_dim)

    def pack(self, images: Tensor) -> Tensor:
        """Return images (B, 3, H, W) as the encoder takes them: packed by `pack_padded`."""
        return pack_padded(images)

    def unpack(self, packed: Tensor) -> Tensor:
        """Return what the decoder gives as images (B, 3, H, W): the inverse of `pack`."""
        return unpack_padded(packed)

    @property
    def _flat(self) -> int:
        return self.widths[-1] * _SMALLEST_MAP**2

    def _dense(self, widths: Sequence[int]) -> list[nn.Module]:
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [nn.Linear(before, after), nn.ReLU(inplace=True)]
        return layers[:-1]


def paper_net(image_size: int) -> ConvNet:
    """Return the paper's net: convolutions 32, 32, 64, 64 at 64 pixels; the first ones left out for smaller images.

    Args:
        image_size: Height and width, 4 times a power of two.

    Raises:
        ValueError: If the image size is another.

    Source: Skenderi et al. 2025 (Detaux), public code. Differs in: sizes other than 64 are ours.
    """
    depth = _depth(image_size)
    widths = (*(32,) * (depth - 2), *(64,) * min(depth, 2))
    return ConvNet(widths=widths, encoder_hidden=(256,), decoder_hidden=(256, 256))


def _depth(image_size: int) -> int:
    """Return how many times `image_size` halves down to 4."""
    depth = (image_size // _SMALLEST_MAP).bit_length() - 1
    if depth < 1 or image_size != _SMALLEST_MAP << depth:
        raise ValueError(f"image size must be 8, 16, 32, 64 or another power of two, but is {image_size}")
    return depth
