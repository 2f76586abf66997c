"""Which file is an image of which class, told from names: `train/<class>/...` and `test/<class>/...`, or `<class>/...`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from detaux.core.errors import DataError

_SUFFIXES = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"})
_PARTS = ("train", "test")
WHOLE = "all"
"""Name of the only part where the classes lie at the top."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassFolders:
    """Images by part and class."""

    classes: tuple[str, ...]
    """Names of the classes, sorted."""
    files: Mapping[str, Sequence[Sequence[str]]]
    """For each part, `train` and perhaps `test`, or `all`, the sorted names of the images of each class."""

    def ordered(self) -> list[str]:
        """Return all images in the data set's order: by part, class and name."""
        return [name for by_class in self.files.values() for names in by_class for name in names]

    def counts(self) -> dict[str, list[int]]:
        """Return for each part the number of images of each class."""
        return {part: [len(names) for names in by_class] for part, by_class in self.files.items()}


def is_image(name: str) -> bool:
    """Tell whether a name is that of an image: a known ending, and nothing hidden on the way."""
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return path.suffix.lower() in _SUFFIXES and not hidden and not name.endswith("/")


def find_classes(names: Iterable[str], *, place: str) -> ClassFolders:
    """Sort files into parts and classes.

    Folders that wrap everything are ignored, and so are files that are no images.

    Args:
        names: Of files and folders, relative, those of folders ending in a slash.
        place: Where they are, for error texts.

    Raises:
        DataError: If there is no image, one outside a class, a class without images or missing in a part, a
            single class, or another part than `train` and `test`.
    """
    names = list(names)
    images = {PurePosixPath(name): name for name in names if is_image(name)}
    if not images:
        raise DataError(f"{place} holds no image; it should hold train/<class>/*.jpg or <class>/*.jpg")
    depth = _wrapping_depth(images)
    parts = _part_names({path.parts[depth] for path in images}, place)
    class_depth = depth + (parts != (WHOLE,))
    found: dict[str, dict[str, list[str]]] = {part: defaultdict(list) for part in parts}
    for path, name in images.items():
        if len(path.parts) < class_depth + 2:
            raise DataError(f"{place}: the image {name} lies in no class folder; move it into one")
        part = path.parts[depth] if class_depth > depth else WHOLE
        found[part][path.parts[class_depth]].append(name)
    _check_no_empty_folder(names, images, class_depth, place)
    return _by_class(found, place)


def _wrapping_depth(images: Iterable[PurePosixPath]) -> int:
    """Count the folders that wrap all images and are no part of the layout."""
    folders = [path.parts[:-1] for path in images]
    depth = 0
    while all(len(parts) > depth + 1 for parts in folders) and len({parts[depth] for parts in folders}) == 1:
        if folders[0][depth] in _PARTS:
            break
        depth += 1
    return depth


def _part_names(tops: set[str], place: str) -> tuple[str, ...]:
    if not tops & set(_PARTS):
        return (WHOLE,)
    others = sorted(tops - set(_PARTS))
    if others:
        raise DataError(
            f"{place}: {others[0]!r} lies beside train or test; leave it out, or call a test part 'test'"
        )
    if "train" not in tops:
        raise DataError(
            f"{place}: there is 'test' without 'train'; give it a part 'train', or the classes alone"
        )
    return tuple(part for part in _PARTS if part in tops)


def _check_no_empty_folder(
    names: Iterable[str], images: Iterable[PurePosixPath], class_depth: int, place: str
) -> None:
    filled = {path.parts[: class_depth + 1] for path in images}
    roots = {folder[:-1] for folder in filled}
    for name in names:
        parts = PurePosixPath(name).parts
        is_class = name.endswith("/") and len(parts) == class_depth + 1 and parts[:-1] in roots
        if is_class and parts not in filled and not parts[-1].startswith("."):
            raise DataError(f"{place}: the class folder {name} holds no image; fill it or remove it")


def _by_class(found: Mapping[str, Mapping[str, list[str]]], place: str) -> ClassFolders:
    classes = sorted(set().union(*found.values()))
    if len(classes) == 1:
        raise DataError(
            f"{place}: there is a single class, {classes[0]!r}; a task needs at least two class folders"
        )
    for part, by_class in found.items():
        missing = [name for name in classes if name not in by_class]
        if missing:
            raise DataError(
                f"{place}: {part} lacks the class folder {missing[0]!r}; add it there, or remove it elsewhere"
            )
    files = {part: [sorted(by_class[name]) for name in classes] for part, by_class in found.items()}
    return ClassFolders(classes=tuple(classes), files=files)
