"""A multilayer perceptron: the backbone of embeddings, whose neighbouring numbers have nothing to do with each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from torch import nn

from detaux.models.registries import backbones
from detaux.models.standardize import Standardize
from detaux.models.trunk import Trunk

_CENTRE, _DEVIATION = (0.5,) * 3, (0.5,) * 3


@backbones.register(
    "mlp", summary="fully connected layers, for embeddings kept as images of one row", source="this suite"
)
@dataclass(frozen=True, kw_only=True, slots=True)
class MLP:
    """A stack of linear layer and ReLU on all pixels of an image."""

    widths: tuple[int, ...] = (256, 256)
    """Outputs of each layer; the last are the features."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If there are no widths, or one is below 1.
        """
        if not self.widths or min(self.widths) < 1:
            raise ValueError(f"widths must be one or more numbers above 0, but are {self.widths}")

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse nothing: any image size will do."""

    def build(self, image_shape: tuple[int, int, int]) -> Trunk:
        """Make the network, a stage a layer; its maps are of one place (B, width, 1, 1)."""
        stages = [_stage(*ends) for ends in pairwise((math.prod(image_shape), *self.widths))]
        stages[0].insert(0, Standardize(_CENTRE, _DEVIATION))
        return Trunk(stages, nn.Flatten(), channels=self.widths, num_features=self.widths[-1])


def _stage(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Flatten(), nn.Linear(inputs, outputs), nn.ReLU(), nn.Unflatten(1, (outputs, 1, 1))
    )
