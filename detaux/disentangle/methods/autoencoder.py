"""A plain autoencoder with the same net: what stage one is without its terms."""

from __future__ import annotations

from dataclasses import dataclass

from detaux.disentangle.product_method import ProductMethod
from detaux.disentangle.registry import disentanglers


@disentanglers.register(
    "autoencoder",
    summary="the same net and images as pmp and detaux, trained to reconstruct and nothing else",
    source="this suite; equals pmp and detaux at strength 0",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Autoencoder(ProductMethod):
    """Reconstruction alone: `pmp` at strength 0, weight for weight, and `detaux` as described.

    As released, `detaux` draws other images.
    """

    strength: float = 0.0
    """Always 0."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If the strength is not 0, or another option is out of its range.
        """
        ProductMethod.__post_init__(self)
        if self.strength != 0:
            raise ValueError(f"strength of an autoencoder is 0, found {self.strength}; use pmp for others")
