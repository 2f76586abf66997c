"""Subclasses that are learnt: labels by which a step lowers the principal loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

from detaux.learn.batch import Batch
from detaux.learn.targets.aside import accumulate, named, weights_and_own
from detaux.learn.targets.base import Target, Targets
from detaux.learn.targets.hypergradient import finite_difference, unrolled
from detaux.learn.targets.label_net import LabelNet
from detaux.learn.update import Replay

_TINY = 1e-12


class SubclassTargets(Targets):
    """Divides each principal class into subclasses so that one step on them lowers the principal loss: MAXL.

    In a step the label net is asked three times with `second` (five times with `first`) and differentiated twice (three
    times); see `unrolled` and `finite_difference` for what the network itself is asked.

    Args:
        num_classes: Number C of principal classes.
        subclasses: Number S of subclasses of each.
        inner_rate: Length of the step that is looked ahead.
        entropy: Weight of the entropy of the batch's mean shares, in nats, which is raised.
        order: `second` differentiates the step exactly, `first` by a finite difference.
        seed: Seed of the run.
    """

    def __init__(
        self,
        num_classes: int,
        subclasses: int,
        *,
        inner_rate: float,
        entropy: float,
        order: Literal["first", "second"],
        seed: int,
    ) -> None:
        super().__init__()
        self.net = LabelNet(num_classes * subclasses, seed=seed)
        self._subclasses, self._inner_rate, self._entropy = subclasses, inner_rate, entropy
        self._rule = unrolled if order == "second" else finite_difference
        self._told: Tensor | None = None

    def forward(self, batch: Batch) -> Target:
        """Return shares (B, C S), float, that are 0 outside the subclasses of the image's own class."""
        shares = subclass_shares(self.net(batch.images), batch.labels, self._subclasses)
        self._told = shares
        return Target(classes=shares)

    def teach(self, replay: Replay, task: int) -> None:
        """Accumulate the gradient of the principal loss after a step on all losses; see `Targets.teach`."""
        del task
        names, inner, outer = weights_and_own(replay, self)

        def training(values: Sequence[Tensor]) -> Tensor:
            return replay.train(named(names, values)).sum()

        def aim(values: Sequence[Tensor]) -> Tensor:
            principal = replay.train(named(names, values))[0]
            return principal if self._told is None else principal - self._entropy * spread(self._told)

        accumulate(outer, self._rule(training, aim, inner, outer, rate=self._inner_rate))


def subclass_shares(logits: Tensor, labels: Tensor, subclasses: int) -> Tensor:
    """Return the softmax over the subclasses of each image's own class.

    Args:
        logits: (B, C S), float: those of the first class's S subclasses, then the second's, and so on.
        labels: Class index of each image (B,), long, in [0, C).
        subclasses: Number S of subclasses of each class.

    Returns:
        Shares (B, C S), float, 0 for all other classes' subclasses, with sum 1.

    Source: Liu et al. 2019, arXiv:1901.08933, Section 3.3 (Mask SoftMax). Differs in: nothing.
    """
    shares = logits.view(len(logits), -1, subclasses).softmax(dim=2)
    own = labels[:, None] == torch.arange(shares.shape[1], device=labels.device)
    return (shares * own[:, :, None]).flatten(1)


def spread(shares: Tensor) -> Tensor:
    """Return the entropy (), in nats, of the mean (classes,) of shares (B, classes)."""
    mean = shares.mean(dim=0)
    return -(mean * mean.clamp(min=_TINY).log()).sum()
