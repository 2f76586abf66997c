"""Weights that others trained, read only from this machine: nothing is downloaded on the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

import torch
from torch import Tensor

from detaux.core.errors import MissingWeightsError
from detaux.core.hashing import file_hash
from detaux.data.pictures import check_pictures
from detaux.models.depth import check_depth

if TYPE_CHECKING:
    from torchvision.models import WeightsEnum

Weights = Literal["none", "imagenet"]
"""Where a backbone starts from: drawn at random, or trained on ImageNet."""


def check_weights(weights: str) -> None:
    """Check the name of a starting point.

    Raises:
        ValueError: If it is neither "none" nor "imagenet".
    """
    if weights not in ("none", "imagenet"):
        raise ValueError(f"weights must be 'none' or 'imagenet', but is {weights!r}")


@dataclass(frozen=True, kw_only=True, slots=True)
class MayBePretrained:
    """Options of a backbone that others have trained, for pictures alone."""

    name: ClassVar[str]
    """What the backbone is called."""
    smallest: ClassVar[int] = 1
    """Least height and width, in pixels, that leave a map."""

    weights: Weights = "none"
    """Start at random, or from ImageNet weights already on this machine."""

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ValueError: If `weights` is no known starting point.
        """
        check_weights(self.weights)

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check that images are pictures, and large enough to leave a map.

        Raises:
            DataError: If the images are embeddings, or too small.
        """
        check_pictures(image_shape, "use the backbone mlp")
        check_depth(self.name, image_shape, self.smallest)

    def state(self, imagenet: WeightsEnum) -> dict[str, Tensor] | None:
        """Return the state to start from, of torchvision's whole network; None for a random start.

        Raises:
            MissingWeightsError: If ImageNet weights are asked for and not on this machine.
        """
        return cached_weights(imagenet) if self.weights == "imagenet" else None


def cached_weights(weights: WeightsEnum) -> dict[str, Tensor]:
    """Read torchvision's weights from the file in torch hub's cache.

    Args:
        weights: Which weights; their file name ends in the first digits of its sha256.

    Returns:
        The state of torchvision's network, on the CPU.

    Raises:
        MissingWeightsError: If the file is not in the cache, or is not the one its name promises.
    """
    url = str(weights.url)
    path = Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[-1]
    if not path.is_file():
        raise MissingWeightsError(f"no ImageNet weights at {path}: put {url} there, or set weights to 'none'")
    _check_hash(path)
    state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def _check_hash(path: Path) -> None:
    promised, found = path.stem.rsplit("-", 1)[-1], file_hash(path)
    if not found.startswith(promised):
        raise MissingWeightsError(
            f"{path} is damaged: its sha256 starts with {found[:8]}, not {promised}; delete it and fetch it anew"
        )
