"""The official 3dshapes.h5, converted once to an array that can be read at random."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.cache import cached_array
from detaux.data.official.converted import is_in_cache, write_pieces
from detaux.data.official.file import OfficialFile, check_official, reading_as, refusal

_KIND = "shapes3d-official"
_PIECE_IMAGES = 1000
_FAULTS = (Exception,)  # of h5py, which lets most errors of the layout through as they come


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """One published file, told by its content."""

    sha256: str
    """Of the file."""
    image_shape: tuple[int, int, int, int]
    """Of its array `images`, (N, H, W, 3), uint8."""
    factors: Mapping[str, int]
    """Number of values of each column of its array `labels`, (N, F): every combination once, the last fastest."""
    size: int | None = None
    """In bytes."""

    @property
    def file(self) -> OfficialFile:
        """Where to have it, and how to check it."""
        return OfficialFile(
            name="3dshapes.h5",
            urls=("https://storage.googleapis.com/3d-shapes/3dshapes.h5",),
            algorithm="sha256",
            digest=self.sha256,
            size=self.size,
            instead="set origin to 'rendered'",
        )


OFFICIAL = Release(
    sha256="0a0f6ed98baff276a50f3a081a7434d788da63cb135a98189b2a5b5769be1785",
    image_shape=(480_000, 64, 64, 3),
    factors={"floor_hue": 10, "wall_hue": 10, "object_hue": 10, "scale": 8, "shape": 4, "orientation": 15},
    size=267_573_662,
)
"""The only release; its size and sha256 as TensorFlow Datasets records them."""


def is_at_hand(release: Release = OFFICIAL) -> bool:
    """Tell whether the file has been converted, or lies in the cache folder."""
    return is_in_cache(release.file, _KIND, _facts(release))


def open_official(path: Path, progress: Progress, release: Release = OFFICIAL) -> NDArray[np.uint8]:
    """Open the official images, converting the file first where that has not been done.

    Args:
        path: Of the file; once it has been converted it is needed no longer.
        progress: Hears of the conversion.
        release: What the file must be.

    Returns:
        Shape (N, H, W, 3), uint8, memory-mapped.

    Raises:
        DataError: If the file is missing, of another content, or laid out or labelled in another way.
    """

    def fill(array_path: Path) -> Mapping[str, Any]:
        check_official(path, release.file)
        _check(path, release)
        _convert(path, array_path, progress)
        return {"converted_from": str(path)}

    return cached_array(_KIND, _facts(release), fill).array


def _facts(release: Release) -> Mapping[str, Any]:
    return {"source_sha256": release.sha256}


def _check(path: Path, release: Release) -> None:
    """Check layout and labels of a file whose content has been checked."""
    expected = {
        "images": (release.image_shape, "uint8"),
        "labels": ((release.image_shape[0], len(release.factors)), "float64"),
    }
    reading = reading_as(path, release.file, "3dshapes.h5", _FAULTS)
    with reading, h5py.File(path, "r") as archive:
        for key, layout in expected.items():
            found = (archive[key].shape, str(archive[key].dtype))
            if found != layout:
                raise refusal(path, release.file, f"holds {key} of {found} where {layout} is expected")
        _check_labels(path, archive["labels"][:], release)


def _check_labels(path: Path, labels: NDArray[np.float64], release: Release) -> None:
    """Check that labels, shape (N, F), grow with the place in the grid, which tells the factors of an image here."""
    grid = labels.reshape(*release.factors.values(), -1)
    for column, name in enumerate(release.factors):
        levels = np.moveaxis(grid[..., column], column, 0).reshape(grid.shape[column], -1)
        is_one_value = (levels == levels[:, :1]).all()
        if not (is_one_value and (np.diff(levels[:, 0]) > 0).all()):
            what = f"holds labels of {name} that are not in the order of its images, every combination once"
            raise refusal(path, release.file, what)


def _convert(path: Path, array_path: Path, progress: Progress) -> None:
    """Copy the images piece by piece."""
    with h5py.File(path, "r") as archive:
        images = archive["images"]
        pieces = (images[start : start + _PIECE_IMAGES] for start in range(0, len(images), _PIECE_IMAGES))
        write_pieces(array_path, tuple(images.shape), pieces, progress, path.name)
