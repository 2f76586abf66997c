"""Classes that are learnt: labels by which other images' principal labels are learnt well."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from detaux.learn.batch import Batch
from detaux.learn.targets.aside import accumulate, named, weights_and_own
from detaux.learn.targets.base import Target, Targets
from detaux.learn.targets.hypergradient import implicit
from detaux.learn.targets.label_net import LabelNet
from detaux.learn.update import Replay

_MOST_NORM = 50.0


class FreeTargets(Targets):
    """Divides all images alike into classes by which other images' principal labels are learnt well: AuxiLearn.

    In a step the label net is asked and differentiated twice, and asked once more for the step's own losses; see `implicit`
    for what the network itself is asked.

    Args:
        num_classes: Number of classes, at least 2.
        inner_rate: Factor of the Neumann series.
        neumann_terms: Its terms after the first.
        seed: Seed of the run.
    """

    def __init__(self, num_classes: int, *, inner_rate: float, neumann_terms: int, seed: int) -> None:
        super().__init__()
        self.net = LabelNet(num_classes, seed=seed)
        self._inner_rate, self._terms = inner_rate, neumann_terms

    def forward(self, batch: Batch) -> Target:
        """Return shares (B, num_classes), float."""
        return Target(classes=self.net(batch.images).softmax(dim=1))

    def teach(self, replay: Replay, task: int) -> None:
        """Accumulate the gradient of other images' principal loss at the weights trained so; see `Targets.teach`.

        As in the released code it is taken without the series' factor (with it, it could vanish beside Adam's epsilon), and
        clipped to a norm of 50: where curvature is high the series grows with each term.
        """
        del task
        names, inner, outer = weights_and_own(replay, self)
        found = implicit(
            lambda values: replay.train(named(names, values)).sum(),
            lambda values: replay.query(named(names, values))[0],
            inner,
            outer,
            rate=self._inner_rate,
            terms=self._terms,
        )
        accumulate(outer, clipped([gradient / self._inner_rate for gradient in found], _MOST_NORM))


def clipped(gradients: Sequence[Tensor], most: float) -> list[Tensor]:
    """Return gradients shrunk together to a common norm of at most `most`."""
    norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
    factor = (most / norm).clamp(max=1)
    return [factor * gradient for gradient in gradients]
