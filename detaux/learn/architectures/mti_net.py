"""MTI-Net: one backbone, of which each task reads several scales, telling the others at each what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from torch import nn

from detaux.core.bounds import check_range
from detaux.learn.registries import architectures
from detaux.learn.seeded import seeded, seeded_heads, seeded_trunk
from detaux.learn.sharing.experts import check_width
from detaux.learn.sharing.multi_scale import MultiScaleNet
from detaux.learn.sharing.scales import Distillation, Message, Scale, reader
from detaux.models.registries import Backbone
from detaux.models.trunk import average

_MOST_SCALES = 64


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
