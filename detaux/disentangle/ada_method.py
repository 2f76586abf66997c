"""Variational autoencoders that learn from pairs, and find out by themselves what a pair shares."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.bounds import check_weight
from detaux.disentangle.base import StageOneData
from detaux.disentangle.nets import Net
from detaux.disentangle.objective import Objective
from detaux.disentangle.pair_method import PairMethod
from detaux.disentangle.sharing import share
from detaux.disentangle.training import Training
from detaux.disentangle.vae import kl, vae_objective
from detaux.disentangle.vector import Posterior, VectorArchitecture, VectorModel
from detaux.disentangle.vector_method import VECTOR_TRAININGS, vector_architecture
from detaux.train.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class AdaMethod(PairMethod[VectorModel], ABC):
    """Minimises reconstruction + strength * beta * KL(q || N(0, 1)), where pairs share part of q.

    Source: Locatello et al. 2020, arXiv:2002.02886, section 4; its grid of beta is 1, 2, 4, 6, 8, 16. Differs in: see
    `vae_objective`; pairs are drawn as the options say, and `auto` changes a principal factor in half of them; a step
    sees 32 pairs.
    """

    beta: float = 1.0
    """Weight of the KL divergence at strength 1, at least 0."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        PairMethod.__post_init__(self)
        check_weight("beta", self.beta)

    @property
    def latent_dim(self) -> int:
        """D: latents are scalars, each a subspace of its own."""
        return 1

    @abstractmethod
    def _merged(self, first: Posterior, second: Posterior) -> Posterior:
        """Return what takes the place of both images' posteriors (B, K, 1) in the latents that they share."""

    def _training(self) -> Training:
        return VECTOR_TRAININGS[self.preset]

    def _architecture(self, net: Net) -> VectorArchitecture:
        return vector_architecture(net, self.subspaces, self.latent_dim)

    def _objective(
        self,
        model: VectorModel,
        data: StageOneData,  # noqa: ARG002 - other objectives need it
        pool: NDArray[np.int64],  # noqa: ARG002 - as above
        policy: Policy,
    ) -> Objective:
        return vae_objective(
            model,
            lambda encoded, _: {"kl": (self.beta, kl(encoded.posterior))},
            strength=self.strength,
            policy=policy,
            share=lambda posterior: share(posterior, self._merged),
        )
