"""VGG16 with batch norm as torchvision has it, without its classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detaux.models.pretrained import MayBePretrained
from detaux.models.registries import backbones
from detaux.models.trunk import Trunk
from detaux.models.vgg import SMALLEST, vgg16_trunk


@backbones.register(
    "vgg16_bn",
    summary="VGG16 with batch norm, 512 features averaged over the map, images of 32 pixels and up",
    source="Simonyan & Zisserman 2015, arXiv:1409.1556, Table 1 (D); Ioffe & Szegedy 2015, arXiv:1502.03167; torchvision",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class VGG16BN(MayBePretrained):
    """VGG16 with a batch norm after each convolution, averaged over the map that is left.

    As in `vgg16`, the mean over the map is in place of the original's three linear layers.
    """

    name: ClassVar[str] = "vgg16_bn"
    smallest: ClassVar[int] = SMALLEST

    def build(self, image_shape: tuple[int, int, int]) -> Trunk:
        """Make the network, a stage a block of convolutions that ends in its max-pooling.

        Raises:
            DataError: If the images are too small, or ImageNet weights are asked for and not on this machine.
        """
        from torchvision.models import VGG16_BN_Weights

        self.check_image(image_shape)
        state = self.state(VGG16_BN_Weights.IMAGENET1K_V1)
        return vgg16_trunk(batch_norm=True, state=state)
