"""The official archive of Cars3D, converted once to an array that can be read at random."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.cache import ArrayWriter, cached_array
from detaux.data.files.archive_sources import TarSource
from detaux.data.files.image_source import DamagedImageError
from detaux.data.official.file import OfficialFile, check_official, refusal
from detaux.data.official.matlab import MatlabError, read_variables

_KIND = "cars3d-official"
_FOLDER = "data/cars"


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """One published archive, and how its images are laid out."""

    file: OfficialFile
    """A tar.gz that holds data/cars/list.txt and the .mat files which that names."""
    factors: Mapping[str, int]
    """Elevation, azimuth and object, in that order: the object varies fastest."""
    side: int
    """Rows and columns of an image."""

    @property
    def mat_shape(self) -> tuple[int, int, int, int, int]:
        """Of `im` in the file of one object: (S, S, 3, azimuths, elevations)."""
        return (self.side, self.side, 3, self.factors["azimuth"], self.factors["elevation"])


OFFICIAL = Release(
    file=OfficialFile(
        name="nips2015-analogy-data.tar.gz",
        urls=("http://www.scottreed.info/files/nips2015-analogy-data.tar.gz",),
        algorithm="md5",
        digest="4e866a7919c1beedf53964e6f7a23686",
        size=None,
    ),
    factors={"elevation": 4, "azimuth": 24, "object": 183},
    side=128,
)
"""The only release; no publisher's digest is known, this md5 is that of disent (github.com/nmichlo/disent)."""


def open_official(path: Path, progress: Progress, release: Release) -> NDArray[np.uint8]:
    """Open the official images, converting the archive first where that has not been done.

    The archive is read in place, twice: the list first, since it may come last. Nothing is unpacked to disk. The
    array takes 863 MB; 10 MB are in memory at a time.

    Args:
        path: Of the archive; once it has been converted it is needed no longer.
        progress: Hears of the conversion.
        release: What the archive must be.

    Returns:
        Shape (N, S, S, 3), uint8, memory-mapped; objects in the order of list.txt.

    Raises:
        DataError: If the archive is missing, of another content, or laid out in another way.
    """

    def fill(array_path: Path) -> Mapping[str, Any]:
        check_official(path, release.file)
        _convert(path, array_path, progress, release)
        return {"converted_from": str(path)}

    return cached_array(_KIND, release.file.identity, fill).array


def _convert(path: Path, array_path: Path, progress: Progress, release: Release) -> None:
    """Write each object's images where they belong, in the order of the archive."""
    names = _listed(path, release)
    sizes = tuple(release.factors.values())
    grid = np.arange(np.prod(sizes)).reshape(-1, sizes[-1])
    done = 0
    with ArrayWriter(array_path, (grid.size, release.side, release.side, 3)) as writer:
        for name, content in _members(path, names, release):
            images = _images(path, name, content, release)
            for place, image in zip(grid[:, names.index(name)].tolist(), images, strict=True):
                writer.put(place, image[None])
            done += 1
            progress(done / len(names), f"converting {path.name}")


def _listed(path: Path, release: Release) -> list[str]:
    """Read list.txt: the members that hold the objects, in the objects' order."""
    ((_, content),) = _members(path, [f"{_FOLDER}/list.txt"], release)
    names = [f"{_FOLDER}/{stem}.mat" for stem in content.decode("ascii", errors="replace").split()]
    expected = release.factors["object"]
    if len(names) != expected or len(set(names)) != expected:
        what = f"names {len(set(names))} objects in list.txt, where {expected} are expected"
        raise refusal(path, release.file, what)
    return names


def _members(path: Path, names: Collection[str], release: Release) -> Iterator[tuple[str, bytes]]:
    """Read members, each once; links and names that lead out of the archive are refused on the way."""
    missing = set(names)
    for name, content in TarSource(path).read(names):
        if isinstance(content, DamagedImageError):
            raise refusal(path, release.file, f"holds {name}, which {content}")
        if name not in missing:
            raise refusal(path, release.file, f"holds {name} twice")
        missing.remove(name)
        yield name, content
    if missing:
        raise refusal(path, release.file, f"holds no {min(missing)}")


def _images(path: Path, name: str, content: bytes, release: Release) -> NDArray[np.uint8]:
    """Read the images of one object, shape (elevations * azimuths, S, S, 3)."""
    try:
        found = read_variables(content, ["im"])
    except MatlabError as error:
        raise refusal(
            path, release.file, f"holds {name}, which cannot be read as a .mat file ({error})"
        ) from error
    images = found.get("im", np.empty(0))
    if (images.shape, images.dtype) != (release.mat_shape, np.uint8):
        what = f"im of {images.dtype} {images.shape}" if "im" in found else "no im"
        raise refusal(
            path, release.file, f"holds {name} with {what}, where im of uint8 {release.mat_shape} is expected"
        )
    return np.asarray(images.transpose(4, 3, 0, 1, 2).reshape(-1, release.side, release.side, 3))
