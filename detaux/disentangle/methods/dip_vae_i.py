"""DIP-VAE-I: the covariance of the means is drawn to the identity."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.disentangle.moments import covariance, dip_terms
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.vae import Encoded, Terms
from detaux.disentangle.vae_method import VaeMethod
from detaux.disentangle.weights import check_weight

_DIAGONAL = 10.0


@disentanglers.register(
    "dip_vae_i",
    summary="variational autoencoder whose means have a covariance near the identity",
    source="Kumar et al. 2018, arXiv:1711.00848, equation 6; settings of Locatello et al. 2019, arXiv:1811.12359",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class DIPVAEI(VaeMethod):
    """Minimises reconstruction + strength * (KL + lambda_od * off-diagonal^2 + lambda_d * (diagonal - 1)^2) of Cov[mu].

    Source: Kumar et al. 2018, equation 6; the grid of Locatello et al. 2019 is 1, 2, 5, 10, 20, 50, with lambda_d ten
    times lambda_od. Differs in: see `vae_objective`.
    """

    lambda_od: float = 10.0
    """Weight of the squares off the diagonal at strength 1, at least 0; those on it weigh ten times as much."""

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
            covariance(encoded.posterior.mean.flatten(1)),
            off_diagonal=self.lambda_od,
            diagonal=_DIAGONAL * self.lambda_od,
        )
