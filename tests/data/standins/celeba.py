"""CelebA of a few photographs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from detaux.data.sets import celeba


def publish(
    folder: Path, monkeypatch: pytest.MonkeyPatch, signs: NDArray[np.int64], parts: Sequence[int]
) -> Path:
    """Write images of grey levels 0, 1, ..., whose attributes are `signs`, shape (n, 40), -1 or 1; the set has as many."""
    monkeypatch.setattr(celeba, "_NUM_IMAGES", len(parts))
    (folder / "img_align_celeba").mkdir()
    files = [f"{number:06d}.jpg" for number in range(1, len(parts) + 1)]
    for level, file in enumerate(files):
        Image.new("L", (8, 10), level).save(folder / "img_align_celeba" / file, quality=100)
    rows = [
        f"{file} {' '.join(f'{sign:2d}' for sign in row)}" for file, row in zip(files, signs, strict=True)
    ]
    lines = [str(len(parts)), " ".join(celeba._ATTRIBUTES) + " ", *rows]
    (folder / "list_attr_celeba.txt").write_text("\n".join(lines) + "\n")
    listed = [f"{file} {part}\n" for file, part in zip(files, parts, strict=True)]
    (folder / "list_eval_partition.txt").write_text("".join(listed))
    return folder


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 48 photographs, of which eight are for validation and sixteen for the test."""
    signs = np.where(np.random.default_rng(0).random((48, 40)) < 0.5, -1, 1)
    parts = [0] * 24 + [1] * 8 + [2] * 16
    return {"path": publish(folder, monkeypatch, signs, parts), "image_size": 4}
