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
        """Return the parameters that every task uses."""

    @abstractmethod
    def head_parameters(self) -> list[list[nn.Parameter]]:
        """Return the parameters of each task's own, T lists."""
