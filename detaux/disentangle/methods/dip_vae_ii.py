"""DIP-VAE-II: the covariance of the codes, their noise included, is drawn to the identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from detaux.disentangle.dip_method import DipMethod
from detaux.disentangle.moments import total_covariance
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.vector import Posterior


@disentanglers.register(
    "dip_vae_ii",
    summary="variational autoencoder whose codes, noise included, have a covariance near the identity",
    source="Kumar et al. 2018, arXiv:1711.00848, equation 7; settings of Locatello et al. 2019, arXiv:1811.12359",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class DIPVAEII(DipMethod):
    """Draws Cov[z] to the identity, with lambda_d equal to lambda_od; see `DipMethod`.

    Source: Kumar et al. 2018, equation 7; Locatello et al. 2019.
    """

    diagonal_share: ClassVar[float] = 1.0

    def _covariance(self, posterior: Posterior) -> Tensor:
        return total_covariance(posterior)
