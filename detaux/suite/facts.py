"""What must be known of a data set before anything runs: its factors, its image size, and its fingerprint."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from detaux.core.hashing import canonical_json
from detaux.suite.parts import Part


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Facts about a data set."""

    factor_names: tuple[str, ...]
    """Its factors."""
    image_shape: tuple[int, int, int]
    """Height, width and channels (H, W, 3) of its images, in pixels."""
    fingerprint: str
    """Changes if and only if its images do."""


def facts_of(dataset: Part) -> Facts:
    """Return the facts of a data set as a suite names it, looked up once a process.

    Raises:
        DataError: If its files are missing or damaged.
    """
    return _facts(canonical_json(dataset.config()))


@cache
def _facts(spec: str) -> Facts:
    import json

    from detaux.pipeline.loaded import load_dataset_of

    dataset = load_dataset_of(json.loads(spec))
    return Facts(
        factor_names=dataset.factor_names,
        image_shape=dataset.image_shape,
        fingerprint=dataset.fingerprint,
    )
