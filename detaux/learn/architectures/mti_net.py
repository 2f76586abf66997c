"""MTI-Net: one backbone, of which each task reads several scales, telling the others at each what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, cast

import torch
from torch import Tensor, nn

from detaux.core.bounds import check_range
from detaux.learn.experts import check_width
from detaux.learn.network import MultiTaskNet
from detaux.learn.registries import architectures
from detaux.learn.scales import Distillation, Message, Scale, reader
from detaux.learn.seeded import seeded, seeded_heads, seeded_trunk
from detaux.models.registries import Backbone
from detaux.models.resized import resized
from detaux.models.trunk import Trunk, average

_MOST_SCALES = 64


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


@architectures.register(
    "mti_net",
    summary="one backbone, whose scales each task reads, guesses from, and tells the other tasks of",
    source="Vandenhende et al. 2020, arXiv:2001.06902, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class MTINet:
    """Let tasks exchange what they find at each scale, from the coarsest to the finest.

    At each scale a task makes maps of the stage's maps and of what it knows from the scale before (feature
    propagation); it guesses its classes from them, which its loss supervises; then it adds gated maps of every other
    task (distillation). Its head sees what it knows of all scales together.

    At `own_share` 1 the principal task starts as it does alone, but it does not stay so, even with its auxiliary
    tasks at weight 0: its own loss trains the messages that it gets, as they have to be for anything to be exchanged.

    Source: Vandenhende et al. 2020, arXiv:2001.06902, Section 3. Differs in: tasks classify images, not pixels, so that
        guesses are made from the mean over the map, and the scales are put together at the size of the coarsest, not
        the finest; what is propagated is what a task knows after distillation, not a mixture of all tasks' maps made
        beforehand; convolutions are 1 x 1, and one takes the place of the residual blocks.
    """

    reads_auxiliary: ClassVar[bool] = True

    scales: int = 4
    """How many stages are read, from the last backwards; all of them where the backbone has fewer."""
    width: int = 64
    """Channels of a task's maps."""
    own_share: float = 0.5
    """How much a task keeps to its own at first: messages start at (1 - own_share) / own_share times what their random
    weights would give. 0.5, as published, leaves them so."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If a number does not lie in its range.
        """
        check_range("scales", self.scales, 1, _MOST_SCALES)
        check_width(self.width)
        check_range("own_share", self.own_share, 0.5, 1)

    def build(
        self, backbone: Backbone, image_shape: tuple[int, int, int], num_classes: Sequence[int], *, seed: int
    ) -> MultiScaleNet:
        """Make the network.

        Raises:
            DataError: If the backbone cannot serve these images.
        """
        trunk = seeded_trunk(backbone, image_shape, seed=seed)
        channels = trunk.channels[: -self.scales - 1 : -1]
        scales = [
            self._scale(f"scale {place}", inputs + (self.width if place else 0), len(num_classes), seed)
            for place, inputs in enumerate(channels)
        ]
        heads = seeded_heads(len(scales) * self.width * trunk.places, num_classes, seed=seed)
        guesses = [
            [
                seeded(f"scale {place} guess {task}", seed, partial(_guess, self.width, classes))
                for place in range(len(scales))
            ]
            for task, classes in enumerate(num_classes)
        ]
        return MultiScaleNet(trunk, scales, heads, guesses)

    def _scale(self, name: str, channels: int, num_tasks: int, seed: int) -> Scale:
        tasks = range(num_tasks)
        strength = (1 - self.own_share) / self.own_share
        readers = [
            seeded(f"{name} reader {task}", seed, partial(reader, channels, self.width)) for task in tasks
        ]
        messages = [
            [
                seeded(f"{name} message {other} to {task}", seed, partial(Message, self.width, strength))
                for other in tasks
                if other != task
            ]
            for task in tasks
        ]
        return Scale(readers, [Distillation(task, told) for task, told in enumerate(messages)])


def _guess(width: int, num_classes: int) -> nn.Sequential:
    return average().append(nn.Linear(width, num_classes))
