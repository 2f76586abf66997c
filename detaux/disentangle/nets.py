"""The nets of stage one: encoders with their mirrored decoders, by the name of a preset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from detaux.core.errors import DataError
from detaux.data.pictures import check_pictures
from detaux.models.autoencoders import ConvNet, paper_net
from detaux.models.patch_net import PatchNet, patch_net
from detaux.models.resnet_net import ResNetNet, map_resnet, vector_resnet

Net = ConvNet | PatchNet | ResNetNet
"""Makes `encoder(width)` and `decoder(width)`, modules between packed images and latents, and packs and unpacks images.

It also makes the `projectors(subspaces, width)` that turn latents into codes of K subspaces. Latents are vectors of
`width` numbers; those of the preset `large` are maps of `width` channels, codes and the decoder's input their numbers in
a row: `width` * h * w."""
PresetName = Literal["paper", "fast", "large", "large_vector"]

NETS: Mapping[PresetName, Callable[[int], Net]] = MappingProxyType(
    {"paper": paper_net, "fast": patch_net, "large": map_resnet, "large_vector": vector_resnet}
)
"""Makers of the net for an image size in pixels."""
MAP_PRESETS: frozenset[PresetName] = frozenset({"large"})
"""Those whose latents are maps."""


def net_for(preset: PresetName, image_shape: tuple[int, int, int]) -> Net:
    """Return the preset's net for images of shape (H, W, 3).

    Raises:
        DataError: If they are embeddings, not square, or of a size that the net does not take.
    """
    check_pictures(image_shape, "stage one has no net for them, so leave out arms that need discovery")
    height, width, _ = image_shape
    if height != width:
        raise DataError(f"the images must be square, but are {height} x {width}; set image_size")
    try:
        return NETS[preset](height)
    except ValueError as error:
        raise DataError(f"{error} for preset {preset!r}; set image_size") from error
