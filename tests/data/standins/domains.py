"""What stand-ins of sets of images by domain and class share."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from PIL import Image


def write_domains(folder: Path, domains: Iterable[str], classes: Iterable[str], count: int) -> None:
    """Write so many images of each class in each domain, of grey levels 0, 4, 8 and so on."""
    places = itertools.product(domains, classes, range(count))
    for level, (domain, label, number) in enumerate(places):
        place = folder / domain / label
        place.mkdir(parents=True, exist_ok=True)
        Image.new("L", (9, 9), 4 * level).save(place / f"{number:03d}.png")
