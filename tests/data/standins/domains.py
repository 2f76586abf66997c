"""What stand-ins of sets of images by domain and class share."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from detaux.data.files.domain_sets import DomainSet


def write_domains(folder: Path, domains: Iterable[str], classes: Iterable[str], count: int) -> None:
    """Write so many images of each class in each domain, of grey levels 0, 4, 8 and so on."""
    places = itertools.product(domains, classes, range(count))
    for level, (domain, label, number) in enumerate(places):
        place = folder / domain / label
        place.mkdir(parents=True, exist_ok=True)
        Image.new("L", (9, 9), 4 * level).save(place / f"{number:03d}.png")


def publish(
    kind: type[DomainSet],
    monkeypatch: pytest.MonkeyPatch,
    *,
    count: int,
    classes: Sequence[str] | None = None,
) -> None:
    """Make a set one of so many images a domain, of its own classes or fewer."""
    sizes = dict.fromkeys(kind.facts.num_images, count)
    facts = replace(kind.facts, num_images=sizes, classes=classes or kind.facts.classes)
    monkeypatch.setattr(kind, "facts", facts)
