"""Hard parameter sharing: one backbone, a head a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from detaux.learn.network import MultiTaskNet
from detaux.learn.registries import architectures
from detaux.learn.seeded import seeded_heads, seeded_trunk
from detaux.models.registries import Backbone
from detaux.models.trunk import Trunk


class HardParameterSharing(MultiTaskNet):
    """One backbone whose features go to a head a task.

    Args:
        backbone: Images (B, 3, H, W) to features (B, P).
        heads: Features to logits, a head a task, the principal one first.
    """

    def __init__(self, backbone: Trunk, heads: Sequence[nn.Module]) -> None:
        super().__init__()
        self.backbone = backbone
        self.heads = nn.ModuleList(heads)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the logits of each task, T tensors (B, classes of the task)."""
        features = self.backbone(images)
        return [head(features) for head in self.heads]

    def shared_parameters(self) -> list[nn.Parameter]:
        """Return the parameters of the backbone."""
        return list(self.backbone.parameters())

    def head_parameters(self) -> list[list[nn.Parameter]]:
        """Return the parameters of each head, T lists."""
        return [list(head.parameters()) for head in self.heads]


@architectures.register(
    "hard_sharing",
    summary="one backbone for all tasks, a head a task",
    source="Caruana 1997, Multitask Learning; Skenderi et al. 2025, arXiv:2310.09278",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class HardSharing:
    """Share the whole backbone."""

    reads_auxiliary: ClassVar[bool] = False

    def build(
        self, backbone: Backbone, image_shape: tuple[int, int, int], num_classes: Sequence[int], *, seed: int
    ) -> HardParameterSharing:
        """Make the network; backbone and heads each have a seed of their own, so that a task more shifts none.

        Raises:
            DataError: If the backbone cannot serve these images.
        """
        trunk = seeded_trunk(backbone, image_shape, seed=seed)
        return HardParameterSharing(trunk, seeded_heads(trunk.num_features, num_classes, seed=seed))
