"""Disentanglers that are variational autoencoders: one term or another added to the evidence lower bound."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detaux.disentangle.base import StageOneData
from detaux.disentangle.objective import Objective
from detaux.disentangle.vae import Encoded, Terms, vae_objective
from detaux.disentangle.vector import VectorModel
from detaux.disentangle.vector_method import VectorMethod
from detaux.train.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class VaeMethod(VectorMethod, ABC):
    """Training of a `VectorModel` by reconstruction and the terms of one method; K latents are K subspaces."""

    @abstractmethod
    def _terms(self, encoded: Encoded, time: float) -> Terms:
        """Return the terms of a batch at a time in [0, 1], the share of training done."""

    def _objective(
        self,
        model: VectorModel,
        data: StageOneData,  # noqa: ARG002 - other objectives need it
        pool: NDArray[np.int64],  # noqa: ARG002 - as above
        policy: Policy,
    ) -> Objective:
        return vae_objective(model, self._terms, strength=self.strength, policy=policy)
