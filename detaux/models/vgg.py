"""The sixteen-layer VGG with and without batch norm: torchvision's convolutions, without its classifier."""

from __future__ import annotations

from torch import Tensor, nn

from detaux.models.standardize import IMAGENET_DEVIATION, IMAGENET_MEAN, Standardize
from detaux.models.trunk import Trunk, average

SMALLEST = 32
"""Least height and width, in pixels, that five halvings leave a map of."""
_CHANNELS = (64, 128, 256, 512, 512)


def vgg16_trunk(*, batch_norm: bool, state: dict[str, Tensor] | None) -> Trunk:
    """Return the thirteen convolutions in five blocks, each ending in its max-pooling, and the mean over the map.

    Args:
        batch_norm: Whether a batch norm follows each convolution.
        state: Of torchvision's whole network, to start from; None draws weights at random.
    """
    from torchvision.models.vgg import cfgs, make_layers

    layers: nn.Sequential = make_layers(cfgs["D"], batch_norm=batch_norm)
    if state is None:
        _initialise(layers)
    else:
        _take_over(layers, state)
    return Trunk(_blocks(layers), average(), channels=_CHANNELS, num_features=_CHANNELS[-1])


def _blocks(layers: nn.Sequential) -> list[nn.Module]:
    blocks: list[nn.Module] = []
    block: list[nn.Module] = [Standardize(IMAGENET_MEAN, IMAGENET_DEVIATION)]
    for layer in layers:
        block.append(layer)
        if isinstance(layer, nn.MaxPool2d):
            blocks.append(nn.Sequential(*block))
            block = []
    return blocks


def _initialise(layers: nn.Sequential) -> None:
    """Draw initial weights as torchvision does: normal, of the variance that ReLU keeps on the way back."""
    for layer in layers:
        if isinstance(layer, nn.Conv2d) and layer.bias is not None:
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
            nn.init.zeros_(layer.bias)


def _take_over(layers: nn.Sequential, state: dict[str, Tensor]) -> None:
    """Load the convolutions' part of the whole network's state."""
    prefix = "features."
    layers.load_state_dict(
        {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
    )
