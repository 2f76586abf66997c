"""A ResNet-18 autoencoder of stage one, for square images of 32, 64, 96 ... pixels: the paper's large model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from torch import Tensor, nn

from detaux.models.map_projectors import MapProjectors
from detaux.models.projectors import Projectors
from detaux.models.residual_blocks import narrowing_stage, widening_stage

_SHRINKAGE = 32
_CHANNELS = 3

Latents = Literal["map", "vector"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ResNetNet:
    """A ResNet-18 without its classifier, and its mirror image, whose stages end in upsampling.

    Batch norm takes its statistics from the batch in training, which counts the images and the decoded mixtures as
    two batches of the encoder, and from running means of both in eval mode: codes of an image are then its own.

    Source: Skenderi et al. 2025 (Detaux), public code (`resnet_ae.py`, on He et al. 2016, arXiv:1512.03385, Table 1).
    Differs in: the decoder has the encoder's blocks and nearest-neighbour upsampling, where theirs has batch norm ahead
    of each convolution and transposed convolutions; vectors come from the mean of the map, where theirs come from the
    whole of it; image sizes other than 224 (maps) and 64 (vectors) are ours.
    """

    image_size: int
    """Height and width of the images, in pixels; a multiple of 32."""
    latents: Latents
    """Whether latents are maps of D channels, 7x7 at 224 pixels, 2x2 at 64 and 1x1 at 32, or vectors of D numbers."""
    widths: tuple[int, int, int] = (64, 128, 256)
    """Channels of the first three stages, of which the first is the stem's too; the last stage has as many as latents."""

    def __post_init__(self) -> None:
        """Check the sizes.

        Raises:
            ValueError: If the image size is no multiple of 32, or a width is not positive.
        """
        if self.image_size < _SHRINKAGE or self.image_size % _SHRINKAGE:
            raise ValueError(f"image size must be 32, 64 or another multiple of 32, but is {self.image_size}")
        if min(self.widths) < 1:
            raise ValueError(f"widths must be positive, but the net is {self}")

    def encoder(self, latent_dim: int) -> nn.Sequential:
        """Return a fresh module from images (B, 3, H, W) to latents of any scale, maps (B, D, h, w) or vectors (B, D).

        Maps are not negative.
        """
        stem = nn.Conv2d(_CHANNELS, self.widths[0], 7, stride=2, padding=3, bias=False)
        layers = [stem, nn.BatchNorm2d(self.widths[0]), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
        layers.append(narrowing_stage(self.widths[0], self.widths[0], stride=1))
        for before, after in pairwise((*self.widths, latent_dim)):
            layers.append(narrowing_stage(before, after, stride=2))
        if self.latents == "vector":
            layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(latent_dim, latent_dim)]
        return nn.Sequential(*layers)

    def decoder(self, latent_dim: int) -> nn.Sequential:
        """Return a fresh module from latents to images (B, 3, H, W), not clamped.

        It takes maps as their channels one after the other, (B, D * h * w), and vectors as they are, (B, D).
        """
        layers: list[nn.Module] = []
        if self.latents == "vector":
            layers.append(nn.Linear(latent_dim, latent_dim * self._side**2))
        layers.append(nn.Unflatten(1, (latent_dim, self._side, self._side)))
        for before, after in pairwise((latent_dim, *self.widths[::-1], self.widths[0])):
            layers.append(widening_stage(before, after))
        last = nn.Conv2d(self.widths[0], _CHANNELS, 3, padding=1)
        return nn.Sequential(*layers, nn.UpsamplingNearest2d(scale_factor=2), last)

    def projectors(self, num_subspaces: int, latent_dim: int) -> Projectors | MapProjectors:
        """Return fresh projectors from the encoder's latents to codes (B, K, D), of maps (B, K, D * h * w)."""
        kind = MapProjectors if self.latents == "map" else Projectors
        return kind(num_subspaces, latent_dim)

    def pack(self, images: Tensor) -> Tensor:
        """Return images (B, 3, H, W) as the encoder takes them: as they are."""
        return images

    def unpack(self, packed: Tensor) -> Tensor:
        """Return what the decoder gives as images (B, 3, H, W): as it is."""
        return packed

    @property
    def _side(self) -> int:
        return self.image_size // _SHRINKAGE


def map_resnet(image_size: int) -> ResNetNet:
    """Return the ResNet-18 whose latents are maps, for an image size in pixels.

    Raises:
        ValueError: If it is no multiple of 32.
    """
    return ResNetNet(image_size=image_size, latents="map")


def vector_resnet(image_size: int) -> ResNetNet:
    """Return the ResNet-18 whose latents are vectors, for an image size in pixels.

    Raises:
        ValueError: If it is no multiple of 32.
    """
    return ResNetNet(image_size=image_size, latents="vector")
