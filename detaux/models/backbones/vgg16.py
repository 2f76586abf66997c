"""VGG16 as torchvision has it, without its classifier."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from detaux.core.errors import DataError
from detaux.data.pictures import check_pictures
from detaux.models.pretrained import Weights, cached_weights, check_weights
from detaux.models.registries import backbones
from detaux.models.standardize import IMAGENET_DEVIATION, IMAGENET_MEAN, Standardize

_FEATURES = 512
_SMALLEST = 32


@backbones.register(
    "vgg16",
    summary="VGG16, 512 features averaged over the map, images of 32 pixels and up",
    source="Simonyan & Zisserman 2015, arXiv:1409.1556, Table 1 (D); torchvision",
)
@dataclass(frozen=True, kw_only=True, slots=True)
class VGG16:
    """The thirteen convolutions of VGG16, averaged over the map that is left.

    The original spreads that map to 7 x 7 and ends in three linear layers of 120 million weights. They are
    replaced by the mean over the map, so that the number of features does not depend on the image size and
    the tasks' heads are all the classifier there is.
    """

    weights: Weights = "none"
    """Start at random, or from ImageNet weights already on this machine."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If `weights` is no known starting point.
        """
        check_weights(self.weights)

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that images are pictures, and that five halvings leave a map.

        Raises:
            DataError: If the images are embeddings, or smaller than 32 pixels.
        """
        check_pictures(image_shape, "use the backbone mlp")
        if min(image_shape[:2]) < _SMALLEST:
            height, width, _ = image_shape
            raise DataError(
                f"vgg16 needs images of {_SMALLEST} x {_SMALLEST} pixels or more, but they are {height} x {width}"
            )

    def build(self, image_shape: tuple[int, int, int]) -> tuple[nn.Module, int]:
        """Make the network.

        Raises:
            DataError: If the images are too small, or ImageNet weights are asked for and not on this machine.
        """
        from torchvision.models import VGG16_Weights
        from torchvision.models.vgg import cfgs, make_layers

        self.check_image(image_shape)
        convolutions: nn.Sequential = make_layers(cfgs["D"], batch_norm=False)
        if self.weights == "imagenet":
            _take_over(convolutions, cached_weights(VGG16_Weights.IMAGENET1K_V1))
        else:
            _initialise(convolutions)
        standardize = Standardize(IMAGENET_MEAN, IMAGENET_DEVIATION)
        return nn.Sequential(standardize, convolutions, nn.AdaptiveAvgPool2d(1), nn.Flatten()), _FEATURES


def _initialise(convolutions: nn.Sequential) -> None:
    """Draw initial weights as torchvision does: normal, of the variance that ReLU keeps on the way back."""
    for layer in convolutions:
        if isinstance(layer, nn.Conv2d) and layer.bias is not None:
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(layer.bias)


def _take_over(convolutions: nn.Sequential, state: dict[str, Tensor]) -> None:
    """Load the convolutions' part of the whole network's state."""
    prefix = "features."
    convolutions.load_state_dict(
        {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
    )
