"""Waterbirds of a few images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from detaux.data.sets import waterbirds

GROUPS = {"train": (9, 3, 2, 8), "validation": (3, 3, 2, 2), "test": (5, 5, 4, 4)}


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 50 images of grey levels 0, 4, 8 and so on, whose parts and groups take turns at random."""
    monkeypatch.setattr(waterbirds, "_NUM_IMAGES", GROUPS)
    (folder / "birds").mkdir()
    sizes = [
        (split, *divmod(group, 2), size)
        for split, part in enumerate(GROUPS.values())
        for group, size in enumerate(part)
    ]
    rows = np.repeat([row[:3] for row in sizes], [row[3] for row in sizes], axis=0)
    lines = ["img_id,img_filename,y,split,place,place_filename"]
    for number, (split, y, place) in enumerate(np.random.default_rng(0).permutation(rows).tolist()):
        file = f"birds/Bird_{number:04d}.png"
        Image.new("L", (10, 8), 4 * number).save(folder / file)
        lines.append(f"{number + 1},{file},{y},{split},{place},/o/ocean/{number:08d}.jpg")
    (folder / "metadata.csv").write_text("\n".join(lines) + "\n")
    return {"path": folder, "image_size": 4}
