"""Where things lie on this machine, and names that may become paths."""

from __future__ import annotations

import os
import re
from pathlib import Path

from detaux.core.folders import unusable

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def cache_dir() -> Path:
    """Return the folder for rendered and converted data: `$DETAUX_CACHE`, else `~/.cache/detaux`.

    Raises:
        LocationError: If that means no folder, such as one of an unknown user.
    """
    location = os.environ.get("DETAUX_CACHE") or "~/.cache/detaux"
    try:
        return Path(location).expanduser().resolve()
    except (OSError, RuntimeError) as fault:
        raise unusable("DETAUX_CACHE", location, fault) from fault


def safe_name(name: str) -> str:
    """Return `name` unchanged if it can be one part of a path and nothing else.

    Raises:
        ValueError: If it is empty, starts with a dot, or holds anything but letters, digits, `.`, `_`, `-`.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot name a file: use letters, digits, '.', '_' or '-', and start with a letter or digit"
        )
    return name
