"""The network that gives images their auxiliary labels, where these are learnt."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from detaux.learn.seeded import seeded
from detaux.models.standardize import Standardize

_WIDTHS = (3, 16, 32, 64, 64)
_GROUP_CHANNELS = 4


class LabelNet(nn.Module):
    """Pictures of any size to logits: four 3x3 convolutions that halve the map, and the mean over what is left of it.

    An image's logits depend on that image alone, and asking for them leaves no trace: channels are normalised in groups
    within the image, without running statistics.

    Args:
        num_logits: How many logits an image is given.
        seed: Seed of the run, for the initial weights.
    """

    def __init__(self, num_logits: int, *, seed: int) -> None:
        super().__init__()
        self.layers = seeded("label net", seed, lambda: _layers(num_logits))

    def forward(self, images: Tensor) -> Tensor:
        """Return logits (B, num_logits) of images (B, 3, H, W), float in [0, 1]."""
        logits: Tensor = self.layers(images)
        return logits


def _layers(num_logits: int) -> nn.Sequential:
    blocks = [_block(inputs, outputs) for inputs, outputs in pairwise(_WIDTHS)]
    end = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(_WIDTHS[-1], num_logits)
    return nn.Sequential(Standardize((0.5,) * 3, (0.5,) * 3), *blocks, *end)


def _block(inputs: int, outputs: int) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False)
    return nn.Sequential(convolution, nn.GroupNorm(outputs // _GROUP_CHANNELS, outputs), nn.ReLU())
