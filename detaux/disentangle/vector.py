"""The model of VAEs and classifiers: one vector of K * D numbers, cut into K subspaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from detaux.disentangle.model import Disentangler, check_sizes
from detaux.disentangle.nets import Net


@dataclass(frozen=True, kw_only=True, slots=True)
class VectorArchitecture:
    """Sizes of a `VectorModel`.

    Raises:
        ValueError: If there are fewer than 2 subspaces or no latent dimension.
    """

    net: Net
    """Encoder and decoder."""
    subspaces: int
    """K, at least 2."""
    latent_dim: int
    """D, the size of one subspace's code; 1 for methods whose latents are scalars."""
    bernoulli: bool = False
    """Whether the decoder gives logits of pixel intensities, where else it gives the intensities themselves."""

    def __post_init__(self) -> None:
        check_sizes(self.subspaces, self.latent_dim)

    def build(self) -> VectorModel:
        """Return a model with fresh weights."""
        return VectorModel(self)


class Posterior(NamedTuple):
    """Normal distributions of codes, one a coordinate."""

    mean: Tensor
    """Shape (B, K, D), float32."""
    log_variance: Tensor
    """Shape (B, K, D), float32."""


class VectorModel(Disentangler):
    """An autoencoder whose encoder gives mean and log-variance of each latent; codes are the means.

    Weights drawn are the same whether the log-variances are used or not, so that a VAE without its terms is the plain
    autoencoder, weight for weight.

    Args:
        architecture: Its sizes.
    """

    def __init__(self, architecture: VectorArchitecture) -> None:
        super().__init__()
        self.architecture: VectorArchitecture = architecture
        width = architecture.subspaces * architecture.latent_dim
        self.encoder = architecture.net.encoder(2 * width)
        self.decoder = architecture.net.decoder(width)
        self.register_buffer("order", torch.arange(architecture.subspaces))
        self.order: Tensor
        self.to(memory_format=torch.channels_last)

    def encode(self, images: Tensor) -> Tensor:
        """Return the means (B, K, D), float32, of images (B, 3, H, W), float in [0, 1]."""
        return self.posterior(images).mean

    def posterior(self, images: Tensor) -> Posterior:
        """Return the distributions of the codes of images (B, 3, H, W), float in [0, 1]."""
        architecture = self.architecture
        both: Tensor = self.encoder(architecture.net.pack(images)).float()
        halves = both.view(len(images), 2, architecture.subspaces, architecture.latent_dim)
        return Posterior(*halves[:, :, self.order].unbind(1))

    def decode(self, codes: Tensor) -> Tensor:
        """Return the images (B, 3, H, W), not clamped, of codes (B, K, D); in autocast's type if on."""
        decoded = self.decode_raw(codes)
        return decoded.sigmoid() if self.architecture.bernoulli else decoded

    def decode_raw(self, codes: Tensor) -> Tensor:
        """Return what the decoder gives, (B, 3, H, W): intensities, or logits of them."""
        packed: Tensor = self.decoder(codes[:, self.order.argsort()].flatten(1))
        return self.architecture.net.unpack(packed)

    def put_first(self, subspace: int) -> None:
        """Exchange subspace 0 with another; the order is kept beside the weights."""
        order = self.order.clone()
        order[0], order[subspace] = self.order[subspace], self.order[0]
        self.order.copy_(order)
