"""Annealed VAE: the KL divergence is held at a capacity that rises during training."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.core.bounds import check_weight
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.vae import Encoded, Terms, kl
from detaux.disentangle.vae_method import VaeMethod

_RISE_SHARE = 1 / 3


@disentanglers.register(
    "annealed_vae",
    summary="variational autoencoder whose KL divergence is held at a capacity that rises during training",
    source="Burgess et al. 2018, arXiv:1804.03599; settings of Locatello et al. 2019, arXiv:1811.12359",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class AnnealedVAE(VaeMethod):
    """Minimises reconstruction + strength * gamma * |KL(q(z|x) || N(0, 1)) - capacity|.

    Source: Burgess et al. 2018, equation 8; Locatello et al. 2019 reach the full capacity after 100,000 of 300,000
    steps, with gamma 1,000, and their grid of c_max is 5, 10, 25, 50, 75, 100. Differs in: see `vae_objective`.
    """

    gamma: float = 1000.0
    """Weight of the distance to the capacity at strength 1, at least 0."""
    c_max: float = 25.0
    """The last capacity, in nats an image, at least 0."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        VaeMethod.__post_init__(self)
        check_weight("gamma", self.gamma)
        check_weight("c_max", self.c_max)

    def capacity(self, time: float) -> float:
        """Return the capacity at a time in [0, 1], in nats: from 0 to `c_max` in the first third, then constant."""
        return self.c_max * min(1.0, time / _RISE_SHARE)

    def _terms(self, encoded: Encoded, time: float) -> Terms:
        return {"from_capacity": (self.gamma, (kl(encoded.posterior) - self.capacity(time)).abs())}
