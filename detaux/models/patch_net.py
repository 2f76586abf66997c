"""An autoencoder of patches: quick on processors, since all of it is matrix products on channels-last maps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn

from detaux.models.patches import merge_patches, split_patches
from detaux.models.projectors import Projectors

_PATCH, _MERGE, _SMALLEST_MAP = 4, 2, 4
_CHANNELS = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class PatchNet:
    """An encoder and its mirrored decoder: non-overlapping 4x4, then 2x2 patches, then fully connected layers.

    Each step is a convolution whose stride is its kernel, then LayerNorm over channels and SiLU.
    """

    widths: tuple[int, ...]
    """Channels after each step of the encoder; the decoder runs them backwards. The last map is 4x4."""
    hidden: int
    """Width of the layer between the last map and the latent, on either side."""

    def __post_init__(self) -> None:
        """Check the widths.

        Raises:
            ValueError: If there is no step, or a width is not positive.
        """
        if not self.widths or min(*self.widths, self.hidden) < 1:
            raise ValueError(f"widths must be positive and at least one, but the net is {self}")

    @property
    def image_size(self) -> int:
        """Height and width of the images, in pixels."""
        return _SMALLEST_MAP * _PATCH << (len(self.widths) - 1)

    def encoder(self, latent_dim: int) -> nn.Sequential:
        """Return a fresh module from packed images (B, H / 4, W / 4, 48) in [0, 1] to latents (B, D) of any scale."""
        layers = _step(_CHANNELS * _PATCH**2, self.widths[0])
        for before, after in pairwise(self.widths):
            layers += [MergePatches(_MERGE), *_step(before * _MERGE**2, after)]
        last = [nn.Linear(self._flat, self.hidden), nn.SiLU(), nn.Linear(self.hidden, latent_dim)]
        return nn.Sequential(*layers, nn.Flatten(), *last)

    def decoder(self, latent_dim: int) -> nn.Sequential:
        """Return a fresh module from latents (B, D) to packed images (B, H / 4, W / 4, 48), not clamped to [0, 1]."""
        layers: list[nn.Module] = [nn.Linear(latent_dim, self.hidden), nn.SiLU()]
        layers += [nn.Linear(self.hidden, self._flat), nn.SiLU()]
        layers.append(nn.Unflatten(1, (_SMALLEST_MAP, _SMALLEST_MAP, self.widths[-1])))
        for before, after in pairwise(self.widths[::-1]):
            layers += [
                nn.Linear(before, after * _MERGE**2),
                SplitPatches(_MERGE),
                nn.LayerNorm(after),
                nn.SiLU(),
            ]
        return nn.Sequential(*layers, nn.Linear(self.widths[0], _CHANNELS * _PATCH**2))

    def projectors(self, num_subspaces: int, latent_dim: int) -> Projectors:
        """Return fresh projectors from latents (B, D) to codes (B, K, D)."""
        return Projectors(num_subspaces, latent_dim)

    def pack(self, images: Tensor) -> Tensor:
        """Return images (B, 3, H, W) as the encoder takes them: a patch a place, (B, H / 4, W / 4, 48)."""
        return merge_patches(images.permute(0, 2, 3, 1), _PATCH)

    def unpack(self, packed: Tensor) -> Tensor:
        """Return what the decoder gives as images (B, 3, H, W): the inverse of `pack`."""
        return split_patches(packed, _PATCH).permute(0, 3, 1, 2)

    @property
    def _flat(self) -> int:
        return self.widths[-1] * _SMALLEST_MAP**2


def patch_net(image_size: int) -> PatchNet:
    """Return the net of the quick preset: 64 channels, but half of that on the largest of several maps.

    Args:
        image_size: Height and width, 16 times a power of two.

    Raises:
        ValueError: If the image size is another.
    """
    steps = (image_size // (_PATCH * _SMALLEST_MAP)).bit_length()
    if steps < 1 or image_size != _PATCH * _SMALLEST_MAP << (steps - 1):
        raise ValueError(f"image size must be 16, 32, 64 or another power of two, but is {image_size}")
    return PatchNet(widths=(32, *(64,) * (steps - 1)) if steps > 1 else (64,), hidden=256)


def _step(before: int, after: int) -> list[nn.Module]:
    return [nn.Linear(before, after), nn.LayerNorm(after), nn.SiLU()]


class MergePatches(nn.Module):
    """`merge_patches` as a module.

    Args:
        side: Rows and columns of a patch; divides H and W.
    """

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side

    def forward(self, maps: Tensor) -> Tensor:
        """Return the merged maps."""
        return merge_patches(maps, self.side)


class SplitPatches(nn.Module):
    """`split_patches` as a module.

    Args:
        side: Rows and columns of a patch.
    """

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side

    def forward(self, maps: Tensor) -> Tensor:
        """Return the split maps."""
        return split_patches(maps, self.side)
