"""Parts of the data room that stage one names: how pairs are drawn, and what noise is put on images."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from detaux.core.errors import UnknownNameError
from detaux.core.registry import Registry, unknown_name
from detaux.data.dataset import Dataset, FactorGrid
from detaux.data.options import checked_options

Variant = Literal["as_described", "as_released"]
"""What the paper describes, or what its public code executes."""


def automatic_pairing(dataset: Dataset) -> str:
    """Name the pairing that the paper describes for a data set."""
    return "one_factor" if isinstance(dataset, FactorGrid) else "same_class"


def built_part(option: str, name: str, options: Mapping[str, Any], registry: Registry[Any]) -> Any:
    """Return a registered part with its options.

    Raises:
        ValueError: If the name or an option is unknown, or an option of another type or out of range.
    """
    if name not in registry:
        raise ValueError(f"{option}: {unknown_name(name, registry.names(), kind=registry.kind)}")
    part = registry.get(name)
    if options and not dataclasses.fields(part):
        raise ValueError(f"{option}_options must be left out, as {name!r} has none, found {dict(options)}")
    try:
        return part(**checked_options(name, part, options, kind=option))
    except (UnknownNameError, ValueError) as error:
        raise ValueError(f"{option}_options: {error}") from error
