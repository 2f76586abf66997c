"""Disentanglers whose latent is one vector: their model, their training, and images drawn without pairs."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.data.dataset import Dataset
from detaux.data.pairing.independent import IndependentPairing
from detaux.data.pairs import PairSampler
from detaux.disentangle.nets import Net, PresetName
from detaux.disentangle.trained_method import TrainedMethod
from detaux.disentangle.training import Training
from detaux.disentangle.vector import VectorArchitecture, VectorModel

_PUBLISHED = Training(pairs=32, length=300_000, length_unit="steps", learning_rate=1e-4)
VECTOR_TRAININGS: Mapping[PresetName, Training] = MappingProxyType(
    {
        "paper": _PUBLISHED,
        "fast": Training(
            pairs=32, length=4000, length_unit="steps", learning_rate=2e-3, schedule="one_cycle"
        ),
        "large_vector": _PUBLISHED,
    }
)
"""Of the presets whose latents are vectors.

Source of all but `fast`: Locatello et al. 2019, arXiv:1811.12359, appendix: 300,000 steps of 64 images, Adam at 1e-4.
"""


def vector_architecture(net: Net, subspaces: int, latent_dim: int = 1) -> VectorArchitecture:
    """Return the sizes of a model of K * D latents whose pixels are Bernoulli, as published VAEs have them."""
    return VectorArchitecture(net=net, subspaces=subspaces, latent_dim=latent_dim, bernoulli=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class VectorMethod(TrainedMethod[VectorModel], ABC):
    """Training of a `VectorModel` on images drawn independently of each other."""

    def _training(self) -> Training:
        return VECTOR_TRAININGS[self.preset]

    def _architecture(self, net: Net) -> VectorArchitecture:
        return vector_architecture(net, self.subspaces, self.latent_dim)

    @property
    def latent_dim(self) -> int:
        """D: latents are scalars, each a subspace of its own."""
        return 1

    def _sampler(
        self,
        dataset: Dataset,
        pool: NDArray[np.int64],
        labels: NDArray[np.int64],
        principal: Sequence[str],
        device: torch.device | str,
    ) -> PairSampler:
        return IndependentPairing().sampler(
            dataset, pool, labels, principal=principal, principal_change_rate=0.5, device=device
        )
