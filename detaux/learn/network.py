"""What every architecture builds: one network with an answer for each task."""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn


class MultiTaskNet(nn.Module, ABC):
    """A network of T tasks that share a part of it, the principal task first."""

    @abstractmethod
    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the logits of each task, T tensors (B, classes of the task).

        The principal task is answered first: what it draws at random (dropout) does not depend on which
        tasks follow.

        Args:
            images: (B, 3, H, W), float in [0, 1].
        """

    @abstractmethod
    def shared_parameters(self) -> list[nn.Parameter]:
        """Return the parameters that the losses of more than one task reach."""

    @abstractmethod
    def head_parameters(self) -> list[list[nn.Parameter]]:
        """Return the parameters that the loss of one task alone reaches, T lists."""

    def supervised_logits(self, images: Tensor) -> list[list[Tensor]]:
        """Return all that is trained to tell each task's classes: T lists of logits (B, classes), the answer first.

        A task's loss is the sum over its list. Most networks have the answer alone.

        Args:
            images: (B, 3, H, W), float in [0, 1].
        """
        return [[logits] for logits in self(images)]

    def penalties(self) -> list[Tensor | None]:
        """Return what each task's loss has beside cross-entropy, T times a tensor () or None."""
        return [None for _ in self.head_parameters()]
