"""VGG16 as torchvision has it, without its classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detaux.models.pretrained import MayBePretrained
from detaux.models.registries import backbones
from detaux.models.trunk import Trunk
from detaux.models.vgg import SMALLEST, vgg16_trunk


@backbones.register(
    "vgg16",
    summary="VGG16, 512 features averaged over the map, images of 32 pixels and up",
    source="Simonyan & Zisserman 2015, arXiv:1409.1556, Table 1 (D); torchvision",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class VGG16(MayBePretrained):
    """The thirteen convolutions of VGG16, averaged over the map that is left.

    The original spreads that map to 7 x 7 and ends in three linear layers of 120 million weights. They are
    replaced by the mean over the map, so that the number of features does not depend on the image size and
    the tasks' heads are all the classifier there is.
    """

    name: ClassVar[str] = "vgg16"
    smallest: ClassVar[int] = SMALLEST

    def build(self, image_shape: tuple[int, int, int]) -> Trunk:
        """Make the network, a stage a block of convolutions that ends in its max-pooling.

        Raises:
            DataError: If the images are too small, or ImageNet weights are asked for and not on this machine.
        """
        from torchvision.models import VGG16_Weights

        self.check_image(image_shape)
        state = self.state(VGG16_Weights.IMAGENET1K_V1)
        return vgg16_trunk(batch_norm=False, state=state)
