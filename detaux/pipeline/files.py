"""Files of an artifact: arrays, JSON, scores and pictures."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def save_array(file: Path, array: NDArray[Any]) -> None:
    """Write an array as .npy, without pickles."""
    np.save(file, array, allow_pickle=False)


def load_array(file: Path) -> NDArray[Any]:
    """Map a .npy file into memory for reading."""
    array: NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False)
    return array


def save_json(file: Path, value: object) -> None:
    """Write a value as JSON; NaN is refused, write None."""
    file.write_text(json.dumps(value, indent=1, allow_nan=False))


def load_json(file: Path) -> Any:
    """Read a value from JSON."""
    return json.loads(file.read_text())


def save_scores(folder: Path, scores: Mapping[tuple[str, str], float]) -> None:
    """Write `scores.json`: a list of {"split", "name", "value"}; what is not finite becomes null.

    Args:
        folder: The artifact.
        scores: Values by (split, name).
    """
    rows = [
        {"split": split, "name": name, "value": float(value) if math.isfinite(value) else None}
        for (split, name), value in scores.items()
    ]
    save_json(folder / "scores.json", rows)


def save_picture(file: Path, picture: NDArray[np.uint8]) -> None:
    """Write an (H, W, 3) uint8 picture as PNG."""
    from PIL import Image

    Image.fromarray(picture).save(file, optimize=True)
