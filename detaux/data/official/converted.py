"""What the conversions of official image files to cached arrays share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detaux.core.progress import Progress
from detaux.data.cache import ArrayWriter, entry_folder, open_entry
from detaux.data.official.file import OfficialFile, is_there


def is_in_cache(file: OfficialFile, kind: str, facts: Mapping[str, Any]) -> bool:
    """Tell whether a file, or the entry that it was converted to, lies in the cache folder.

    Args:
        file: Which.
        kind: Of the entry; see `cached_array`.
        facts: Of the entry.
    """
    return is_there(file.default_path) or open_entry(entry_folder(kind, facts)) is not None


def write_pieces(
    array_path: Path,
    shape: tuple[int, ...],
    pieces: Iterable[NDArray[np.uint8]],
    progress: Progress,
    name: str,
) -> None:
    """Write an array piece by piece, so that memory holds only a few pieces.

    Args:
        array_path: Where it goes.
        shape: Of the whole array, (N, ...).
        pieces: Consecutive rows, each of shape (n, ...), uint8.
        progress: Hears of each piece written.
        name: Of the file that is converted.
    """
    done = 0
    with ArrayWriter(array_path, shape) as writer:
        for piece in pieces:
            writer.put(done, piece)
            done += len(piece)
            progress(done / shape[0], f"converting {name}")
