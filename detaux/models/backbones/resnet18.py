"""ResNet-18 as torchvision has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import nn

from detaux.models.pretrained import MayBePretrained
from detaux.models.registries import backbones
from detaux.models.standardize import IMAGENET_DEVIATION, IMAGENET_MEAN, Standardize
from detaux.models.trunk import Trunk, average

_CHANNELS = (64, 64, 128, 256, 512)


@backbones.register(
    "resnet18",
    summary="ResNet-18, 512 features averaged over the map, images of 17 pixels and up",
    source="He et al. 2016, arXiv:1512.03385, Table 1; torchvision",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class ResNet18(MayBePretrained):
    """ResNet-18 up to its last averaging; the classifier is left out."""

    name: ClassVar[str] = "resnet18"
    smallest: ClassVar[int] = 17
    """So that no convolution halves a map of one place; see `SmallCNN.check_image`."""

    def build(self, image_shape: tuple[int, int, int]) -> Trunk:
        """Make the network: its stem is a stage, and so is each of its four groups of blocks.

        Raises:
            DataError: If the images are embeddings, or ImageNet weights are asked for and not on this machine.
        """
        from torchvision.models import ResNet18_Weights, resnet18

        self.check_image(image_shape)
        network = resnet18(weights=None)
        state = self.state(ResNet18_Weights.IMAGENET1K_V1)
        if state is not None:
            network.load_state_dict(state)
        stem = nn.Sequential(
            Standardize(IMAGENET_MEAN, IMAGENET_DEVIATION),
            network.conv1,
            network.bn1,
            network.relu,
            network.maxpool,
        )
        stages = [stem, network.layer1, network.layer2, network.layer3, network.layer4]
        return Trunk(stages, average(), channels=_CHANNELS, num_features=_CHANNELS[-1])
