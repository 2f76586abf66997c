"""Product manifold projection: its options, its model and its loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.core.bounds import check_range
from detaux.disentangle.base import StageOneData
from detaux.disentangle.bounds import MOST_DIMENSIONS
from detaux.disentangle.nets import Net
from detaux.disentangle.objective import Objective
from detaux.disentangle.pair_method import PairMethod
from detaux.disentangle.presets import PRESETS
from detaux.disentangle.product import ProductArchitecture, ProductModel
from detaux.disentangle.product_objective import ProductObjective
from detaux.disentangle.training import Training
from detaux.train.policy import Policy

_MOST_WEIGHTS = 1 << 27


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductMethod(PairMethod[ProductModel]):
    """Training of a `ProductModel` on pairs: which subspace carries which change."""

    latent_dim: int = 10
    """D, 1 to 65,536; where latents are maps, their channels: a code then has D * h * w numbers."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If one is out of its range.
        """
        PairMethod.__post_init__(self)
        check_range("latent_dim", self.latent_dim, 1, MOST_DIMENSIONS)
        if self.subspaces * self.latent_dim**2 > _MOST_WEIGHTS:
            raise ValueError(
                f"{self.subspaces} subspaces of {self.latent_dim} dimensions need more than {_MOST_WEIGHTS:,} weights a "
                "layer of projectors; lower latent_dim or subspaces"
            )

    def _training(self) -> Training:
        return PRESETS[self.preset].training

    def _mixtures_per_pair(self) -> int:
        return PRESETS[self.preset].mixtures_per_pair

    def _takes_maps(self) -> bool:
        return True

    def _architecture(self, net: Net) -> ProductArchitecture:
        return ProductArchitecture(net=net, subspaces=self.subspaces, latent_dim=self.latent_dim)

    def _learns_usage(self) -> bool:
        """Say whether the regularisation term passes a gradient."""
        return True

    def _objective(
        self,
        model: ProductModel,
        data: StageOneData,  # noqa: ARG002 - other objectives need it
        pool: NDArray[np.int64],  # noqa: ARG002 - as above
        policy: Policy,
    ) -> Objective:
        preset = PRESETS[self.preset]
        objective = ProductObjective(
            weights=preset.weights,
            strength=self.strength,
            learn_usage=self._learns_usage(),
            forced=self._owns_subspace_0(),
        )
        return Objective(lambda batch, time: objective.losses(model, batch, preset.ramps.at(time), policy))
