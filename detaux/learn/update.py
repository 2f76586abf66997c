"""What every weighting builds: a rule from several losses to one gradient."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from torch import Tensor, nn


class Update(nn.Module, ABC):
    """Write one gradient into the parameters, given a loss a task.

    Its own parameters, if it has any, are optimised with the rest.
    """

    @abstractmethod
    def backward(
        self, losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
    ) -> None:
        """Accumulate gradients into the `.grad` of every parameter concerned.

        Args:
            losses: Loss of each task (T,), float32, with its graph; the principal task first.
            shared: Parameters that every task uses.
            heads: Parameters of each task's own (T lists).
        """
