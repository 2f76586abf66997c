"""Swin-B as torchvision has it, without its classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from detaux.models.pretrained import MayBePretrained
from detaux.models.registries import backbones
from detaux.models.standardize import IMAGENET_DEVIATION, IMAGENET_MEAN, Standardize
from detaux.models.trunk import Trunk, average

_CHANNELS = (128, 256, 512, 1024)
_PATCH = 4


@backbones.register(
    "swin_b",
    summary="Swin-B transformer, 1024 features averaged over the map, images of 4 pixels and up; made for 224",
    source="Liu et al. 2021, arXiv:2103.14030, Section 3; torchvision",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class SwinB(MayBePretrained):
    """The four stages of Swin-B, averaged over the map that is left.

    Any image that has a patch of 4 x 4 pixels will do: maps with an odd side, and those smaller than the window of
    7 x 7 patches, are filled up with zeros, so that small images cost as much as larger ones. In training
    whole branches are dropped at random: none in the first block, half of them in the last.
    """

    name: ClassVar[str] = "swin_b"
    smallest: ClassVar[int] = _PATCH

    def build(self, image_shape: tuple[int, int, int]) -> Trunk:
        """Make the network, a stage what works at one resolution.

        Raises:
            DataError: If the images are too small, or ImageNet weights are asked for and not on this machine.
        """
        from torchvision.models import Swin_B_Weights, swin_b

        self.check_image(image_shape)
        state = self.state(Swin_B_Weights.IMAGENET1K_V1)
        network = swin_b(weights=None)
        if state is not None:
            network.load_state_dict(state)
        stages = _stages(network.features, network.norm)
        return Trunk(stages, average(), channels=_CHANNELS, num_features=_CHANNELS[-1])


def _stages(features: nn.Sequential, norm: nn.Module) -> list[nn.Module]:
    """Split the features, which are patches, blocks, merging, blocks, merging ..., behind each group of blocks."""
    from torchvision.ops import Permute

    patches, first, *layers = features
    stages = [
        nn.Sequential(Standardize(IMAGENET_MEAN, IMAGENET_DEVIATION), patches, first),
        *(
            nn.Sequential(Permute([0, 2, 3, 1]), merging, blocks)
            for merging, blocks in zip(layers[::2], layers[1::2], strict=True)
        ),
    ]
    stages[-1].append(norm)
    return [stage.append(Permute([0, 3, 1, 2])) for stage in stages]
