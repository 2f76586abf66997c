"""The K projectors of stage one as one batched module."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Projectors(nn.Module):
    """K two-layer perceptrons `Linear(D, D) ReLU Linear(D, D)`, computed together.

    Always in float32, also under autocast: the D numbers of a code are too few to gain from less, and the
    oracle tells tiny differences of codes apart.

    Args:
        num_subspaces: K, at least 1.
        latent_dim: D, at least 1.

    Source: Fumero et al. 2021 (PMP), Section 4. Differs in: one batched product in place of K layers.
    """

    def __init__(self, num_subspaces: int, latent_dim: int) -> None:
        super().__init__()
        self.weight_in = nn.Parameter(torch.empty(num_subspaces, latent_dim, latent_dim))
        self.bias_in = nn.Parameter(torch.empty(num_subspaces, 1, latent_dim))
        self.weight_out = nn.Parameter(torch.empty(num_subspaces, latent_dim, latent_dim))
        self.bias_out = nn.Parameter(torch.empty(num_subspaces, 1, latent_dim))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weights and biases as torch's `Linear` does: uniform within 1 / sqrt(D) around 0."""
        bound = 1 / math.sqrt(self.weight_in.shape[-1])
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    @torch.no_grad()
    def swap(self, one: int, other: int) -> None:
        """Exchange two projectors, so that their codes change places."""
        for parameter in self.parameters():
            parameter[[one, other]] = parameter[[other, one]]

    def forward(self, latent: Tensor) -> Tensor:
        """Project a latent into each subspace.

        Args:
            latent: Shape (B, D), any float type.

        Returns:
            Codes, shape (B, K, D), float32, any scale; a view whose memory is laid out as (K, B, D).
        """
        with torch.autocast(latent.device.type, enabled=False):
            shared = latent.float().expand(len(self.weight_in), -1, -1)
            hidden = torch.baddbmm(self.bias_in, shared, self.weight_in).relu()
            return torch.baddbmm(self.bias_out, hidden, self.weight_out).transpose(0, 1)
