"""Parts named in a job's config, made from their registries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from detaux.core.registry import Registry

PartT = TypeVar("PartT")


def build(registry: Registry[type[PartT]], spec: Mapping[str, Any]) -> PartT:
    """Make a registered part from `{"name": ..., **options}`; lists become tuples.

    Raises:
        UnknownNameError: If the registry has no such name.
        TypeError: If the part has no such option.
        ValueError: If an option's value is refused by the part.
    """
    options = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in spec.items()
        if key != "name"
    }
    return registry.get(spec["name"])(**options)
