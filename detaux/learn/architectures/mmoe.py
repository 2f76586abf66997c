"""Multi-gate mixture of experts: one backbone, experts on its features, and a gate a task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from torch import Tensor, nn

from detaux.learn.network import MultiTaskNet
from detaux.learn.registries import architectures
from detaux.learn.seeded import seeded, seeded_heads, seeded_trunk
from detaux.learn.sharing.experts import check_experts, check_width, expert, mix
from detaux.models.registries import Backbone
from detaux.models.trunk import Trunk


class GatedExperts(MultiTaskNet):
    """One backbone and its experts, and a gate and a head a task.

    Args:
        backbone: Images (B, 3, H, W) to features (B, P).
        experts: E of them, features (B, P) to features (B, width).
        gates: Features (B, P) to logits over experts (B, E), one a task, the principal one first.
        heads: Features (B, width) to logits, one a task.
    """

    def __init__(
        self,
        backbone: Trunk,
        experts: Sequence[nn.Module],
        gates: Sequence[nn.Module],
        heads: Sequence[nn.Module],
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.experts = nn.ModuleList(experts)
        self.gates = nn.ModuleList(gates)
        self.heads = nn.ModuleList(heads)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the logits of each task, T tensors (B, classes of the task)."""
        features = self.backbone(images)
        answers = [expert(features) for expert in self.experts]
        return [head(mix(gate(features), answers)) for gate, head in zip(self.gates, self.heads, strict=True)]

    def shared_parameters(self) -> list[nn.Parameter]:
        """Return the parameters of the backbone and of the experts."""
        return [*self.backbone.parameters(), *self.experts.parameters()]

    def head_parameters(self) -> list[list[nn.Parameter]]:
        """Return the parameters of each task's gate and head, T lists."""
        return [
            [*gate.parameters(), *head.parameters()]
            for gate, head in zip(self.gates, self.heads, strict=True)
        ]


@architectures.register(
    "mmoe",
    summary="one backbone and experts on its features, mixed by a gate a task",
    source="Ma et al. 2018, Modeling Task Relationships in Multi-task Learning with MMoE, KDD, Section 4.2",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class MMoE:
    """Give each task its own mixture of experts that all of them train.

    Source: Ma et al. 2018, KDD, doi:10.1145/3219819.3220007, Section 4.2. Differs in: experts and gates see the
        features of a backbone, not the input.
    """

    reads_auxiliary: ClassVar[bool] = False

    experts: int = 4
    """Number E of experts."""
    width: int = 256
    """Features that each expert gives."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If there is no expert or more than 256, or the width does not lie in [1, 65,536].
        """
        check_experts("experts", self.experts)
        check_width(self.width)

    def build(
        self, backbone: Backbone, image_shape: tuple[int, int, int], num_classes: Sequence[int], *, seed: int
    ) -> GatedExperts:
        """Make the network.

        Raises:
            DataError: If the backbone cannot serve these images.
        """
        trunk = seeded_trunk(backbone, image_shape, seed=seed)
        experts = [
            seeded(f"expert {place}", seed, partial(expert, trunk.num_features, self.width))
            for place in range(self.experts)
        ]
        gates = [
            seeded(f"gate {task}", seed, partial(nn.Linear, trunk.num_features, self.experts, bias=False))
            for task in range(len(num_classes))
        ]
        return GatedExperts(trunk, experts, gates, seeded_heads(self.width, num_classes, seed=seed))
