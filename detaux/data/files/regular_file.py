"""Files that are read as a whole: no pipe, whose content one would wait for without end."""

from __future__ import annotations

from pathlib import Path


def check_regular(path: Path) -> None:
    """Check that what lies at a path, if anything does, is a regular file or a link to one.

    Raises:
        OSError: If it is not, so that it is told as all else that makes a file unreadable.
    """
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is no regular file")
