"""The six official files of small NORB, converted once to an array that can be read at random."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.cache import ArrayWriter, cached_array
from detaux.data.official.file import OfficialFile, refusal
from detaux.data.official.places import check_places
from detaux.data.official.small_norb_matrix import INT32, UINT8, matrix, matrix_pieces

FACTORS = {"category": 5, "instance": 10, "elevation": 9, "azimuth": 18, "lighting": 6}
_KIND = "small-norb-official"
_PIECE_IMAGES = 256
_AZIMUTH_STEP = 2  # azimuths are written 0, 2, ..., 34, in tens of degrees


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One half of the release: five instances of each category, every view of them once."""

    dat: OfficialFile
    """Images in stereo pairs, (N, 2, S, S), uint8."""
    cat: OfficialFile
    """Category of each, (N,), int32."""
    info: OfficialFile
    """Instance, elevation, azimuth and lighting of each, (N, 4), int32."""
    instances: tuple[int, ...]
    """Which of the ten."""

    @property
    def files(self) -> tuple[OfficialFile, ...]:
        """All three."""
        return self.dat, self.cat, self.info


def _file(stem: str, kind: str, size: int, digest: str) -> OfficialFile:
    name = f"smallnorb-{stem}-{kind}.mat.gz"
    url = f"https://cs.nyu.edu/~ylclab/data/norb-v1.0-small/{name}"
    return OfficialFile(name=name, urls=(url,), algorithm="sha256", digest=digest, size=size)


_TRAIN, _TEST = "5x46789x9x18x6x2x96x96-training", "5x01235x9x18x6x2x96x96-testing"
OFFICIAL = {
    "train": Part(
        dat=_file(
            _TRAIN, "dat", 131_896_188, "5ffd6272a07d32695ee1082a26a41a93a37aab8c28da047f8c34ed348d214873"
        ),
        cat=_file(_TRAIN, "cat", 348, "2784e542c1922060691090952b6cd6278879a216c90f81476f0f00256d42cdaa"),
        info=_file(
            _TRAIN, "info", 71_052, "de7eb932ebe7a4ee16217fead60660d0eb3d23632c2f4d1c51f88c501c17bf32"
        ),
        instances=(4, 6, 7, 8, 9),
    ),
    "test": Part(
        dat=_file(
            _TEST, "dat", 130_799_817, "cf7104eed3e51174d2f65b66d1e5878b9da233b886f161b0d88f4510ba2c7474"
        ),
        cat=_file(_TEST, "cat", 347, "ecaf6d5bb8c3bc5eab9cf0258f6d2198dd474e016e374836fc097f2e5ff509ff"),
        info=_file(_TEST, "info", 10_428, "16adf314226327ee006d1a44db8cfef52773c06c829951d5653a9f6f310248a2"),
        instances=(0, 1, 2, 3, 5),
    ),
}
"""The only release; sizes and sha256 as TensorFlow Datasets records them."""


def identity(parts: Mapping[str, Part]) -> dict[str, Any]:
    """Return what tells these files from others, as JSON values."""
    return {name: [file.identity for file in part.files] for name, part in parts.items()}


def open_official(
    folder: Path, progress: Progress, parts: Mapping[str, Part], *, side: int = 96
) -> NDArray[np.uint8]:
    """Open the left images of both parts, converting the files first where that has not been done.

    The array takes 448 MB on disk; 5 MB are in memory at a time.

    Args:
        folder: Holds the files under their own names; once converted they are needed no longer.
        progress: Hears of the conversion.
        parts: What the files must be; their instances together are those of `FACTORS`.
        side: Rows and columns.

    Returns:
        Shape (48600, side, side), uint8, memory-mapped; the order of `FACTORS`, lighting fastest.

    Raises:
        DataError: If files are missing, all of which are named, or one is of another content or another layout.
    """
    total = int(np.prod(list(FACTORS.values())))

    def fill(array_path: Path) -> Mapping[str, Any]:
        check_places({file: folder / file.name for part in parts.values() for file in part.files})
        done = 0
        with ArrayWriter(array_path, (total, side, side)) as writer:
            for part in parts.values():
                for place, image in _images(folder, part, side):
                    writer.put(place, image[None])
                    done += 1
                progress(done / total, f"converting {part.dat.name}")
        return {"converted_from": str(folder)}

    return cached_array(_KIND, {**identity(parts), "side": side}, fill).array


def _images(folder: Path, part: Part, side: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Read each left image of a part, with its index in the full grid."""
    places = _places(folder, part)
    shape = (len(places), 2, side, side)
    pieces = matrix_pieces(folder / part.dat.name, part.dat, UINT8, shape, rows=_PIECE_IMAGES)
    left = (pair[0] for piece in pieces for pair in piece)
    yield from zip(places.tolist(), left, strict=True)


def _places(folder: Path, part: Part) -> NDArray[np.int64]:
    """Look up the grid index of each image of a part, shape (N,): every view of its instances once."""
    sizes = tuple(FACTORS.values())
    grid = np.arange(np.prod(sizes)).reshape(sizes)[:, list(part.instances)]
    category = matrix(folder / part.cat.name, part.cat, INT32, (grid.size,))
    info = matrix(folder / part.info.name, part.info, INT32, (grid.size, 4))
    instance, elevation, azimuth, lighting = info.T
    factors = (category, instance, elevation, azimuth // _AZIMUTH_STEP, lighting)
    places = np.ravel_multi_index(factors, sizes, mode="clip").astype(np.int64)
    if not np.array_equal(np.sort(places), np.sort(grid, axis=None)):
        what = f"and {part.cat.name} do not show every view of the instances {part.instances} once"
        raise refusal(folder / part.info.name, part.info, what)
    return places
