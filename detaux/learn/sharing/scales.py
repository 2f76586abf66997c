"""One scale of a multi-scale network: what each task knows there, and what it learns of the others."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from detaux.models.resized import resized


class Message(nn.Module):
    """What one task tells another: its maps, as far as a gate made from them lets them through.

    Args:
        width: Channels of the maps.
        strength: What the maps' initial weights are multiplied by.
    """

    def __init__(self, width: int, strength: float) -> None:
        super().__init__()
        self.gate = nn.Conv2d(width, width, 1, bias=False)
        self.content = nn.Conv2d(width, width, 1, bias=False)
        with torch.no_grad():
            self.content.weight.mul_(strength)

    def forward(self, maps: Tensor) -> Tensor:
        """Return the message (B, width, H, W) of maps of the same shape."""
        message: Tensor = self.gate(maps).sigmoid() * self.content(maps)
        return message


class Distillation(nn.Module):
    """A task's maps, with the messages of all others added.

    Args:
        task: Place of the task.
        messages: From each other task, in their order (T - 1).
    """

    def __init__(self, task: int, messages: Sequence[Message]) -> None:
        super().__init__()
        self.messages = nn.ModuleList(messages)
        self._task = task

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Return the task's maps (B, width, H, W), given those of all tasks, T tensors."""
        others = [map_ for task, map_ in enumerate(maps) if task != self._task]
        told = [message(map_) for message, map_ in zip(self.messages, others, strict=True)]
        return sum(told, start=maps[self._task])


class Scale(nn.Module):
    """What T tasks make of the maps of one stage.

    Args:
        readers: One a task: maps of the stage, with what the task knows of the scale before, to maps (B, width, H, W).
        distillations: One a task.
    """

    def __init__(self, readers: Sequence[nn.Module], distillations: Sequence[Distillation]) -> None:
        super().__init__()
        self.readers = nn.ModuleList(readers)
        self.distillations = nn.ModuleList(distillations)

    def forward(self, maps: Tensor, known: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Return each task's maps (B, width, H, W) before and after it is told of the others', T tensors each.

        Args:
            maps: Of the stage (B, C, H, W).
            known: What each task knows of the scale before, T tensors (B, width, any, any); empty for the first.
        """
        given = [torch.cat([maps, resized(own, maps)], dim=1) for own in known]
        if not given:
            given = [maps for _ in self.readers]
        initial = [reader(own) for reader, own in zip(self.readers, given, strict=True)]
        return initial, [distillation(initial) for distillation in self.distillations]


def reader(channels: int, width: int) -> nn.Sequential:
    """Return what makes a task's maps (B, width, H, W) of maps (B, channels, H, W)."""
    return nn.Sequential(nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU())
