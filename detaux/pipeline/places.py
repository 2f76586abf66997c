"""Folders of artifacts: where each lies, and how one appears, gives way and vanishes by one rename."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from detaux.core.paths import safe_name
from detaux.pipeline.processes import is_dead, new_mark


def place_of(root: Path, stage: str, key: str) -> Path:
    """Return the folder that holds, or would hold, the artifact of a job."""
    return root / safe_name(stage) / safe_name(key)[:2] / key


def beside(folder: Path) -> Path:
    """Return a new name beside a folder, from which others tell whose it is."""
    return folder.with_name(f"{folder.name}.{new_mark()}")


def move(draft: Path, folder: Path) -> bool:
    """Move a draft to its final place, or drop it if another is there; say which."""
    try:
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(draft)
        return False
    return True


def remove(folder: Path) -> None:
    """Remove a folder, or what lies in its place, by one rename first, so that no one sees a part of it.

    Another process may have been quicker.
    """
    aside = beside(folder)
    with suppress(FileNotFoundError):
        folder.rename(aside)
        if aside.is_dir() and not aside.is_symlink():
            shutil.rmtree(aside)
        else:
            aside.unlink()


def sweep(folder: Path) -> None:
    """Remove drafts that killed processes of this machine left beside a folder."""
    for left in folder.parent.glob(f"{folder.name}.*"):
        if is_dead(left.name.removeprefix(f"{folder.name}.")):
            shutil.rmtree(left, ignore_errors=True)
