"""Ada-ML-VAE: of latents that a pair shares, the densities are multiplied."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.disentangle.ada_method import AdaMethod
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.sharing import product
from detaux.disentangle.vector import Posterior


@disentanglers.register(
    "ada_ml_vae",
    summary="variational autoencoder on pairs; densities of latents that hardly differ in a pair are multiplied",
    source="Locatello et al. 2020, arXiv:2002.02886, section 4",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class AdaMLVAE(AdaMethod):
    """Both images of a pair get the product of their normal densities in the latents that they share.

    Differs in: see `product`.
    """

    def _merged(self, first: Posterior, second: Posterior) -> Posterior:
        return product(first, second)
