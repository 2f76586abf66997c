"""Which file is an image of which class, told from names: `<part>/<class>/...`, or `<class>/...`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from detaux.core.errors import DataError
from detaux.data.files.image_formats import is_hidden, is_image, is_unread_image
from detaux.data.files.image_source import check_names
from detaux.data.files.part_folders import find_parts, is_like_part

WHOLE = "all"
"""Name of the only part where the classes lie at the top."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassFolders:
    """Images by part and class."""

    classes: tuple[str, ...]
    """Names of the classes, sorted."""
    files: Mapping[str, Sequence[Sequence[str]]]
    """For each part, `train` and perhaps `validation` and `test`, or `all`, the sorted names of each class's images."""

    def ordered(self) -> list[str]:
        """Return all images in the data set's order: by part, class and name."""
        return [name for by_class in self.files.values() for names in by_class for name in names]

    def counts(self) -> dict[str, list[int]]:
        """Return for each part the number of images of each class."""
        return {part: [len(names) for names in by_class] for part, by_class in self.files.items()}


def find_classes(names: Iterable[str], *, place: str) -> ClassFolders:
    """Sort files into parts and classes.

    Folders that wrap everything are ignored, and so are files that are no images.

    Args:
        names: Of files and folders, relative, those of folders ending in a slash.
        place: Where they are, for error texts.

    Raises:
        DataError: If there is no image, one outside a class or of a format that is not read, a part or class without
            images, a class missing in a part, a single class, other parts than `find_parts` takes, or a name that is
            not UTF-8.
    """
    names = list(names)
    _check_readable(names, place)
    images = [PurePosixPath(name) for name in names if is_image(name)]
    if not images:
        raise DataError(f"{place} holds no image; it should hold train/<class>/*.jpg or <class>/*.jpg")
    depth = _wrapping_depth(images)
    part_of = _part_of_folder(images, depth, place)
    class_depth = depth + bool(part_of)
    found: dict[str, dict[str, list[str]]] = {
        part: defaultdict(list) for part in part_of.values() or (WHOLE,)
    }
    for path in images:
        if len(path.parts) < class_depth + 2:
            raise DataError(f"{place}: the image {path} lies in no class folder; move it into one")
        found[part_of.get(path.parts[depth], WHOLE)][path.parts[class_depth]].append(str(path))
    _check_no_empty_folder(names, images, depth, class_depth, place)
    return _by_class(found, place)


def _check_readable(names: Iterable[str], place: str) -> None:
    """Check that names can be told, and that no image of a format that is not read would be passed over unsaid."""
    check_names(place, (name for name in names if name.endswith("/") or is_image(name)))
    unread = sorted(filter(is_unread_image, names))
    if unread:
        more = f", like {len(unread) - 1:,} more," if len(unread) > 1 else ""
        raise DataError(
            f"{place}: {unread[0]!r}{more} is of a format that is not read; convert it, say to PNG, or remove it"
        )


def _wrapping_depth(images: Iterable[PurePosixPath]) -> int:
    """Count the folders that wrap all images and are no part of the layout."""
    folders = [path.parts[:-1] for path in images]
    depth = 0
    while all(len(parts) > depth + 1 for parts in folders) and len({parts[depth] for parts in folders}) == 1:
        if is_like_part(folders[0][depth]):
            break
        depth += 1
    return depth


def _part_of_folder(images: Iterable[PurePosixPath], depth: int, place: str) -> dict[str, str]:
    """Return the part that each folder at the top is, in the order of parts; nothing if the folders are classes."""
    tops = {path.parts[depth] for path in images}
    deep = {path.parts[depth] for path in images if len(path.parts) > depth + 2}
    return {folder: part for part, folder in find_parts(tops, tops - deep, place).items()}


def _check_no_empty_folder(
    names: Iterable[str], images: Iterable[PurePosixPath], depth: int, class_depth: int, place: str
) -> None:
    for name in _empty_folders(names, images, class_depth):
        raise DataError(f"{place}: the class folder {name} holds no image; fill it or remove it")
    for name in _empty_folders(names, images, depth):
        if is_like_part(PurePosixPath(name).name):
            raise DataError(f"{place}: the folder {name} holds no image; fill it or remove it")


def _empty_folders(names: Iterable[str], images: Iterable[PurePosixPath], depth: int) -> list[str]:
    """List folders that hold no image, beside those that do, so many folders deep."""
    filled = {path.parts[: depth + 1] for path in images}
    beside = {folder[:-1] for folder in filled}
    folders = {name.rpartition("/")[0] for name in names}
    cut = {PurePosixPath(name).parts[: depth + 1] for name in folders if not is_hidden(name)}
    return sorted(
        "/".join(folder) + "/"
        for folder in cut - filled
        if len(folder) == depth + 1 and folder[:-1] in beside
    )


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
