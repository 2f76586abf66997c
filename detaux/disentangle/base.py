"""What every method of stage one takes and gives: its data, its options in common, and the codes of its model."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.corrupting import Corruption
from detaux.data.dataset import Dataset
from detaux.data.split import Split
from detaux.data.staging import Images
from detaux.disentangle.model import Disentangler
from detaux.train.history import History
from detaux.train.policy import Policy


@dataclass(frozen=True, kw_only=True, slots=True)
class StageOneData:
    """What stage one may see; which parts of the split it does see is the method's affair."""

    dataset: Dataset
    """The images."""
    split: Split
    """Its parts."""
    labels: NDArray[np.int64]
    """Principal label of every image of the data set, shape (N,)."""
    principal: tuple[str, ...]
    """Names of the factors that make up the principal label."""


class Method(Protocol):
    """A registered disentangler: a frozen dataclass whose fields are the options a suite may write."""

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]

    def __init__(self, **options: Any) -> None: ...

    @property
    def strength(self) -> float:
        """Factor of every loss term but reconstruction; 0 is a plain autoencoder."""

    @property
    def subspaces(self) -> int:
        """K."""

    @property
    def latent_dim(self) -> int:
        """D, of which codes have a multiple where latents are maps."""

    def noise(self) -> Corruption:
        """Return the corruption of the images it is trained on; its codes are those of such images."""

    def check_pairs(
        self, dataset: Dataset, pool: NDArray[np.int64], labels: NDArray[np.int64], principal: Sequence[str]
    ) -> None:
        """Check that the images of a pool make the pairs that training draws.

        Args:
            dataset: With N images.
            pool: Index of the training images, shape (n,).
            labels: Principal class of every image, shape (N,).
            principal: Factors that make the principal class.

        Raises:
            DataError: If they do not; the text names the remedy.
        """

    def check_image(self, image_shape: tuple[int, int, int]) -> None:
        """Check, without building anything, that images of this shape (H, W, 3) can be trained on.

        Raises:
            DataError: If they cannot; the text names the remedy.
        """

    def fit(
        self, data: StageOneData, *, seed: int, policy: Policy, work: Path | None, progress: Progress
    ) -> tuple[Disentangler, History]:
        """Train on the data; everything random follows from `seed`."""


@torch.no_grad()
def codes_of(model: Disentangler, images: Images, policy: Policy, batch: int = 512) -> NDArray[np.float32]:
    """Return the codes of every image of a pool, shape (N, K, D), float32.

    Args:
        model: In eval mode, on `policy.device`.
        images: The pool, on the same device.
        policy: Precision of the encoder.
        batch: Images encoded at once.
    """
    pieces = torch.split(torch.arange(len(images)), batch)
    with policy.autocast():
        codes = [model.encode(images.gather(positions)).cpu() for positions in pieces]
    return torch.cat(codes).numpy()
