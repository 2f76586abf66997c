"""Camelyon17 of a few patches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from detaux.data.sets import camelyon17

HEADER = ",patient,node,x_coord,y_coord,tumor,slide,center,split"


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 60 patches of grey levels 0, 4, 8 and so on, four of each of three slides of every hospital."""
    counts = {"train": 27, "validation": 12, "test": 12, "left out": 9}
    monkeypatch.setattr(camelyon17, "_NUM_IMAGES", counts)
    lines = [HEADER]
    for number in range(60):
        center, slide, patch = number // 12, number // 4 % 3, number % 4
        name = f"patient_{20 * center + slide:03d}_node_{slide}"
        place = folder / "patches" / name
        place.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8), 4 * number).save(place / f"patch_{name}_x_32_y_{number}.png")
        cells = (f"{20 * center + slide:03d}", slide, 32, number, patch % 2, 10 * center + slide, center)
        lines.append(",".join(map(str, (number, *cells, int(patch == 3)))))
    (folder / "metadata.csv").write_text("\n".join(lines) + "\n")
    return {"path": folder, "image_size": 4}
