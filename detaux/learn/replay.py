"""A step's losses once more, for rules that look ahead or back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property

import torch
from torch import Tensor

from detaux.learn.batch import Batch, BatchSource
from detaux.learn.losses import TaskLosses
from detaux.learn.network import MultiTaskNet


class StepReplay:
    """Losses of one step at other weights or on other batches; see `Replay`.

    Args:
        net: The network in training.
        losses: Of its tasks.
        source: The batches that are trained on.
        query: Other batches of the same images.
        step: Number of the step, from 0.
    """

    def __init__(
        self, net: MultiTaskNet, losses: TaskLosses, source: BatchSource, query: BatchSource, *, step: int
    ) -> None:
        self._net, self._losses, self._step = net, losses, step
        self._source, self._query = source, query

    def before(self) -> Tensor | None:
        """Return the losses of the last step's batch at the present weights; see `Replay.before`."""
        if self._step == 0:
            return None
        with torch.no_grad(), self._unseen():
            return self._losses.aside(self._source.batch(self._step - 1))

    def train(self, weights: Mapping[str, Tensor] | None = None) -> Tensor:
        """Return the losses of this step's batch; see `Replay.train`."""
        with self._unseen():
            return self._losses.aside(self._own, weights)

    def query(self, weights: Mapping[str, Tensor] | None = None) -> Tensor:
        """Return the losses of another batch; see `Replay.query`."""
        with self._unseen():
            return self._losses.aside(self._other, weights)

    def weights(self) -> dict[str, Tensor]:
        """Return the network's parameters; see `Replay.weights`."""
        return dict(self._net.named_parameters())

    @cached_property
    def _own(self) -> Batch:
        return self._source.batch(self._step)

    @cached_property
    def _other(self) -> Batch:
        return self._query.batch(self._step)

    @contextmanager
    def _unseen(self) -> Iterator[None]:
        """Give torch's generators back as they were, so that dropout of the step itself does not depend on it."""
        device = self._source.labels.device
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            yield
