"""MPI3D: one object on a robot's arm, every combination of seven factors once, drawn, rendered or photographed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from detaux.core.progress import Progress
from detaux.data.announce import Announcer
from detaux.data.dataset import Dataset
from detaux.data.official.file import OfficialFile
from detaux.data.official.mpi3d import RELEASES, is_at_hand, open_official
from detaux.data.official.places import file_place
from detaux.data.pixel_grid import GridFacts, PixelGrid, Pixels, StoredPixels
from detaux.data.registries import datasets
from detaux.data.rendering.mpi3d.compose import RenderedMpi3d
from detaux.data.rendering.mpi3d.scene import RENDERER_VERSION

PIXELS = 64
_RENDERED_VERSION = "toy"
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
    summary="MPI3D, 1,036,800 images of 7 factors (460,800 of `complex`): official files, or `toy` rendered much alike",
    source=_SOURCE,
)
@dataclass(frozen=True, kw_only=True, slots=True)
class Mpi3d:
    """Options of MPI3D.

    Differs in: disentanglement_lib reads `toy` and `realistic` with 4 colours and 4 shapes, those of the challenge;
    the published files hold 6 of each.

    The rendered images are MPI3D-like: factors, order, colours, ring and the arm's two joints are those measured on
    published frames of `toy`, its kinematics are fitted, since they are not public.

    Raises:
        ValueError: If `version` is unknown, `image_size` does not divide 64, `levels` names no factor or an
            impossible number of values, or a version other than `toy` is to be rendered.
    """

    licence: ClassVar[str] = FACTS["toy"].licence
    num_images: ClassVar[int | None] = FACTS["toy"].total_images

    version: Literal["toy", "realistic", "real", "complex"] = "toy"
    """Simply drawn, realistically rendered, photographed, or photographed with everyday objects."""
    image_size: int = PIXELS
    """Rows and columns: 64 or a divisor of it; smaller images are area means."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """Number of values to keep of a factor, evenly spread; factors not named keep all."""
    origin: Literal["auto", "official", "rendered"] = "auto"
    """The official images, those rendered by us, or, of `toy`, the official ones if they are at hand."""
    path: str | None = None
    """Of the version's official npz; without it, the file is looked for in the cache folder."""

    def __post_init__(self) -> None:
        if self.version not in FACTS:
            raise ValueError(f"version must be one of {', '.join(FACTS)}, found {self.version!r}")
        if self.image_size < 1 or PIXELS % self.image_size:
            raise ValueError(f"image_size must divide {PIXELS}, found {self.image_size}")
        if self.origin not in {"auto", "official", "rendered"}:
            raise ValueError(f"origin must be 'auto', 'official' or 'rendered', found {self.origin!r}")
        if self.origin == "rendered" and self.version != _RENDERED_VERSION:
            raise ValueError(
                f"origin 'rendered' is there for version {_RENDERED_VERSION!r} only, found {self.version!r}"
            )
        FACTS[self.version].check_levels(self.levels)

    def official_files(self) -> tuple[OfficialFile, ...]:
        """Return the files that these options need: none where the images are rendered by request."""
        return () if self.origin == "rendered" else (RELEASES[self.version].file,)

    def load(self, progress: Progress | None = None) -> Dataset:
        """Open the data set; see `DatasetPart.load`.

        The official file is converted now, if that has not been done; sprites are rendered when images are first read.

        Raises:
            DataError: If the official file is asked for and missing or damaged, or the cache has too little room.
        """
        progress = progress or Announcer()
        if self._is_rendered():
            pixels = RenderedMpi3d(self.image_size, progress)
            return self._grid(pixels, rendered=True, origin={"renderer_version": RENDERER_VERSION})
        release = RELEASES[self.version]
        path = file_place(release.file, self.path)
        entry = open_official(path, progress, release)
        algorithm = release.file.algorithm
        origin: Mapping[str, Any] = {algorithm: entry.notes[algorithm]}
        return self._grid(StoredPixels(entry.array, self.image_size), rendered=False, origin=origin)

    def _is_rendered(self) -> bool:
        if self.origin != "auto":
            return self.origin == "rendered"
        return (
            self.version == _RENDERED_VERSION and self.path is None and not is_at_hand(RELEASES[self.version])
        )

    def _grid(self, pixels: Pixels, *, rendered: bool, origin: Mapping[str, Any]) -> Dataset:
        facts = FACTS[self.version]
        levels = facts.spread(self.levels)
        return PixelGrid(facts, pixels, self.image_size, levels, rendered=rendered, origin=origin)
