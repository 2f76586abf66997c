"""A network of which each task reads several scales, telling the others at each what it found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from detaux.learn.network import MultiTaskNet
from detaux.learn.sharing.scales import Scale
from detaux.models.resized import resized
from detaux.models.trunk import Trunk


class MultiScaleNet(MultiTaskNet):
    """One backbone, scales of it from the last stage backwards, and a head a task on all of them.

    Args:
        backbone: Images (B, 3, H, W) to maps of S stages or more.
        scales: S of them, the first for the last stage.
        heads: What a task knows of all scales (B, P) to logits, one a task, the principal one first.
        guesses: By task and scale: maps (B, width, H, W) to logits.
    """

    def __init__(
        self,
        backbone: Trunk,
        scales: Sequence[Scale],
        heads: Sequence[nn.Module],
        guesses: Sequence[Sequence[nn.Module]],
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.scales = nn.ModuleList(scales)
        self.heads = nn.ModuleList(heads)
        self.guesses = nn.ModuleList(nn.ModuleList(task) for task in guesses)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the logits of each task, T tensors (B, classes of the task)."""
        return self._answers(self._read(images)[1])

    def supervised_logits(self, images: Tensor) -> list[list[Tensor]]:
        """Return each task's logits, and its guesses at each scale before it was told of the others: T lists of 1 + S."""
        initial, told = self._read(images)
        answers = self._answers(told)
        return [
            [answer, *(guess(maps[task]) for guess, maps in zip(guesses, initial, strict=True))]
            for task, (answer, guesses) in enumerate(zip(answers, self._guesses(), strict=True))
        ]

    def shared_parameters(self) -> list[nn.Parameter]:
        """Return the parameters of backbone and scales, but for what is added at the last of them."""
        *earlier, last = self._scales()
        return [
            *self.backbone.parameters(),
            *(parameter for scale in earlier for parameter in scale.parameters()),
            *last.readers.parameters(),
        ]

    def head_parameters(self) -> list[list[nn.Parameter]]:
        """Return the parameters of each task's last distillation, guesses and head, T lists."""
        last = self._scales()[-1].distillations
        return [
            [parameter for part in parts for parameter in part.parameters()]
            for parts in zip(last, self.guesses, self.heads, strict=True)
        ]

    def _read(self, images: Tensor) -> tuple[list[list[Tensor]], list[list[Tensor]]]:
        """Return each task's maps at each scale before and after it is told of the others', S lists of T each."""
        initial, told = [], []
        known: list[Tensor] = []
        stages = self.backbone.maps(images)
        for scale, maps in zip(self._scales(), reversed(stages[-len(self.scales) :]), strict=True):
            before, known = scale(maps, known)
            initial.append(before)
            told.append(known)
        return initial, told

    def _answers(self, told: Sequence[Sequence[Tensor]]) -> list[Tensor]:
        answers = []
        for task, head in enumerate(self.heads):
            pooled = [resized(maps[task], told[0][task]) for maps in told]
            answers.append(head(self.backbone.end(torch.cat(pooled, dim=1))))
        return answers

    def _scales(self) -> Sequence[Scale]:
        return cast("Sequence[Scale]", list(self.scales))

    def _guesses(self) -> Sequence[nn.ModuleList]:
        return cast("Sequence[nn.ModuleList]", list(self.guesses))
