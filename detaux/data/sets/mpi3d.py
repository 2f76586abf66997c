"""MPI3D: one object on a robot's arm, every combination of seven factors once, drawn, rendered or photographed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.files.open_source import user_path
from detaux.data.official.file import OfficialFile
from detaux.data.official.mpi3d import RELEASES, open_official
from detaux.data.pixel_grid import GridFacts, PixelGrid, StoredPixels
from detaux.data.registries import datasets

PIXELS = 64
_SOURCE = (
    "Gondal et al. 2019, On the Transfer of Inductive Bias from Simulation to the Real World, "
    "github.com/rr-learning/disentanglement_dataset"
)
_SIMPLE_COLOURS = ("white", "green", "red", "blue", "brown", "olive")
_SIMPLE_SHAPES = ("cone", "cube", "cylinder", "hexagonal", "pyramid", "sphere")
_COMPLEX_COLOURS = ("yellow", "green", "olive", "red")
_COMPLEX_SHAPES = ("coffee-cup", "tennis-ball", "croissant", "beer-cup")


def _facts(version: str, colours: tuple[str, ...], shapes: tuple[str, ...]) -> GridFacts:
    value_names = {
        "object_color": colours,
        "object_shape": shapes,
        "object_size": ("small", "large"),
        "camera_height": ("top", "center", "bottom"),
        "background_color": ("purple", "sea green", "salmon"),
    }
    sizes = {name: len(names) for name, names in value_names.items()}
    return GridFacts(
        name=f"mpi3d:{version}",
        factors={**sizes, "horizontal_axis": 40, "vertical_axis": 40},
        licence="CC-BY-4.0",
        source=_SOURCE,
        value_names=value_names,
    )


FACTS: Mapping[str, GridFacts] = {
    "toy": _facts("toy", _SIMPLE_COLOURS, _SIMPLE_SHAPES),
    "realistic": _facts("realistic", _SIMPLE_COLOURS, _SIMPLE_SHAPES),
    "real": _facts("real", _SIMPLE_COLOURS, _SIMPLE_SHAPES),
    "complex": _facts("complex", _COMPLEX_COLOURS, _COMPLEX_SHAPES),
}
"""By version; the axes are the two joints of the arm."""


@datasets.register(
    "mpi3d",
    summary="MPI3D, 1,036,800 images of 7 factors (460,800 of `complex`), from the official files",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Mpi3d:
    """Options of MPI3D.

    Differs in: disentanglement_lib reads `toy` and `realistic` with 4 colours and 4 shapes, those of the challenge;
    the published files hold 6 of each.

    Raises:
        ValueError: If `version` is unknown, `image_size` does not divide 64, or `levels` names no factor or an
            impossible number of values.
    """

    version: Literal["toy", "realistic", "real", "complex"] = "toy"
    """Simply drawn, realistically rendered, photographed, or photographed with everyday objects."""
    image_size: int = PIXELS
    """Rows and columns: 64 or a divisor of it; smaller images are area means."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """Number of values to keep of a factor, evenly spread; factors not named keep all."""
    path: str | None = None
    """Of the version's official npz; without it, the file is looked for in the cache folder."""

    def __post_init__(self) -> None:
        if self.version not in FACTS:
            raise ValueError(f"version must be one of {', '.join(FACTS)}, found {self.version!r}")
        if self.image_size < 1 or PIXELS % self.image_size:
            raise ValueError(f"image_size must divide {PIXELS}, found {self.image_size}")
        FACTS[self.version].check_levels(self.levels)

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the one file of this version."""
        return (RELEASES[self.version].file,)

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set, converting the official file first where that has not been done.

        Raises:
            DataError: If the file is missing or damaged, or the cache has too little room for the images.
        """
        facts, release = FACTS[self.version], RELEASES[self.version]
        path = release.file.default_path if self.path is None else user_path(self.path)
        entry = open_official(path, progress or Announcer(), release)
        algorithm = release.file.algorithm
        return PixelGrid(
            facts,
            StoredPixels(entry.array, self.image_size),
            self.image_size,
            facts.spread(self.levels),
            rendered=False,
            origin={algorithm: entry.notes[algorithm]},
        )
