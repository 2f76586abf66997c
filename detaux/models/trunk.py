"""What every backbone builds: a chain of stages, so that an architecture may reach in between them."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn


class Trunk(nn.Module):
    """A backbone as a chain of stages.

    Args:
        stages: The first takes images (B, 3, H, W), float in [0, 1], and each gives maps (B, C_s, H_s, W_s).
        end: Last maps to features (B, P). It learns nothing and treats channels alike, so that it takes any number
            of them.
        channels: C_s of each stage.
        num_features: P.

    Raises:
        ValueError: If there is no stage or not one number of channels a stage, `end` has parameters, or P is no
            multiple of the last stage's channels.
    """

    def __init__(
        self, stages: Sequence[nn.Module], end: nn.Module, *, channels: Sequence[int], num_features: int
    ) -> None:
        super().__init__()
        if not stages or len(stages) != len(channels):
            raise ValueError(f"{len(stages)} stages need as many numbers of channels, but found {channels}")
        if num_features % channels[-1]:
            raise ValueError(f"{num_features} features are no multiple of {channels[-1]} channels")
        if next(end.parameters(), None) is not None:
            raise ValueError("the end of a backbone has parameters; put them in the last stage")
        self.stages = nn.ModuleList(stages)
        self.end = end
        self.channels = tuple(channels)
        self.num_features = num_features

    @property
    def places(self) -> int:
        """How many features `end` makes of each channel."""
        return self.num_features // self.channels[-1]

    def forward(self, images: Tensor) -> Tensor:
        """Return the features (B, P) of images (B, 3, H, W)."""
        features: Tensor = self.end(self.maps(images)[-1])
        return features

    def maps(self, images: Tensor) -> list[Tensor]:
        """Return the maps (B, C_s, H_s, W_s) of every stage."""
        maps = [images]
        for stage in self.stages:
            maps.append(stage(maps[-1]))
        return maps[1:]


def average() -> nn.Sequential:
    """Return an end that averages each channel over its map: P = C."""
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
