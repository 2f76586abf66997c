"""MTAN: one backbone, of whose maps each task keeps what its own attention lets through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import ClassVar

import torch
from torch import Tensor, nn

from detaux.learn.network import MultiTaskNet
from detaux.learn.registries import architectures
from detaux.learn.seeded import seeded, seeded_heads, seeded_trunk
from detaux.models.registries import Backbone
from detaux.models.resized import resized
from detaux.models.trunk import Trunk


class Attention(nn.Module):
    """What one task keeps of the maps of every stage.

    Args:
        channels: C_s of each stage.
    """

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__()
        self.masks = nn.ModuleList(_mask(before + own, own) for before, own in pairwise((0, *channels)))

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Return the attended maps of the last stage (B, C, H, W), given those of every stage (B, C_s, H_s, W_s)."""
        (mask, map_), *later = zip(self.masks, maps, strict=True)
        attended: Tensor = mask(map_) * map_
        for mask, map_ in later:
            known = torch.cat([map_, resized(attended, map_)], dim=1)
            attended = mask(known) * map_
        return attended


def _mask(inputs: int, outputs: int) -> nn.Sequential:
    """Return what tells a mask (B, outputs, H, W), in (0, 1), from maps (B, inputs, H, W)."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
        nn.Conv2d(outputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.Sigmoid(),
    )


class AttendedTrunk(MultiTaskNet):
    """One backbone, and an attention and a head a task.

    Args:
        backbone: Images (B, 3, H, W) to maps, and maps to features (B, P).
        attentions: One a task, the principal one first.
        heads: Features to logits, one a task.
    """

    def __init__(self, backbone: Trunk, attentions: Sequence[Attention], heads: Sequence[nn.Module]) -> None:
        super().__init__()
        self.backbone = backbone
        self.attentions = nn.ModuleList(attentions)
        self.heads = nn.ModuleList(heads)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the logits of each task, T tensors (B, classes of the task)."""
        maps = self.backbone.maps(images)
        return [
            head(self.backbone.end(attention(maps)))
            for attention, head in zip(self.attentions, self.heads, strict=True)
        ]

    def shared_parameters(self) -> list[nn.Parameter]:
        """Return the parameters of the backbone."""
        return list(self.backbone.parameters())

    def head_parameters(self) -> list[list[nn.Parameter]]:
        """Return the parameters of each task's attention and head, T lists."""
        return [
            [*attention.parameters(), *head.parameters()]
            for attention, head in zip(self.attentions, self.heads, strict=True)
        ]


@architectures.register(
    "mtan",
    summary="one backbone, each stage's maps masked by an attention a task",
    source="Liu et al. 2019, arXiv:1803.10704, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class MTAN:
    """Give each task a soft mask over the maps of each stage, made from them and from what it kept before.

    Source: Liu et al. 2019, arXiv:1803.10704, Section 3. Differs in: a mask is made from the same maps that it
        multiplies, the last of a stage, as not every backbone has two layers in each; what was kept before is brought
        to their size by averaging, without the convolution in between; only the last stage's go on to the head.
    """

    reads_auxiliary: ClassVar[bool] = False

    def build(
        self, backbone: Backbone, image_shape: tuple[int, int, int], num_classes: Sequence[int], *, seed: int
    ) -> AttendedTrunk:
        """Make the network.

        Raises:
            DataError: If the backbone cannot serve these images.
        """
        trunk = seeded_trunk(backbone, image_shape, seed=seed)
        attentions = [
            seeded(f"attention {task}", seed, partial(Attention, trunk.channels))
            for task in range(len(num_classes))
        ]
        return AttendedTrunk(trunk, attentions, seeded_heads(trunk.num_features, num_classes, seed=seed))
