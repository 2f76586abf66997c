"""Which artifacts of a store were found sound before, so that looking at all of them again reads none of their files.

A mark stands for sizes, times and inodes of an artifact's files. Bytes that rot on a disk change none of these: they
are found when the file is used, which makes the book forget everything.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from detaux.pipeline.damage import SETTLED_SECONDS, state_of
from detaux.pipeline.places import beside


class SoundBook:
    """The marks of sound artifacts by key, in one file of a store; losing it costs time only.

    Args:
        root: The store's folder.
    """

    def __init__(self, root: Path) -> None:
        self._file = root / "sound.json"

    def read(self) -> dict[str, str]:
        """Return the marks by key; nothing where there are none that can be read."""
        try:
            marks = json.loads(self._file.read_text())
        except (OSError, ValueError, RecursionError):
            return {}
        return marks if isinstance(marks, dict) else {}

    def add(self, marks: Mapping[str, str]) -> None:
        """Add marks to those that other drivers have written meanwhile; where that fails they are found anew."""
        if not marks:
            return
        draft = beside(self._file)
        with suppress(OSError):
            draft.write_text(json.dumps({**self.read(), **marks}))
            draft.replace(self._file)

    def forget(self) -> None:
        """Forget every mark, as one was seen to be wrong."""
        with suppress(OSError):
            self._file.unlink(missing_ok=True)


def mark_of(folder: Path, inputs: Sequence[str | None]) -> str | None:
    """Return the mark of an artifact.

    Args:
        folder: The artifact.
        inputs: Marks of its inputs, since an artifact is sound only for the inputs it was made of.

    Returns:
        32 hexadecimal digits; None where a file changed within the last second, in it or in its inputs, as it could
        change again within one tick of the file system's clock. A folder that cannot be read has a mark too.
    """
    try:
        with os.scandir(folder) as entries:
            states = sorted((entry.name, *state_of(entry)) for entry in entries)
    except OSError:
        states = []
    newest = max((max(times) for _, _, *times, _ in states), default=0)
    if None in inputs or time.time_ns() - newest < SETTLED_SECONDS * 1e9:
        return None
    return hashlib.sha256(repr((folder.name, states, inputs)).encode()).hexdigest()[:32]
