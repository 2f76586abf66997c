"""Soft parameter sharing: a tower a task, and the auxiliary towers are drawn to the principal one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from detaux.core.bounds import check_weight
from detaux.learn.network import MultiTaskNet
from detaux.learn.registries import architectures
from detaux.learn.seeded import seeded_heads, seeded_trunk
from detaux.models.registries import Backbone
from detaux.models.trunk import Trunk


class SoftParameterSharing(MultiTaskNet):
    """A whole network a task; each auxiliary task pays for the distance of its tower from the principal one.

    Args:
        towers: Images (B, 3, H, W) to features (B, P), all of one form, one a task, the principal one first.
        heads: Features to logits, one a task.
        coefficient: Penalty for a squared distance of 1.
    """

    def __init__(self, towers: Sequence[Trunk], heads: Sequence[nn.Module], coefficient: float) -> None:
        super().__init__()
        self.towers = nn.ModuleList(towers)
        self.heads = nn.ModuleList(heads)
        self._coefficient = coefficient

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return the logits of each task, T tensors (B, classes of the task)."""
        return [head(tower(images)) for tower, head in zip(self.towers, self.heads, strict=True)]

    def shared_parameters(self) -> list[nn.Parameter]:
        """Return the parameters of the principal tower, which every penalty draws on."""
        return list(self.towers[0].parameters())

    def head_parameters(self) -> list[list[nn.Parameter]]:
        """Return the parameters of each task's head, and of the auxiliary towers, T lists."""
        principal, *others = (list(head.parameters()) for head in self.heads)
        towers = list(self.towers)[1:]
        own = [[*tower.parameters(), *head] for tower, head in zip(towers, others, strict=True)]
        return [principal, *own]

    def penalties(self) -> list[Tensor | None]:
        """Return None for the principal task, and a tensor (), float32, for each other: T in all."""
        principal, *others = self.towers
        return [None, *(self._coefficient * squared_distance(principal, other) for other in others)]


def squared_distance(first: nn.Module, second: nn.Module) -> Tensor:
    """Return the sum () of squared differences between the parameters of two modules of one form."""
    pairs = zip(first.parameters(), second.parameters(), strict=True)
    return torch.stack([(one - other).square().sum() for one, other in pairs]).sum()


@architectures.register(
    "soft_sharing",
    summary="a backbone a task, the auxiliary ones drawn to the principal one by the distance of their weights",
    source="Duong et al. 2015, Low Resource Dependency Parsing, ACL, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class SoftSharing:
    """Let each task have a network of its own, whose weights stay near the principal one's.

    The penalty is part of the auxiliary tasks' losses, so that their weights are those of the sharing as well.

    Source: Duong et al. 2015, ACL, doi:10.3115/v1/P15-2139, Section 3. Differs in: both networks are trained at once,
        from equal weights, so that they stay near each other.
    """

    reads_auxiliary: ClassVar[bool] = False

    coefficient: float = 1e-3
    """Penalty for a squared distance of 1 between the weights of two towers."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If the coefficient is negative or above a million.
        """
        check_weight("coefficient", self.coefficient)

    def build(
        self, backbone: Backbone, image_shape: tuple[int, int, int], num_classes: Sequence[int], *, seed: int
    ) -> SoftParameterSharing:
        """Make the network.

        Raises:
            DataError: If the backbone cannot serve these images.
        """
        towers = [seeded_trunk(backbone, image_shape, seed=seed, task=0) for _ in num_classes]
        heads = seeded_heads(towers[0].num_features, num_classes, seed=seed)
        return SoftParameterSharing(towers, heads, self.coefficient)
