"""What tells the classes of a batch: labels that are there, or that are made with the batch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from detaux.learn.batch import Batch
from detaux.learn.update import Replay


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What a task wants told of a batch."""

    classes: Tensor
    """Class indices (M,), long, -1 where an image is left out; or shares of each class (M, classes), float."""
    images: Tensor | None = None
    """The images to be told (M, 3, H, W), float in [0, 1]; None where they are those of the batch."""


class Targets(nn.Module, ABC):
    """Gives a task's target of any batch; trained with the network where it has parameters."""

    @abstractmethod
    def forward(self, batch: Batch) -> Target:
        """Return the target of a batch; a function of the batch, the seed and the parameters alone."""

    def teach(self, replay: Replay, task: int) -> None:
        """Accumulate gradients into own parameters, before the step's losses are computed; most have none.

        Args:
            replay: Losses elsewhere, with their graph through these targets.
            task: Which of its losses is this task's.
        """


class FixedTargets(Targets):
    """A table of labels.

    Args:
        labels: Class index of each training image (N,), -1 where left out.
    """

    def __init__(self, labels: NDArray[np.int64]) -> None:
        super().__init__()
        self.register_buffer("_labels", torch.from_numpy(np.ascontiguousarray(labels)), persistent=False)

    def forward(self, batch: Batch) -> Target:
        """Look the labels up."""
        labels: Tensor = self.get_buffer("_labels")
        return Target(classes=labels[batch.positions])
