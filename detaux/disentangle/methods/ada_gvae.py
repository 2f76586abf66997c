"""Ada-GVAE: latents that a pair shares are averaged."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.disentangle.ada_method import AdaMethod
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.sharing import average
from detaux.disentangle.vector import Posterior


@disentanglers.register(
    "ada_gvae",
    summary="variational autoencoder on pairs; latents that hardly differ in a pair are averaged",
    source="Locatello et al. 2020, arXiv:2002.02886, section 4",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class AdaGVAE(AdaMethod):
    """Both images of a pair get the average of their means and of their variances in the latents that they share."""

    def _merged(self, first: Posterior, second: Posterior) -> Posterior:
        return average(first, second)
