"""The loss of each task on a batch, with the network's weights or with others in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from detaux.learn.batch import Batch
from detaux.learn.network import MultiTaskNet
from detaux.learn.targets.base import Target, Targets
from detaux.learn.tasks import UNLABELLED
from detaux.train.policy import Policy

_Answers = tuple[list[list[Tensor]], list[Tensor | None]]
"""Logits that are supervised, a list a task, and penalties of each task."""


class TaskLosses:
    """Computes the losses of T tasks.

    Args:
        net: The network, on the device of `policy`.
        targets: What tells each task's classes (T,), the principal task first, on that device.
        policy: Device and precision.
        label_smoothing: Share of each target that is spread over all classes, in [0, 1).
    """

    def __init__(
        self, net: MultiTaskNet, targets: Sequence[Targets], *, policy: Policy, label_smoothing: float
    ) -> None:
        self._whole, self._targets = _Whole(net), list(targets)
        self._policy, self._label_smoothing = policy, label_smoothing

    def __call__(self, batch: Batch) -> Tensor:
        """Return the losses (T,), float32, as a step trains on them: with a graph to the network alone."""
        with torch.no_grad():
            targets = [targets(batch) for targets in self._targets]
        return self._losses(batch, targets, None)

    def aside(self, batch: Batch, weights: Mapping[str, Tensor] | None = None) -> Tensor:
        """Return the losses (T,) with a graph to weights and targets alike, and leave no trace.

        Running statistics stay as they are; random draws are the caller's to put back.

        Args:
            batch: Any batch.
            weights: In place of the network's parameters, by their names; None for those themselves.
        """
        return self._losses(batch, [targets(batch) for targets in self._targets], weights or {})

    def _losses(
        self, batch: Batch, targets: Sequence[Target], weights: Mapping[str, Tensor] | None
    ) -> Tensor:
        logits, penalties = self._answers(batch.images, weights)
        losses = []
        for task, (target, penalty) in enumerate(zip(targets, penalties, strict=True)):
            told = (
                logits[task]
                if target.images is None
                else self._answers(target.images, weights or {})[0][task]
            )
            loss = torch.stack(
                [classification_loss(one, target.classes, self._label_smoothing) for one in told]
            ).sum()
            losses.append(loss if penalty is None else loss + penalty)
        return torch.stack(losses)

    def _answers(self, images: Tensor, weights: Mapping[str, Tensor] | None) -> _Answers:
        """Ask the network: as it stands where `weights` is None, else on copies of its running statistics."""
        with self._policy.autocast():
            if weights is None:
                return self._whole.forward(images)
            state = {f"net.{name}": weight for name, weight in weights.items()}
            copies = {name: buffer.clone() for name, buffer in self._whole.named_buffers()}
            answers: _Answers = functional_call(self._whole, state | copies, (images,))
            return answers


class _Whole(nn.Module):
    """All that a network's losses are made of in one call, so that weights can be put in its place for both."""

    def __init__(self, net: MultiTaskNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, images: Tensor) -> _Answers:
        return self.net.supervised_logits(images), self.net.penalties()


def classification_loss(logits: Tensor, classes: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """Return the mean cross-entropy (), over the labelled images of a batch, 0 where there is none.

    Args:
        logits: (B, classes), any float type; computed in float32, or float64 as given.
        classes: Class indices (B,), long, -1 where an image is left out; or shares (B, classes), float.
        label_smoothing: Share of class indices spread over all classes, in [0, 1).
    """
    if logits.dtype != torch.float64:
        logits = logits.float()
    if classes.is_floating_point():
        return cross_entropy(logits, classes)
    total = cross_entropy(
        logits, classes, ignore_index=UNLABELLED, reduction="sum", label_smoothing=label_smoothing
    )
    return total / (classes != UNLABELLED).sum().clamp(min=1)
