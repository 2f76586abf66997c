"""Scikit-learn's handwritten digits: small real images that are always at hand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detaux.core.progress import Progress
from detaux.data.dataset import Dataset
from detaux.data.labelled import LabelledImages
from detaux.data.registries import datasets

_ORIGINAL_SIZE = 8
_BRIGHTEST = 16
_SOURCE = "Alpaydin and Kaynak 1998, Optical Recognition of Handwritten Digits, test part (scikit-learn load_digits)"


@datasets.register(
    "digits", summary="1,797 real handwritten digits, 10 classes, 8 px enlarged", source=_SOURCE
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Digits:
    """Options of the digits.

    Raises:
        ValueError: If `image_size` is below 8.
    """

    licence: ClassVar[str] = "CC BY 4.0 (UCI Machine Learning Repository)"
    num_images: ClassVar[int | None] = 1797

    image_size: int = 32
    """Rows and columns, at least 8; the 8x8 originals are enlarged by bilinear interpolation."""

    def __post_init__(self) -> None:
        if self.image_size < _ORIGINAL_SIZE:
            raise ValueError(f"image_size must be at least {_ORIGINAL_SIZE}, found {self.image_size}")

    def load(self, progress: Progress | None = None) -> Dataset:  # noqa: ARG002 - it takes no time
        """Open the data set, in the library's order."""
        from sklearn.datasets import load_digits

        originals, labels = load_digits(return_X_y=True)
        grey = np.rint(originals.reshape(-1, _ORIGINAL_SIZE, _ORIGINAL_SIZE) * 255 / _BRIGHTEST).astype(
            np.uint8
        )
        pixels = np.stack([self._enlarge(image) for image in grey])
        return LabelledImages(
            name="digits",
            pixels=pixels,
            rows=np.arange(len(pixels)),
            labels=labels.astype(np.int64),
            class_names=tuple(str(digit) for digit in range(10)),
            licence=self.licence,
            source=_SOURCE,
            fingerprint=hashlib.sha256(pixels.tobytes() + labels.astype("<i8").tobytes()).hexdigest(),
            official_parts={},
        )

    def _enlarge(self, grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Enlarge one image and repeat it over the three channels: (8, 8) to (image_size, image_size, 3)."""
        larger = Image.fromarray(grey).resize((self.image_size, self.image_size), Image.Resampling.BILINEAR)
        return np.repeat(np.asarray(larger)[:, :, None], 3, axis=2)
