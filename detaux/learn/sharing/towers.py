"""A network a task, all of one form, whose maps are mixed after each stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

from torch import Tensor, nn

from detaux.learn.network import MultiTaskNet
from detaux.learn.seeded import seeded, seeded_heads, seeded_trunk
from detaux.models.registries import Backbone
from detaux.models.trunk import Trunk

MakeMixer = Callable[[int, int, int], nn.Module]
"""Makes the mixer of a task, from the number of tasks, the place of its own among them, and the channels."""


class MixedTowers(MultiTaskNet):
    """A tower a task; after each stage every task goes on with a mixture of all tasks' maps.

    A backbone that draws at random in training (swin_b) does so tower by tower in each stage, so that the principal
    task's draws do depend on how many tasks there are.

    Args:
        towers: Trunks of one form, a tower a task, the principal one first.
        mixers: By stage and task: from the maps of all tasks, T times (B, C, H, W), to those that the task goes on with.
        heads: Features to logits, a head a task.
    """

    def __init__(
        self, towers: Sequence[Trunk], mixers: Sequence[Sequence[nn.Module]], heads: Sequence[nn.Module]
    ) -> None:
        super().__init__()
        self.towers = nn.ModuleList(towers)
        self.mixers = nn.ModuleList(nn.ModuleList(stage) for stage in mixers)
        self.heads = nn.ModuleList(heads)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the logits of each task, T tensors (B, classes of the task)."""
        towers = cast("Sequence[Trunk]", self.towers)
        maps = [images for _ in towers]
        stages = zip(*(tower.stages for tower in towers), strict=True)
        for stage, mixers in zip(stages, self.mixers, strict=True):
            own = [layer(map_) for layer, map_ in zip(stage, maps, strict=True)]
            maps = [mixer(own) for mixer in cast("nn.ModuleList", mixers)]
        features = [tower.end(map_) for tower, map_ in zip(towers, maps, strict=True)]
        return [head(own) for head, own in zip(self.heads, features, strict=True)]

    def shared_parameters(self) -> list[nn.Parameter]:
        """Return the parameters of the towers and of all mixers but the last."""
        return [*self.towers.parameters(), *self.mixers[:-1].parameters()]

    def head_parameters(self) -> list[list[nn.Parameter]]:
        """Return the parameters of each task's last mixer and head, T lists."""
        last = cast("nn.ModuleList", self.mixers[-1])
        return [
            [*mixer.parameters(), *head.parameters()] for mixer, head in zip(last, self.heads, strict=True)
        ]


def build_mixed_towers(
    backbone: Backbone,
    image_shape: tuple[int, int, int],
    num_classes: Sequence[int],
    mixer: MakeMixer,
    *,
    seed: int,
) -> MixedTowers:
    """Make towers, mixers and heads.

    Raises:
        DataError: If the backbone cannot serve these images.
    """
    num_tasks = len(num_classes)
    towers = [seeded_trunk(backbone, image_shape, seed=seed, task=task) for task in range(num_tasks)]
    mixers = [
        [
            seeded(f"mixer {stage} of {task}", seed, partial(mixer, num_tasks, task, channels))
            for task in range(num_tasks)
        ]
        for stage, channels in enumerate(towers[0].channels)
    ]
    return MixedTowers(towers, mixers, seeded_heads(towers[0].num_features, num_classes, seed=seed))


def initial_shares(num_tasks: int, own: int, own_share: float) -> list[float]:
    """Return what a task takes of each task's maps at first (T,): its own share, and the rest evenly of the others.

    A task that is alone takes all of its own.
    """
    if num_tasks == 1:
        return [1.0]
    rest = (1 - own_share) / (num_tasks - 1)
    return [own_share if task == own else rest for task in range(num_tasks)]
