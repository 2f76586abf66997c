"""What `detaux data show` prints of a data set, so that it can be held against what one expects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from detaux.data.dataset import Dataset

_NAMES_SHOWN = 10
_VALUES_COUNTED = 20


def fact_lines(dataset: Dataset) -> Iterator[str]:
    """Say how many images there are, what they show, and how they are parted, one fact a line."""
    yield f"{dataset.name}: {len(dataset):,} {_what(dataset.image_shape)}"
    for name, size in zip(dataset.factor_names, dataset.factor_sizes, strict=True):
        yield f"factor {name}: {size} {_values(size)}{_first(dataset.value_names.get(name, ()))}"
    if dataset.official_parts:
        parts = (f"{part} {len(index):,}" for part, index in dataset.official_parts.items())
        yield f"official parts: {', '.join(parts)} images"
    for name, values in dataset.group_factors.items():
        yield f"groups: each principal class with each of {len(values)} {_values(len(values))} of {name}"
    if dataset.factor_sizes[0] <= _VALUES_COUNTED:
        yield f"images by {dataset.factor_names[0]}: {_counts(dataset)}"
    yield f"licence: {dataset.licence}; source: {dataset.source}"


def _what(image_shape: tuple[int, int, int]) -> str:
    from detaux.data.pictures import is_embedding

    height, width, channels = image_shape
    if is_embedding(image_shape):
        return f"embeddings of {width} x {channels} numbers"
    return f"images of {height} x {width} pixels"


def _values(count: int) -> str:
    return "value" if count == 1 else "values"


def _first(names: Sequence[str]) -> str:
    more = ", ..." if len(names) > _NAMES_SHOWN else ""
    return f": {', '.join(names[:_NAMES_SHOWN])}{more}" if names else ""


def _counts(dataset: Dataset) -> str:
    """Count the images of each value of the first factor."""
    first, size = dataset.factor_names[0], dataset.factor_sizes[0]
    counts = np.bincount(dataset.factors(np.arange(len(dataset)))[:, 0], minlength=size)
    names = dataset.value_names.get(first, tuple(map(str, range(size))))
    return ", ".join(f"{name} ({count:,})" for name, count in zip(names, counts, strict=True))
