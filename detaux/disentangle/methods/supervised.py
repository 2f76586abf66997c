"""Features of the principal classifier: what a subspace holds that is trained for the principal task alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from detaux.disentangle.base import StageOneData
from detaux.disentangle.batches import Batch
from detaux.disentangle.objective import Objective
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.supervision import SupervisedMethod, supervised_objective
from detaux.disentangle.vector import VectorModel
from detaux.train.policy import Policy


@disentanglers.register(
    "supervised",
    summary="features of a classifier of the principal task, cut into subspaces; a control that disentangles nothing",
    source="this suite",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Supervised(SupervisedMethod):
    """A linear head on all K * D numbers tells the principal class; the principal labels of all training images are read.

    Minimises its cross-entropy, in nats an image; see `supervised_objective` for what `strength` shares out. Strength 0
    is `vector_autoencoder`, weight for weight.
    """

    def _objective(
        self, model: VectorModel, data: StageOneData, pool: NDArray[np.int64], policy: Policy
    ) -> Objective:
        head = nn.Linear(self.subspaces * self.latent_dim, int(data.labels[pool].max()) + 1).to(policy.device)

        def classify(codes: Tensor, batch: Batch) -> tuple[Tensor, Mapping[str, Tensor]]:
            cross_entropy = functional.cross_entropy(head(codes.flatten(1)), batch.labels)
            return cross_entropy, {"cross_entropy": cross_entropy}

        return supervised_objective(
            model,
            classify,
            strength=self.strength,
            policy=policy,
            beside=(head,),
        )
