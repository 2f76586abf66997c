"""Cross-stitch networks: a tower a task, whose maps are combined linearly after each stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from detaux.core.bounds import check_range
from detaux.learn.registries import architectures
from detaux.learn.sharing.towers import MixedTowers, build_mixed_towers, initial_shares
from detaux.models.registries import Backbone


class Stitch(nn.Module):
    """A weighted sum of all tasks' maps, a number a task and channel.

    Args:
        shares: Weight of each task at first (T,).
        channels: C of each task's maps.
        is_trained: Whether the weights are trained.
    """

    shares: Tensor

    def __init__(self, shares: Sequence[float], channels: int, *, is_trained: bool) -> None:
        super().__init__()
        first = torch.tensor(shares)[:, None, None, None].repeat(1, channels, 1, 1)
        if is_trained:
            self.shares = nn.Parameter(first)
        else:
            self.register_buffer("shares", first)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Return the sum (B, C, H, W) of maps, T times (B, C, H, W)."""
        terms = [share * map_ for share, map_ in zip(self.shares.unbind(), maps, strict=True)]
        return sum(terms[1:], start=terms[0])


@architectures.register(
    "cross_stitch",
    summary="a backbone a task, their maps mixed after each stage by a trained number a channel and pair of tasks",
    source="Misra et al. 2016, arXiv:1604.03539, Section 3",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class CrossStitch:
    """Let each task take a trained share of every channel of every task's maps.

    At `own_share` 1 the principal task starts as it does alone. Trained shares do not stay there: already the
    principal task's own loss draws on the auxiliary towers, whatever their weight, for features that single-task
    learning has not got. With `shares` fixed too, the towers are apart, and the principal task learns as if alone.

    Source: Misra et al. 2016, arXiv:1604.03539, Section 3. Differs in: the towers were not trained alone beforehand,
        and the shares have the network's learning rate, not one 100 to 1,000 times as high.
    """

    own_share: float = 0.9
    """What a task takes of its own maps at first; the rest is taken evenly of the others."""
    shares: Literal["trained", "fixed"] = "trained"
    """Whether the shares are trained, or stay as they start."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If the share does not lie in [0, 1], or `shares` is no known word.
        """
        check_range("own_share", self.own_share, 0, 1)
        if self.shares not in ("trained", "fixed"):
            raise ValueError(f"shares must be 'trained' or 'fixed', but is {self.shares!r}")

    @property
    def reads_auxiliary(self) -> bool:
        """Whether the principal answer has parts of the auxiliary tasks' towers in it."""
        return self.shares == "trained" or self.own_share < 1

    def build(
        self, backbone: Backbone, image_shape: tuple[int, int, int], num_classes: Sequence[int], *, seed: int
    ) -> MixedTowers:
        """Make the network.

        Raises:
            DataError: If the backbone cannot serve these images.
        """
        return build_mixed_towers(backbone, image_shape, num_classes, self._stitch, seed=seed)

    def _stitch(self, num_tasks: int, task: int, channels: int) -> Stitch:
        shares = initial_shares(num_tasks, task, self.own_share)
        return Stitch(shares, channels, is_trained=self.shares == "trained")
