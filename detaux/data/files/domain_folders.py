"""Which file is an image of which class in which domain, told from names: `<domain>/<class>/<image>`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from detaux.core.errors import DataError
from detaux.data.files.image_formats import is_image

_LAYOUT = "<domain>/<class>/<image>"
_SHOWN = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class DomainFacts:
    """What is known of a published set of images by domain and class before its files are read."""

    name: str
    """As records show it; also its folder in the cache."""
    num_images: Mapping[str, int]
    """Of each domain, in the data set's order."""
    classes: Sequence[str]
    """Names of the classes, in the data set's order; every domain has images of all."""
    licence: str
    """Under which the images may be used."""
    source: str
    """Authors, year and title."""

    @property
    def total_images(self) -> int:
        """How many images there are in all domains."""
        return sum(self.num_images.values())


class DomainImage(NamedTuple):
    """An image file and where it belongs; sorts by domain, class and name."""

    domain: int
    """Index into the domains."""
    label: int
    """Index into the classes."""
    name: str
    """As its source names it."""


def find_domains(names: Iterable[str], facts: DomainFacts, *, place: str) -> list[DomainImage]:
    """Tell domain and class of each image from the two folders it lies in, in the data set's order.

    Case does not matter in names of folders, nor do spaces and signs: `Real World` is `real_world`. Folders around
    those of the domains are ignored, and so are files that are no images.

    Args:
        names: Of files and folders, relative, those of folders ending in a slash.
        facts: Of the set.
        place: Where the files are, for error texts.

    Raises:
        DataError: If an image is in no known domain and class or listed twice, two folders are of one domain and
            class, or a domain has not as many images as published or none of a class; the text tells of all.
    """
    files = sorted(filter(is_image, names))
    if not files:
        domains = ", ".join(facts.num_images)
        raise DataError(f"{place} holds no image; it should hold {_LAYOUT} of the domains {domains}")
    images, faults = _sort(files, facts)
    faults += [*_repeated(files, images), *_missing(images, facts)]
    if faults:
        headline = f"{place} cannot be used, it is not {facts.name} as published: "
        raise DataError(headline + "\n  ".join(faults))
    return sorted(images)


def _sort(files: Iterable[str], facts: DomainFacts) -> tuple[list[DomainImage], list[str]]:
    """Place the files that can be placed, and say what is wrong with the folders of the others."""
    domains, classes = _by_spelling(facts.num_images), _by_spelling(facts.classes)
    images: list[DomainImage] = []
    strays: dict[str, dict[str, str]] = {kind: {} for kind in ("image", "domain", "class")}
    for name in files:
        domain, label = ("", "", *PurePosixPath(name).parts)[-3:-1]
        if not domain:
            strays["image"][name] = repr(name)
        elif _plain(domain) not in domains:
            strays["domain"].setdefault(domain, f"{domain!r} as in {name}")
        elif _plain(label) not in classes:
            strays["class"].setdefault(f"{domain}/{label}", f"{label!r} as in {name}")
        else:
            images.append(DomainImage(domains[_plain(domain)], classes[_plain(label)], name))
    faults = [_stray_fault(kind, list(found.values()), facts) for kind, found in strays.items() if found]
    return images, faults


def _stray_fault(kind: str, found: Sequence[str], facts: DomainFacts) -> str:
    if kind == "image":
        return f"not in {_LAYOUT}: {_some(found)}; move or remove them"
    known = facts.num_images if kind == "domain" else facts.classes
    return f"no {kind} is called {_some(found)}; rename or remove it, known are {', '.join(known)}"


def _repeated(files: Iterable[str], images: Iterable[DomainImage]) -> Iterator[str]:
    if twice := [repr(name) for name, count in Counter(files).items() if count > 1]:
        yield f"held more than once: {_some(twice)}; keep one of each"
    folders: dict[tuple[int, int], set[str]] = defaultdict(set)
    for image in images:
        folders[image.domain, image.label].add(PurePosixPath(image.name).parent.as_posix())
    for same in folders.values():
        if len(same) > 1:
            yield f"of one domain and class: the folders {_some([repr(name) for name in sorted(same)])}; keep one"


def _missing(images: Iterable[DomainImage], facts: DomainFacts) -> Iterator[str]:
    found = Counter((image.domain, image.label) for image in images)
    for index, (domain, expected) in enumerate(facts.num_images.items()):
        counts = [found[index, label] for label in range(len(facts.classes))]
        lacking = [repr(name) for name, count in zip(facts.classes, counts, strict=True) if not count]
        if sum(counts) != expected or lacking:
            none = f", and none of {_some(lacking)}" if lacking else ""
            yield f"{domain} has {sum(counts):,} images where {expected:,} are expected{none}; get it anew"


def _by_spelling(names: Iterable[str]) -> dict[str, int]:
    return {_plain(name): index for index, name in enumerate(names)}


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def _some(items: Sequence[str]) -> str:
    """Name the first five, and say how many more there are."""
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more
