"""The official files of MPI3D, each converted once to an array that can be read at random."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detaux.core.errors import DataError
from detaux.core.progress import Progress
from detaux.data.cache import CacheEntry, cached_array
from detaux.data.official.converted import is_in_cache, write_pieces
from detaux.data.official.file import OfficialFile, absence, check_official, is_there
from detaux.data.official.npz import npz_pieces

_KIND = "mpi3d-official"
_KEY = "images"
_PIECE_IMAGES = 1000
_HOST = "https://huggingface.co/datasets/waleedgondal/mpi3d/resolve/main"
_OLDER_HOST = "https://storage.googleapis.com/disentanglement_dataset/Final_Dataset"


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """One published npz, whose array `images` is uint8 in C order."""

    file: OfficialFile
    """Where to have it, and its digest."""
    image_shape: tuple[int, int, int, int]
    """Of `images`, (N, H, W, 3)."""


def _of_both_hosts(name: str, md5: str, *, instead: str = "") -> Release:
    """Return a release whose md5 was published of the older host's file; the newer host's may have been mended since."""
    urls = (f"{_OLDER_HOST}/{name}", f"{_HOST}/{name}")
    file = OfficialFile(name=name, urls=urls, algorithm="md5", digest=md5, size=None, instead=instead)
    return Release(file=file, image_shape=(1_036_800, 64, 64, 3))


RELEASES: Mapping[str, Release] = {
    "toy": _of_both_hosts(
        "mpi3d_toy.npz", "55889cb7c7dfc655d6e0277beee88868", instead="set origin to 'rendered'"
    ),
    "realistic": _of_both_hosts("mpi3d_realistic.npz", "59a6225b88b635365f70c91b3e52f70f"),
    "real": _of_both_hosts("mpi3d_real.npz", "0f33f609918fb5c97996692f91129802"),
    "complex": Release(
        file=OfficialFile(
            name="real3d_complicated_shapes_ordered.npz",
            urls=(
                "https://drive.google.com/uc?export=download&confirm=t&id=1Tp8eTdHxgUMtsZv5uAoYAbJR1BOa_OQm",
            ),
            algorithm="sha256",
            digest=None,
            size=None,
        ),
        image_shape=(460_800, 64, 64, 3),
    ),
}
"""By version. No size is published for any, and no digest for `complex`: layout and the zip's checksum tell there.

Source: addresses from github.com/rr-learning/disentanglement_dataset; md5 from github.com/nmichlo/disent, which took
them from the older host. `mpi3d_real.npz` was put up again in 2025, so the newer host's file may have another md5.
"""


def is_at_hand(release: Release) -> bool:
    """Tell whether the file has been converted, or lies in the cache folder."""
    return is_in_cache(release.file, _KIND, release.file.identity)


def open_official(path: Path, progress: Progress, release: Release) -> CacheEntry:
    """Open the official images, converting the file first where that has not been done.

    Args:
        path: Of the npz; once it has been converted it is needed no longer.
        progress: Hears of the check, which reads the whole file, and of the conversion.
        release: What the file must be.

    Returns:
        Images of shape (N, H, W, 3), uint8, memory-mapped; the notes hold the digest found, by its algorithm.

    Raises:
        DataError: If the file is missing, truncated, laid out in another way or of another content, or if the cache
            has too little room for the images.
    """

    def fill(array_path: Path) -> Mapping[str, Any]:
        if not is_there(path):
            raise absence(path, release.file)
        _check_room(array_path.parent, release)
        digest = check_official(path, release.file, progress)
        pieces = npz_pieces(path, release.file, _KEY, release.image_shape, rows=_PIECE_IMAGES)
        write_pieces(array_path, release.image_shape, pieces, progress, path.name)
        return {"converted_from": str(path), release.file.algorithm: digest}

    return cached_array(_KIND, release.file.identity, fill)


def _check_room(folder: Path, release: Release) -> None:
    needed, free = math.prod(release.image_shape), shutil.disk_usage(folder).free
    if free < needed:
        raise DataError(
            f"{folder} has {free / 1e9:.1f} GB free, but the images of {release.file.name} take "
            f"{needed / 1e9:.1f} GB; make room there, or set DETAUX_CACHE to a folder on a larger disk"
        )
