"""A small batch-norm network for images of 32 pixels or so: the backbone of quick experiments."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from torch import nn

from detaux.data.pictures import check_pictures
from detaux.models.depth import check_depth
from detaux.models.registries import backbones
from detaux.models.standardize import Standardize
from detaux.models.trunk import Trunk, average

_CENTRE, _DEVIATION = (0.5,) * 3, (0.5,) * 3


@backbones.register(
    "small_cnn", summary="four 3x3 convolutions with batch norm, for images of 32 pixels", source="this suite"
)
@dataclass(frozen=True, kw_only=True, slots=True)
class SmallCNN:
    """A stack of 3x3 convolution, batch norm and ReLU.

    Without pooling the features can hold each training image's own noise; averaging forgets it.
    """

    widths: tuple[int, ...] = (16, 32, 64, 64)
    """Channels of each convolution."""
    halvings: int = 3
    """How many convolutions, from the first, halve the map; at most as many as there are."""
    pooling: Literal["none", "mean"] = "none"
    """Whether each place of the last map gives features, or each channel its mean over the map."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If there are no widths, one is below 1, halvings exceed their number, or the pooling is
                unknown.
        """
        if not self.widths or min(self.widths) < 1:
            raise ValueError(f"widths must be one or more numbers above 0, but are {self.widths}")
        if not 0 <= self.halvings <= len(self.widths):
            raise ValueError(f"halvings must lie between 0 and {len(self.widths)}, but is {self.halvings}")
        if self.pooling not in ("none", "mean"):
            raise ValueError(f"pooling must be 'none' or 'mean', but is {self.pooling!r}")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that images are pictures, and that no convolution halves a map of one place.

        torch 2.14 gives such a convolution's weights gradients of garbage in bfloat16 on some processors.

        Raises:
            DataError: If they are embeddings, or too small.
        """
        check_pictures(image_shape, "use the backbone mlp")
        check_depth("small_cnn", image_shape, 2 ** (self.halvings - 1) + 1 if self.halvings else 1)

    def build(self, image_shape: tuple[int, int, int]) -> Trunk:
        """Make the network, a stage a convolution.

        Raises:
            DataError: If the images are embeddings, or too small.
        """
        self.check_image(image_shape)
        stages = [
            _stage(inputs, outputs, stride=2 if depth < self.halvings else 1)
            for depth, (inputs, outputs) in enumerate(pairwise((image_shape[2], *self.widths)))
        ]
        stages[0].insert(0, Standardize(_CENTRE, _DEVIATION))
        end = average() if self.pooling == "mean" else nn.Flatten()
        return Trunk(stages, end, channels=self.widths, num_features=self._num_features(image_shape))

    def _num_features(self, image_shape: tuple[int, int, int]) -> int:
        if self.pooling == "mean":
            return self.widths[-1]
        height, width = (math.ceil(side / (1 << self.halvings)) for side in image_shape[:2])
        return self.widths[-1] * height * width


def _stage(inputs: int, outputs: int, *, stride: int) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())
