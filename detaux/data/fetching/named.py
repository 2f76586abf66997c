"""Which official files a registered data set needs, told without loading it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from detaux.core.errors import DataError
from detaux.data.dataset import DatasetPart
from detaux.data.official.file import Downloadable, OfficialFile
from detaux.data.options import checked_options
from detaux.data.registries import datasets


def files_of(name: str, options: Mapping[str, Any]) -> tuple[OfficialFile, ...]:
    """Return the official files that a data set needs with these options; none for a set that has no such files.

    Raises:
        UnknownNameError: If the name or an option is unknown; near misses are named.
        DataError: If an option is missing, of another type or out of range, or is a path of the user's own.
    """
    part = datasets.get(name)
    if not issubclass(part, Downloadable):
        return ()
    if options.get("path") is not None:
        raise DataError(f"{name}: official files are looked after in the cache folder only; leave path out")
    try:
        return part(**checked_options(name, part, options)).official_files()
    except (TypeError, ValueError) as fault:
        raise DataError(f"{name}: {fault}") from fault


def default_files(part: type[DatasetPart]) -> tuple[OfficialFile, ...] | None:
    """Return the official files that the default options need; None where some option has no default."""
    missing = dataclasses.MISSING
    if any(field.default is field.default_factory is missing for field in dataclasses.fields(part)):
        return None
    return part().official_files() if issubclass(part, Downloadable) else ()
