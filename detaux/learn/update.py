"""What every weighting builds: a rule from several losses to one gradient."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from torch import Tensor, nn


class Replay(Protocol):
    """The losses of a step once more: at other weights, or on another batch.

    Nothing of it leaves a trace: running statistics and the random numbers of the step itself stay as they are.
    """

    def before(self) -> Tensor | None:
        """Return the losses (T,), float32, without a graph, of the last step's batch at the present weights.

        None in the first step.
        """
        ...

    def train(self, weights: Mapping[str, Tensor] | None = None) -> Tensor:
        """Return the losses (T,), float32, with their graph, of this step's batch.

        Args:
            weights: In place of the network's parameters, by their names in it; None for those themselves.
        """
        ...

    def query(self, weights: Mapping[str, Tensor] | None = None) -> Tensor:
        """Return the same of another training batch, one that only this step's questions see."""
        ...

    def weights(self) -> dict[str, Tensor]:
        """Return the network's parameters by name, in their order."""
        ...


class Update(nn.Module, ABC):
    """Write one gradient into the parameters, given a loss a task.

    Its own parameters, if it has any, are optimised with the rest; what else it remembers from step to step are
    buffers, so that a killed job goes on with them.
    """

    def attach(self, shared: Sequence[nn.Parameter]) -> None:
        """Make room for what is remembered of each shared parameter, before training; most rules need none."""

    def prepare(self, replay: Replay) -> None:
        """Look at losses elsewhere before the step's own are computed; most rules need not."""

    @abstractmethod
    def backward(
        self, losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
    ) -> None:
        """Accumulate gradients into the `.grad` of every parameter concerned.

        Args:
            losses: Loss of each task (T,), float32, with its graph; the principal task first.
            shared: Parameters that the losses of more than one task reach.
            heads: Parameters that the loss of one task alone reaches (T lists).
        """

    def scores(self) -> dict[str, float]:
        """Return what a record should hold of it, such as the weights it chose or how often a solver failed."""
        return {}
