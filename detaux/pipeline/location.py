"""Where a store lies: its folder, from what the user wrote, and whether it can be used."""

from __future__ import annotations

from pathlib import Path

from detaux.core.folders import check_writable, unusable, used_as
from detaux.pipeline.stage import STAGES


def read_location(location: str | Path) -> str:
    """Return a store's location as text.

    Raises:
        TypeError: If it is neither text nor a path.
        LocationError: If it is empty, which would mean the working directory.
    """
    if not isinstance(location, str | Path):
        raise TypeError(f"a store is a folder or a URL, but {location!r} is neither")
    if not str(location).strip():
        raise unusable("--store", location, "it is empty, and the working directory is no store")
    return str(location)


def local_root(location: str) -> Path:
    """Return the folder that a location means, with `~` and links followed.

    Raises:
        LocationError: If it means none.
    """
    try:
        return Path(location).expanduser().resolve()
    except (OSError, ValueError, RuntimeError) as fault:
        raise unusable("--store", location, fault) from fault


def check_root(root: Path, *, writable: bool) -> None:
    """Check the folder of a store: that it and its parts are folders, and that it can be written or made.

    Args:
        root: The folder; it may be missing.
        writable: Whether a folder that is there is to be written, too.

    Raises:
        LocationError: If it cannot serve; the text names the path.
    """
    for place in (root, *(root / part for part in ("claims", "work", *STAGES))):
        with used_as("--store", place):
            if (place.exists() or place.is_symlink()) and not place.is_dir():
                raise NotADirectoryError
    if writable or not root.exists():
        check_writable(root, "--store")
