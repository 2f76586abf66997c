"""FactorVAE: the total correlation, as a discriminator sees it, weighs gamma."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from detaux.core.bounds import check_weight
from detaux.disentangle.base import StageOneData
from detaux.disentangle.discriminator import (
    Discriminator,
    DiscriminatorSizes,
    discrimination,
    total_correlation,
)
from detaux.disentangle.nets import PresetName
from detaux.disentangle.objective import Objective
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.vae import Encoded, Terms, kl, vae_objective
from detaux.disentangle.vector import VectorModel
from detaux.disentangle.vector_method import VectorMethod
from detaux.train.policy import Policy

_PUBLISHED = DiscriminatorSizes(layers=6, width=1000)
DISCRIMINATORS: Mapping[PresetName, DiscriminatorSizes] = MappingProxyType(
    {"paper": _PUBLISHED, "fast": DiscriminatorSizes(layers=3, width=256), "large_vector": _PUBLISHED}
)
"""Source of all but `fast`, which is ours: Kim and Mnih 2018, appendix A."""


@disentanglers.register(
    "factor_vae",
    summary="variational autoencoder whose total correlation, told by a discriminator, weighs gamma",
    source="Kim and Mnih 2018, arXiv:1802.05983; settings of Locatello et al. 2019, arXiv:1811.12359",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class FactorVAE(VectorMethod):
    """Minimises reconstruction + strength * (KL(q(z|x) || N(0, 1)) + gamma * total correlation of q(z)).

    Source: Kim and Mnih 2018, equation 2 and algorithm 2; the grid of Locatello et al. 2019 is 10, 20, 30, 40, 50,
    100, of which our default is the least. Differs in: see `vae_objective`; model and discriminator take their steps at
    once, by one Adam with the model's momentum (published: beta 0.5 and 0.9), each by the gradient of its own loss
    alone; the discriminator is shown the first half of a batch as it is, and the second half permuted, which is the
    paper's second batch.
    """

    gamma: float = 10.0
    """Weight of the total correlation at strength 1, at least 0."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        VectorMethod.__post_init__(self)
        check_weight("gamma", self.gamma)

    def _objective(
        self,
        model: VectorModel,
        data: StageOneData,
        pool: NDArray[np.int64],  # noqa: ARG002 - other objectives need it
        policy: Policy,
    ) -> Objective:
        discriminator = Discriminator(self.subspaces * self.latent_dim, DISCRIMINATORS[self.preset])
        discriminator.to(policy.device)
        values = math.prod(data.dataset.image_shape)
        return vae_objective(
            model,
            lambda encoded, _: self._terms(encoded, discriminator, values),
            strength=self.strength,
            policy=policy,
            beside=[discriminator],
        )

    def _terms(self, encoded: Encoded, discriminator: Discriminator, values: int) -> Terms:
        """Return the terms for images of V values; the discriminator's own loss is scaled by neither strength nor V."""
        return {
            "kl": (1.0, kl(encoded.posterior)),
            "total_correlation": (self.gamma, total_correlation(discriminator, encoded.codes)),
            "discrimination": (values / self.strength, discrimination(discriminator, encoded.codes)),
        }
