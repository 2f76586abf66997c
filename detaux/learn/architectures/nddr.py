"""NDDR-CNN: a tower a task, whose maps are fused after each stage by a convolution over all tasks' channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from detaux.core.bounds import check_range
from detaux.learn.registries import architectures
from detaux.learn.sharing.towers import MixedTowers, build_mixed_towers, initial_shares
from detaux.models.registries import Backbone


class Fusion(nn.Module):
    """A 1x1 convolution of all tasks' channels, and batch norm.

    Args:
        shares: What each channel has at first of the same channel of each task (T,).
        channels: C of each task's maps.
    """

    def __init__(self, shares: Sequence[float], channels: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(len(shares) * channels, channels, 1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        with torch.no_grad():
            diagonal = torch.cat([share * torch.eye(channels) for share in shares], dim=1)
            self.convolution.weight.copy_(diagonal[:, :, None, None])

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Return the fusion (B, C, H, W) of maps, T times (B, C, H, W)."""
        fused: Tensor = self.norm(self.convolution(torch.cat(list(maps), dim=1)))
        return fused


@architectures.register(
    "nddr",
    summary="a backbone a task, their maps fused after each stage by a 1x1 convolution and batch norm",
    source="Gao et al. 2019, arXiv:1801.08297, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class NDDR:
    """Let each task reduce the channels of all tasks to its own number of them.

    At `own_share` 1 the principal task starts as it does alone, but it does not stay so, even with its auxiliary
    tasks at weight 0: its own loss trains the convolution, which takes from the auxiliary towers whatever helps. To
    hold the convolution fast would leave nothing of the method; `cross_stitch` can do it.

    Source: Gao et al. 2019, arXiv:1801.08297, Section 3. Differs in: the towers were not trained alone beforehand,
        the fusion has the network's learning rate, not one 100 times as high, there are no shortcuts from every stage to
        the last, and no ReLU follows the batch norm, as it does in some implementations.
    """

    reads_auxiliary: ClassVar[bool] = True

    own_share: float = 0.9
    """What a task takes of its own maps at first; the rest is taken evenly of the others."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If the share does not lie in [0, 1].
        """
        check_range("own_share", self.own_share, 0, 1)

    def build(
        self, backbone: Backbone, image_shape: tuple[int, int, int], num_classes: Sequence[int], *, seed: int
    ) -> MixedTowers:
        """Make the network.

        Raises:
            DataError: If the backbone cannot serve these images.
        """
        return build_mixed_towers(backbone, image_shape, num_classes, self._fusion, seed=seed)

    def _fusion(self, num_tasks: int, task: int, channels: int) -> Fusion:
        return Fusion(initial_shares(num_tasks, task, self.own_share), channels)
