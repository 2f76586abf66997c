"""beta-VAE: the KL divergence to the prior weighs beta."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.core.bounds import check_weight
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.vae import Encoded, Terms, kl
from detaux.disentangle.vae_method import VaeMethod


@disentanglers.register(
    "beta_vae",
    summary="variational autoencoder whose KL divergence to the prior weighs beta",
    source="Higgins et al. 2017, beta-VAE, ICLR; settings of Locatello et al. 2019, arXiv:1811.12359",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class BetaVAE(VaeMethod):
    """Minimises reconstruction + strength * beta * KL(q(z|x) || N(0, 1)).

    Source: Higgins et al. 2017, equation 4; the grid of Locatello et al. 2019 is 1, 2, 4, 6, 8, 16. Differs in: see
    `vae_objective`.
    """

    beta: float = 4.0
    """Weight of the KL divergence at strength 1, at least 0."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        VaeMethod.__post_init__(self)
        check_weight("beta", self.beta)

    def _terms(self, encoded: Encoded, time: float) -> Terms:  # noqa: ARG002 - others' terms
        return {"kl": (self.beta, kl(encoded.posterior))}
