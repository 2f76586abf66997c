"""The DIP-VAEs: a covariance of the codes is drawn to the identity."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from detaux.core.bounds import check_weight
from detaux.disentangle.moments import squared_from_one, squared_off_diagonal
from detaux.disentangle.vae import Encoded, Terms, kl
from detaux.disentangle.vae_method import VaeMethod
from detaux.disentangle.vector import Posterior


@dataclass(frozen=True, kw_only=True, slots=True)
class DipMethod(VaeMethod, ABC):
    """Minimises reconstruction + strength * (KL + lambda_od * off-diagonal^2 + lambda_d * (diagonal - 1)^2).

    Source: Kumar et al. 2018, arXiv:1711.00848; the grid of lambda_od of Locatello et al. 2019 is 1, 2, 5, 10, 20, 50.
    Differs in: see `vae_objective`.
    """

    diagonal_share: ClassVar[float]
    """lambda_d over lambda_od."""

    lambda_od: float = 10.0
    """Weight of the squares off the diagonal at strength 1, at least 0; that of those on it follows from it."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        VaeMethod.__post_init__(self)
        check_weight("lambda_od", self.lambda_od)

    @abstractmethod
    def _covariance(self, posterior: Posterior) -> Tensor:
        """Return the covariance (K * D, K * D) that is drawn to the identity, of a batch's posteriors."""

    def _terms(self, encoded: Encoded, time: float) -> Terms:  # noqa: ARG002 - others' terms
        covariance = self._covariance(encoded.posterior)
        return {
            "kl": (1.0, kl(encoded.posterior)),
            "off_diagonal": (self.lambda_od, squared_off_diagonal(covariance)),
            "diagonal": (self.diagonal_share * self.lambda_od, squared_from_one(covariance)),
        }
