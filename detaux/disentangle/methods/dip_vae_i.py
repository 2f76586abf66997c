"""DIP-VAE-I: the covariance of the means is drawn to the identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from detaux.disentangle.dip_method import DipMethod
from detaux.disentangle.moments import covariance
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.vector import Posterior


@disentanglers.register(
    "dip_vae_i",
    summary="variational autoencoder whose means have a covariance near the identity",
    source="Kumar et al. 2018, arXiv:1711.00848, equation 6; settings of Locatello et al. 2019, arXiv:1811.12359",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class DIPVAEI(DipMethod):
    """Draws Cov[mu] to the identity, with lambda_d ten times lambda_od; see `DipMethod`.

    Source: Kumar et al. 2018, equation 6; Locatello et al. 2019.
    """

    diagonal_share: ClassVar[float] = 10.0

    def _covariance(self, posterior: Posterior) -> Tensor:
        return covariance(posterior.mean.flatten(1))
