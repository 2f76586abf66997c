"""A net that tells codes from codes with permuted latents, and the total correlation that it shows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

_SLOPE = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class DiscriminatorSizes:
    """Sizes of a `Discriminator`."""

    layers: int
    """Hidden layers, at least 1."""
    width: int
    """Units of each."""


class Discriminator(nn.Module):
    """A perceptron with leaky ReLU that gives the log odds that latents were drawn jointly, not each by itself.

    Args:
        num_latents: K * D.
        sizes: Of its layers.
    """

    def __init__(self, num_latents: int, sizes: DiscriminatorSizes) -> None:
        super().__init__()
        widths = [num_latents, *[sizes.width] * sizes.layers]
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [nn.Linear(before, after), nn.LeakyReLU(_SLOPE)]
        self.net = nn.Sequential(*layers, nn.Linear(sizes.width, 1))

    def forward(self, codes: Tensor) -> Tensor:
        """Return the log odds (B,) of codes (B, K, D), float32."""
        odds: Tensor = self.net(codes.flatten(1))
        return odds.squeeze(1)


def total_correlation(discriminator: Discriminator, codes: Tensor) -> Tensor:
    """Return the mean log odds (), in nats, of codes (B, K, D): their total correlation if the odds are right.

    A gradient passes to the codes, none to the discriminator.

    Source: Kim and Mnih 2018, arXiv:1802.05983, equation 3. Differs in: nothing.
    """
    frozen = {name: parameter.detach() for name, parameter in discriminator.named_parameters()}
    odds: Tensor = functional_call(discriminator, frozen, (codes,))
    return odds.mean()


def discrimination(discriminator: Discriminator, codes: Tensor) -> Tensor:
    """Return the discriminator's cross-entropy (), in nats: log 2 for one that cannot tell.

    A gradient passes to the discriminator, none to the codes.

    Args:
        discriminator: What is trained.
        codes: Two batches, (2B, K, D): the first is shown as it is, the second permuted.

    Source: Kim and Mnih 2018, arXiv:1802.05983, algorithm 2. Differs in: one logit, not the difference of two.
    """
    joint, other = codes.detach().chunk(2)
    odds = discriminator(torch.cat([joint, permuted(other)]))
    labels = torch.cat([torch.ones_like(odds[: len(joint)]), torch.zeros_like(odds[len(joint) :])])
    return functional.binary_cross_entropy_with_logits(odds, labels)


def permuted(codes: Tensor) -> Tensor:
    """Return codes (B, K, D), each subspace shuffled over the batch by a permutation of its own."""
    order = torch.rand(codes.shape[:2], device=codes.device).argsort(0)
    return codes.gather(0, order[..., None].expand_as(codes))
