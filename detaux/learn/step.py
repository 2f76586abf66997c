"""One step of stage three: a batch, a loss a task, one gradient."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from detaux.learn.batch import BatchSource
from detaux.learn.diagnostics import gradient_conflict
from detaux.learn.losses import TaskLosses
from detaux.learn.network import MultiTaskNet
from detaux.learn.replay import StepReplay
from detaux.learn.targets.base import Targets
from detaux.learn.tasks import loss_names
from detaux.learn.update import Update


class LearnStep:
    """Computes the losses of a step and writes the gradients; called with the step's number by the loop.

    Batch, noise and augmentation depend on the seed and the step alone: neither on the tasks nor on the steps before.

    Args:
        net: The network, on the training device.
        update: Rule from losses to one gradient, on the same device.
        targets: What tells each task's classes (T,), the principal task first.
        losses: Of these tasks.
        source: The batches to train on.
        query: Other batches, for rules that look ahead.
        diagnose_every: Steps between two comparisons of the tasks' gradients; None for none.
    """

    def __init__(
        self,
        net: MultiTaskNet,
        update: Update,
        targets: Sequence[Targets],
        losses: TaskLosses,
        *,
        source: BatchSource,
        query: BatchSource,
        diagnose_every: int | None = None,
    ) -> None:
        self._net, self._update, self._targets, self._losses = net, update, list(targets), losses
        self._source, self._query, self._diagnose_every = source, query, diagnose_every
        self._shared, self._heads = net.shared_parameters(), net.head_parameters()

    def __call__(self, step: int) -> dict[str, Tensor]:
        """Accumulate the gradients of a step; return the loss (), float32, of each task by role, and diagnostics."""
        self._look_elsewhere(step)
        losses = self._losses(self._source.batch(step))
        found = self._diagnosis(losses, step)
        self._update.backward(losses, self._shared, self._heads)
        return dict(zip(loss_names(len(losses)), losses.detach().unbind(), strict=True)) | found

    def _look_elsewhere(self, step: int) -> None:
        replay = StepReplay(self._net, self._losses, self._source, self._query, step=step)
        self._update.prepare(replay)
        for task, targets in enumerate(self._targets):
            targets.teach(replay, task)

    def _diagnosis(self, losses: Tensor, step: int) -> dict[str, Tensor]:
        every = self._diagnose_every
        if every is None or step % every or len(losses) == 1:
            return {}
        return gradient_conflict(losses, self._shared)
