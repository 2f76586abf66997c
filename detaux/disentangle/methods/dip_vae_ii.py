"""DIP-VAE-II: the covariance of the codes, their noise included, is drawn to the identity."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from detaux.disentangle.moments import covariance, dip_terms
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.vae import Encoded, Terms
from detaux.disentangle.vae_method import VaeMethod
from detaux.disentangle.vector import Posterior
from detaux.disentangle.weights import check_weight


@disentanglers.register(
    "dip_vae_ii",
    summary="variational autoencoder whose codes, noise included, have a covariance near the identity",
    source="Kumar et al. 2018, arXiv:1711.00848, equation 7; settings of Locatello et al. 2019, arXiv:1811.12359",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class DIPVAEII(VaeMethod):
    """Minimises reconstruction + strength * (KL + lambda_od * off-diagonal^2 + lambda_d * (diagonal - 1)^2) of Cov[z].

    Source: Kumar et al. 2018, equation 7; the grid of Locatello et al. 2019 is 1, 2, 5, 10, 20, 50, with lambda_d equal
    to lambda_od. Differs in: see `vae_objective`.
    """

    lambda_od: float = 10.0
    """Weight of the squares off and on the diagonal at strength 1, at least 0."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        VaeMethod.__post_init__(self)
        check_weight("lambda_od", self.lambda_od)

    def _terms(self, encoded: Encoded, time: float, num_images: int) -> Terms:  # noqa: ARG002 - others' terms
        return dip_terms(
            encoded.posterior,
            total_covariance(encoded.posterior),
            off_diagonal=self.lambda_od,
            diagonal=self.lambda_od,
        )


def total_covariance(posterior: Posterior) -> Tensor:
    """Return the covariance (K * D, K * D) of codes drawn from a batch's posteriors: E[Sigma] + Cov[mean]."""
    variance = posterior.log_variance.exp().flatten(1).mean(0)
    return variance.diag() + covariance(posterior.mean.flatten(1))
