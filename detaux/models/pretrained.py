"""Weights that others trained, read only from this machine: nothing is downloaded on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor

from detaux.core.errors import DataError
from detaux.core.hashing import file_hash

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


def cached_weights(weights: WeightsEnum) -> dict[str, Tensor]:
    """Read torchvision's weights from the file in torch hub's cache.

    Args:
        weights: Which weights; their file name ends in the first digits of its sha256.

    Returns:
        The state of torchvision's network, on the CPU.

    Raises:
        DataError: If the file is not in the cache, or is not the one its name promises.
    """
    url = str(weights.url)
    path = Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[-1]
    if not path.is_file():
        raise DataError(f"no ImageNet weights at {path}: put {url} there, or set weights to 'none'")
    _check_hash(path)
    state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def _check_hash(path: Path) -> None:
    promised, found = path.stem.rsplit("-", 1)[-1], file_hash(path)
    if not found.startswith(promised):
        raise DataError(
            f"{path} is damaged: its sha256 starts with {found[:8]}, not {promised}; delete it and fetch it anew"
        )
