"""Names of an archive's members, listed once where that means to read it whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from detaux.data.cache import cached_array

_VERSION = 1  # of what is listed and refused


def cached_names(content: str, listed: Callable[[], list[str]]) -> list[str]:
    """Return the names of an archive's members, listing them first if that has not been done.

    Args:
        content: Hash of the archive, by which the names are kept: what is packed anew is listed anew.
        listed: Lists and checks them.

    Raises:
        DataError: If the cache cannot be written; errors of `listed` pass through, and nothing is kept.
    """

    def fill(path: Path) -> Mapping[str, Any]:
        np.save(path, np.frombuffer(json.dumps(listed()).encode(), np.uint8))
        return {}

    entry = cached_array("archive-names", {"content": content, "version": _VERSION}, fill)
    return list(json.loads(entry.array.tobytes()))
