"""A plain autoencoder of scalar latents: what a VAE is without its terms."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.disentangle.registry import disentanglers
from detaux.disentangle.vae import Encoded, Terms
from detaux.disentangle.vae_method import VaeMethod


@disentanglers.register(
    "vector_autoencoder",
    summary="the same net and images as the VAEs, trained to reconstruct and nothing else",
    source="this suite; equals every VAE, and the supervised methods, at strength 0 on the same images",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class VectorAutoencoder(VaeMethod):
    """Reconstruction alone: `beta_vae` at strength 0, weight for weight.

    So are `ada_gvae` and `ada_ml_vae` where their pairing is `independent`; with another they see other images.
    """

    strength: float = 0.0
    """Always 0."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If the strength is not 0, or another option is out of its range.
        """
        VaeMethod.__post_init__(self)
        if self.strength != 0:
            raise ValueError(
                f"strength of an autoencoder is 0, found {self.strength}; use beta_vae for others"
            )

    def _terms(self, encoded: Encoded, time: float) -> Terms:  # noqa: ARG002 - none
        return {}
