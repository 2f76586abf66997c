"""The one door to torchjd, whose interface changes from minor release to minor release."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from torchjd.aggregation import GramianWeightedAggregator, PCGrad, Sum
from torchjd.autojac import backward, jac_to_grad

from detaux.learn.update import Update


class AggregatedUpdate(Update):
    """Combine the tasks' gradients of the shared parameters by a rule of torchjd's.

    Each task's own parameters receive the gradient of their own loss, as they would from the plain sum.

    Args:
        aggregator: The rule, one that needs no more than the gradients' dot products.
    """

    def __init__(self, aggregator: GramianWeightedAggregator) -> None:
        super().__init__()
        self._aggregator = aggregator

    def backward(
        self, losses: Tensor, shared: Sequence[nn.Parameter], heads: Sequence[Sequence[nn.Parameter]]
    ) -> None:
        """Accumulate the combined gradient of the losses (T,), differentiated one after another.

        Side by side (by vmap) batch norm under bfloat16 fails, and on a CPU it is slower.
        """
        own = [parameter for head in heads for parameter in head]
        backward(losses, inputs=[*shared, *own], parallel_chunk_size=1)
        jac_to_grad(shared, self._aggregator, optimize_gramian_computation=True)
        jac_to_grad(own, Sum())


def pcgrad() -> AggregatedUpdate:
    """Return the update of PCGrad; its order of projections comes from torch's global generator on the CPU."""
    return AggregatedUpdate(PCGrad())
