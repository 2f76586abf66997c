"""The official npz of dSprites, converted once to an array that can be read at random."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.cache import cached_array
from detaux.data.official.converted import is_in_cache, write_pieces
from detaux.data.official.file import OfficialFile, check_official, refusal
from detaux.data.official.npz import npz_pieces

_KIND = "dsprites-official"
_KEY = "imgs"  # the only one read: `metadata` is a pickle
_PIECE_IMAGES = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """One published file, and how its images are laid out."""

    file: OfficialFile
    """The npz."""
    shape: tuple[int, int, int]
    """Of its array `imgs`, (N, H, W), uint8, 0 or 1."""


_NAME = "dsprites_ndarray_co1sh3sc6or40x32y32_64x64.npz"
OFFICIAL = Release(
    file=OfficialFile(
        name=_NAME,
        urls=(f"https://github.com/google-deepmind/dsprites-dataset/raw/master/{_NAME}",),
        algorithm="md5",
        digest="7da33b31b13a06f4b04a70402ce90c2e",
        size=None,
        instead="set origin to 'rendered'",
    ),
    shape=(737_280, 64, 64),
)
"""The only release; no publisher's digest is known, this md5 is the one that public loaders agree on."""


def is_at_hand(release: Release = OFFICIAL) -> bool:
    """Tell whether the file has been converted, or lies in the cache folder."""
    return is_in_cache(release.file, _KIND, release.file.identity)


def open_official(path: Path, progress: Progress, release: Release = OFFICIAL) -> NDArray[np.uint8]:
    """Open the official images, converting the file first where that has not been done.

    The array takes N * H * W bytes on disk (3.0 GB); 17 MB are in memory at a time.

    Args:
        path: Of the file; once it has been converted it is needed no longer.
        progress: Hears of the conversion.
        release: What the file must be.

    Returns:
        Shape (N, H, W), uint8, 0 or 255, memory-mapped.

    Raises:
        DataError: If the file is missing, of another content, or laid out in another way.
    """

    def fill(array_path: Path) -> Mapping[str, Any]:
        check_official(path, release.file)
        write_pieces(array_path, release.shape, _pieces(path, release), progress, path.name)
        return {"converted_from": str(path)}

    return cached_array(_KIND, release.file.identity, fill).array


def _pieces(path: Path, release: Release) -> Iterator[NDArray[np.uint8]]:
    """Read the images a piece at a time, in 0 and 255."""
    for piece in npz_pieces(path, release.file, _KEY, release.shape, rows=_PIECE_IMAGES):
        if piece.max() > 1:
            raise refusal(path, release.file, f"holds {piece.max()} in imgs, where 0 and 1 are expected")
        yield 255 * piece
