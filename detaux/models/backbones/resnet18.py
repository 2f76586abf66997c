"""ResNet-18 as torchvision has it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from detaux.models.pretrained import Weights, cached_weights, check_weights
from detaux.models.registries import backbones
from detaux.models.standardize import IMAGENET_DEVIATION, IMAGENET_MEAN, Standardize

_FEATURES = 512


@backbones.register(
    "resnet18",
    summary="ResNet-18, 512 features averaged over the map, any image size",
    source="He et al. 2016, arXiv:1512.03385, Table 1; torchvision",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class ResNet18:
    """ResNet-18 up to its last averaging; the classifier is left out."""

    weights: Weights = "none"
    """Start at random, or from ImageNet weights already on this machine."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If `weights` is no known starting point.
        """
        check_weights(self.weights)

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Refuse nothing: any image size will do, as the map is averaged at the end."""

    def build(self, image_shape: tuple[int, int, int]) -> tuple[nn.Module, int]:
        """Make the network.

        Raises:
            DataError: If ImageNet weights are asked for and not on this machine.
        """
        from torchvision.models import ResNet18_Weights, resnet18

        del image_shape  # every size passes
        network = resnet18(weights=None)
        if self.weights == "imagenet":
            network.load_state_dict(cached_weights(ResNet18_Weights.IMAGENET1K_V1))
        network.fc = nn.Identity()
        return nn.Sequential(Standardize(IMAGENET_MEAN, IMAGENET_DEVIATION), network), _FEATURES
