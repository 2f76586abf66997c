"""Customised gate control, and its levels in a row, progressive layered extraction: experts of one task and of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn

from detaux.core.bounds import check_range
from detaux.learn.network import MultiTaskNet
from detaux.learn.registries import architectures
from detaux.learn.seeded import seeded_heads, seeded_trunk
from detaux.learn.sharing.experts import check_experts, check_width
from detaux.learn.sharing.extraction import ExtractionLevel, LevelPlan
from detaux.models.registries import Backbone
from detaux.models.trunk import Trunk

_MOST_LEVELS = 64


class LayeredExtraction(MultiTaskNet):
    """One backbone, levels of experts on its features, and a head a task.

    Args:
        backbone: Images (B, 3, H, W) to features (B, P).
        levels: The first on those features, each next on the last one's; the last has no gate of its shared experts.
        heads: Features of the last level to logits, one a task.
    """

    def __init__(
        self, backbone: Trunk, levels: Sequence[ExtractionLevel], heads: Sequence[nn.Module]
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.levels = nn.ModuleList(levels)
        self.heads = nn.ModuleList(heads)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the logits of each task, T tensors (B, classes of the task)."""
        shared = self.backbone(images)
        own = [shared for _ in self.heads]
        for level in self.levels:
            own, shared = level(own, shared)
        return [head(features) for head, features in zip(self.heads, own, strict=True)]

    def shared_parameters(self) -> list[nn.Parameter]:
        """Return all parameters that are no task's own."""
        own = {id(parameter) for head in self.head_parameters() for parameter in head}
        return [parameter for parameter in self.parameters() if id(parameter) not in own]

    def head_parameters(self) -> list[list[nn.Parameter]]:
        """Return the parameters of each task's own parts, T lists."""
        return [
            [parameter for part in self._own_parts(task) for parameter in part.parameters()]
            for task in range(len(self.heads))
        ]

    def _own_parts(self, task: int) -> list[nn.Module]:
        """Return the task's head, its experts that no shared gate looks at, and its gates that feed only those."""
        levels = cast("Sequence[ExtractionLevel]", self.levels)
        gates = [level.gates[task] for level in levels[-2:]]
        return [*gates, levels[-1].own[task], self.heads[task]]


@architectures.register(
    "cgc",
    summary="one backbone and experts on its features, of one task and of all, in levels: 1 is CGC, more are PLE",
    source="Tang et al. 2020, Progressive Layered Extraction, RecSys, Sections 4.2 and 4.3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class CGC:
    """Give each task experts of its own beside those of all, in one level or several.

    From two levels on the shared experts look at all tasks' experts below, and the principal task at the shared ones.
    At `own_share` 1 it starts as it does alone, and with its auxiliary tasks at weight 0 it stays near that, but not
    bit for bit: a share of 1e-13 is left to the auxiliary experts, and weight decay lets it grow.

    Source: Tang et al. 2020, RecSys, doi:10.1145/3383313.3412236, Sections 4.2 and 4.3. Differs in: experts and gates
        see the features of a backbone, not the input; each expert is one layer.
    """

    levels: int = 1
    """Levels of experts; with 1 nothing of the auxiliary tasks reaches the principal one."""
    own_experts: int = 2
    """Experts of each task in each level."""
    shared_experts: int = 2
    """Experts of all tasks in each level."""
    width: int = 256
    """Features that each expert gives."""
    own_share: float = 0.5
    """How far shared gates lean at first towards what the principal task has when alone: of two experts, one of them
    an auxiliary task's, the other's share if the gates' random weights were 0. 0.5, as published, leans nowhere."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If a number does not lie in its range.
        """
        check_range("levels", self.levels, 1, _MOST_LEVELS)
        check_experts("own_experts", self.own_experts)
        check_experts("shared_experts", self.shared_experts)
        check_width(self.width)
        check_range("own_share", self.own_share, 0.5, 1)

    @property
    def reads_auxiliary(self) -> bool:
        """Whether the principal answer has anything of the auxiliary tasks' experts in it."""
        return self.levels > 1

    def build(
        self, backbone: Backbone, image_shape: tuple[int, int, int], num_classes: Sequence[int], *, seed: int
    ) -> LayeredExtraction:
        """Make the network.

        Raises:
            DataError: If the backbone cannot serve these images.
        """
        trunk = seeded_trunk(backbone, image_shape, seed=seed)
        levels = [
            LevelPlan(
                name=f"level {place}",
                num_features=self.width if place else trunk.num_features,
                width=self.width,
                num_tasks=len(num_classes),
                own_experts=self.own_experts,
                shared_experts=self.shared_experts,
                own_share=self.own_share if place < self.levels - 1 else None,
                seed=seed,
            ).build()
            for place in range(self.levels)
        ]
        return LayeredExtraction(trunk, levels, seeded_heads(self.width, num_classes, seed=seed))
