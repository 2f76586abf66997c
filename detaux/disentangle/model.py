"""What every model of stage one is: images to codes of K subspaces, and back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import Field
from typing import Any, ClassVar, Protocol, TypeVar

from torch import Tensor, nn

ModelT_co = TypeVar("ModelT_co", bound="Disentangler", covariant=True)


class Architecture(Protocol[ModelT_co]):
    """All that is needed to build a model again before its weights are read: a frozen dataclass of plain values."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def build(self) -> ModelT_co:
        """Return a model with weights drawn from torch's global generator."""


class Disentangler(nn.Module, ABC):
    """A trained or fresh model of stage one; subspace 0 belongs to the principal task."""

    architecture: Architecture[Disentangler]

    @abstractmethod
    def encode(self, images: Tensor) -> Tensor:
        """Return the codes (B, K, D), float32, of images (B, 3, H, W), float in [0, 1]."""

    @abstractmethod
    def decode(self, codes: Tensor) -> Tensor:
        """Return the images (B, 3, H, W), not clamped, of codes (B, K, D); in autocast's type if on."""

    @abstractmethod
    def put_first(self, subspace: int) -> None:
        """Exchange subspace 0 with another, so that codes are the same but for their order."""


def check_sizes(subspaces: int, latent_dim: int) -> None:
    """Check the sizes of a model's codes.

    Raises:
        ValueError: If there are fewer than 2 subspaces or no latent dimension.
    """
    if subspaces < 2:  # noqa: PLR2004 (one for the principal task, one for the rest)
        raise ValueError(f"subspaces must be at least 2, but is {subspaces}")
    if latent_dim < 1:
        raise ValueError(f"latent_dim must be at least 1, but is {latent_dim}")
