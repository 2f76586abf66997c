"""The model of product manifold projection: an autoencoder whose latent is a sum of K codes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from detaux.disentangle.model import Disentangler, check_sizes
from detaux.disentangle.nets import Net


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductArchitecture:
    """Sizes of a `ProductModel`.

    Raises:
        ValueError: If there are fewer than 2 subspaces or no latent dimension.
    """

    net: Net
    """Encoder and decoder."""
    subspaces: int
    """K, at least 2."""
    latent_dim: int
    """D, the size of one subspace's code; the channels of its maps where the net's latents are maps."""

    def __post_init__(self) -> None:
        check_sizes(self.subspaces, self.latent_dim)

    def build(self) -> ProductModel:
        """Return a model with fresh weights."""
        return ProductModel(self)


class ProductModel(Disentangler):
    """An autoencoder whose latent is the sum of K projections of one shared encoding.

    Where the net's latents are maps, codes are maps flattened: D below is then the latent dim times h * w.

    Args:
        architecture: Its sizes.

    Source: Fumero et al. 2021 (PMP), Section 4; Skenderi et al. 2025 (Detaux), Section 3.
    """

    def __init__(self, architecture: ProductArchitecture) -> None:
        super().__init__()
        self.architecture: ProductArchitecture = architecture
        self.encoder = architecture.net.encoder(architecture.latent_dim)
        self.projectors = architecture.net.projectors(architecture.subspaces, architecture.latent_dim)
        self.decoder = architecture.net.decoder(architecture.latent_dim)
        self.to(memory_format=torch.channels_last)

    def encode(self, images: Tensor) -> Tensor:
        """Return the codes (B, K, D), float32, of images (B, 3, H, W), float in [0, 1]."""
        return self.encode_packed(self.architecture.net.pack(images))

    def decode(self, codes: Tensor) -> Tensor:
        """Return the images (B, 3, H, W), not clamped, that codes (B, K, D) add up to; in autocast's type if on."""
        return self.architecture.net.unpack(self.decode_packed(codes))

    def put_first(self, subspace: int) -> None:
        """Exchange subspace 0 with another; the sum of the codes stays what it is."""
        self.projectors.swap(0, subspace)

    def encode_packed(self, packed: Tensor) -> Tensor:
        """Return the codes (B, K, D), float32, of images that the net has packed, shape (B, ...)."""
        codes: Tensor = self.projectors(self.encoder(packed))
        return codes

    def decode_packed(self, codes: Tensor) -> Tensor:
        """Return packed images (B, ...), not clamped, that codes (B, K, D) add up to; in autocast's type if on."""
        packed: Tensor = self.decoder(codes.sum(1))
        return packed
