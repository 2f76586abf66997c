"""What a data set is: images by index, and the class index of every factor of each."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import Field
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from detaux.core.errors import DataError
from detaux.core.progress import Progress


class Dataset(ABC):
    """N images with F factors each, read by index.

    A labelled set is the case of one factor, called `class`. Subclasses set the attributes below.
    """

    name: str
    """As records show it: `shapes3d`, `shapes3d:rendered`, `digits`, `folder:cifar10`."""
    factor_names: tuple[str, ...]
    """One name a factor, in the order of the columns of `factors`."""
    factor_sizes: tuple[int, ...]
    """How many values each factor takes."""
    value_names: Mapping[str, tuple[str, ...]]
    """Names of a factor's values, for those factors whose values have names."""
    image_shape: tuple[int, int, int]
    """(H, W, 3)."""
    rendered: bool
    """Whether the images were made again by us rather than taken from the official files."""
    licence: str
    """Under which the images may be used."""
    source: str
    """Where the images come from: title, address, what was changed."""
    fingerprint: str
    """64 hexadecimal digits; another one if and only if the images or their order are others."""
    official_parts: Mapping[str, NDArray[np.int64]]
    """`{"train": index, "test": index}` where the set comes with such a split, perhaps with `validation`; else empty."""
    group_factors: Mapping[str, tuple[int, ...]] = MappingProxyType({})
    """Values, by factor, that make a group with each principal class: what the worst-group score is over, if any."""

    @abstractmethod
    def __len__(self) -> int:
        """Return N, the number of images."""

    @abstractmethod
    def images(self, index: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Read images.

        Args:
            index: Which ones, shape (B,), in [0, N), in any order, repeats allowed.

        Returns:
            Images of shape (B, H, W, 3), uint8 in [0, 255], red first, contiguous; the caller's to keep.

        Raises:
            TypeError: If the index is no array of integers with one axis.
            IndexError: If an entry is outside [0, N).
        """

    @abstractmethod
    def factors(self, index: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Look up the factors of images.

        Args:
            index: Which images, shape (B,), in [0, N).

        Returns:
            Class indices of shape (B, F); column f lies in [0, factor_sizes[f]).

        Raises:
            TypeError: If the index is no array of integers with one axis.
            IndexError: If an entry is outside [0, N).
        """

    def groups(self, index: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Look up what the worst-group score needs of images.

        Args:
            index: Which images, shape (B,), in [0, N).

        Returns:
            A column for each of G group factors, shape (B, G): its value where that makes a group, else -1.
        """
        factors = self.factors(index)
        columns = [
            np.where(np.isin(column := factors[:, self.factor_names.index(name)], values), column, -1)
            for name, values in self.group_factors.items()
        ]
        return np.stack(columns, axis=1) if columns else np.empty((len(index), 0), np.int64)

    def index(self, factors: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Find the images of given factors, where each combination belongs to one image; see `FactorGrid.index`.

        Raises:
            DataError: If several images may share their factors, as in a labelled set.
        """
        del factors
        raise DataError(
            f"{self.name}: several images share their factors, so they name none; search `factors(...)` for them"
        )

    def check_index(self, index: NDArray[np.integer[Any]]) -> None:
        """Check that each entry of `index`, shape (B,), names an image.

        Raises:
            TypeError: If it is no array of integers with one axis.
            IndexError: If an entry names no image; the text gives it.
        """
        if not isinstance(index, np.ndarray) or index.ndim != 1 or index.dtype.kind not in "iu":
            raise TypeError(f"index must be a numpy array of integers, shape (B,), found {index!r:.80}")
        outside = index[(index < 0) | (index >= len(self))]
        if len(outside):
            raise IndexError(f"{self.name} has images 0 to {len(self) - 1}, but {outside[0]} was asked for")


class FactorGrid(Dataset):
    """Every combination of the factors' values exactly once, in row-major order: the last factor varies fastest.

    A grid may hold only some of the values that a factor takes in the full set; `levels` says which.
    """

    levels: tuple[tuple[int, ...], ...]
    """For each factor, which values of the full set the grid holds, ascending; `factor_sizes` are their counts."""
    full_sizes: tuple[int, ...]
    """How many values each factor takes in the full set."""

    def __len__(self) -> int:
        return math.prod(self.factor_sizes)

    def factors(self, index: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Look up the factors of images; see `Dataset.factors`."""
        self.check_index(index)
        return np.stack(np.unravel_index(index, self.factor_sizes), axis=-1).astype(np.int64, copy=False)

    def index(self, factors: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Find the images of given factors: the inverse of `factors`.

        Args:
            factors: Class indices of shape (..., F).

        Returns:
            Index of shape (...).

        Raises:
            ValueError: If there are not F columns, or a class index is out of its factor's range.
        """
        factors = np.asarray(factors)
        if factors.shape[-1:] != (len(self.factor_sizes),):
            raise ValueError(
                f"need {len(self.factor_sizes)} factors in the last axis, but the shape is {factors.shape}"
            )
        for name, size, values in zip(
            self.factor_names, self.factor_sizes, np.moveaxis(factors, -1, 0), strict=True
        ):
            if np.any((values < 0) | (values >= size)):
                raise ValueError(
                    f"{name} lies in 0 to {size - 1}, but {values.min()} to {values.max()} was given"
                )
        place_values = np.cumprod((1, *self.factor_sizes[:0:-1]))[::-1]
        return np.asarray(factors.astype(np.int64) @ place_values, dtype=np.int64)


class DatasetPart(Protocol):
    """A registered data set: a frozen dataclass whose fields are the options a suite may write."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    licence: ClassVar[str]
    """Under which the images may be used, as the authors say."""
    num_images: ClassVar[int | None]
    """With the default options; None where the user's own files decide."""

    def __init__(self, **options: Any) -> None: ...

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set, preparing its cache first where there is none.

        Args:
            progress: Hears of any preparation; without it, one of over two seconds is announced on stderr.

        Raises:
            DataError: If its files are missing or damaged.
        """
        ...
