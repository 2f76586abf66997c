"""The K projectors of stage one for latents that are maps, as one batched module."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

_LAYERS = 3


class MapProjectors(nn.Module):
    """K times three 1x1 convolutions of D channels with two ReLUs between, computed together.

    A 1x1 convolution is a linear layer at each place, so that all of them are batched products over B * h * w rows.
    Always in float32, also under autocast, as `Projectors` are.

    Args:
        num_subspaces: K, at least 1.
        latent_dim: D, the channels of a map, at least 1.

    Source: Skenderi et al. 2025 (Detaux), public code (`dis_large_model.py`). Differs in: one batched product in place
    of K layers.
    """

    def __init__(self, num_subspaces: int, latent_dim: int) -> None:
        super().__init__()
        # Of three axes each: with four, channels_last would turn them around.
        self.weights = nn.ParameterList(
            torch.empty(num_subspaces, latent_dim, latent_dim) for _ in range(_LAYERS)
        )
        self.biases = nn.ParameterList(torch.empty(num_subspaces, 1, latent_dim) for _ in range(_LAYERS))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weights and biases as torch's `Conv2d` does: uniform within 1 / sqrt(D) around 0."""
        bound = 1 / math.sqrt(self.weights[0].shape[-1])
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    @torch.no_grad()
    def swap(self, one: int, other: int) -> None:
        """Exchange two projectors, so that their codes change places."""
        for parameter in self.parameters():
            parameter[[one, other]] = parameter[[other, one]]

    def forward(self, latent: Tensor) -> Tensor:
        """Project a map into each subspace.

        Args:
            latent: Shape (B, D, h, w), any float type.

        Returns:
            Codes, shape (B, K, D * h * w), float32, any scale: a map's channels one after the other.
        """
        with torch.autocast(latent.device.type, enabled=False):
            rows = latent.float().permute(0, 2, 3, 1).reshape(-1, latent.shape[1])
            codes = rows.expand(len(self.weights[0]), -1, -1)
            for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
                codes = torch.baddbmm(bias, codes if layer == 0 else codes.relu(), weight)
            by_place = codes.view(len(codes), len(latent), -1, latent.shape[1])
            return by_place.permute(1, 0, 3, 2).flatten(2)
