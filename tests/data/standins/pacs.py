"""PACS of a few images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detaux.data.sets import pacs
from tests.data.standins.domains import write_domains


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 56 images, 2 of each class in each domain."""
    write_domains(folder, pacs._NUM_IMAGES, pacs._CLASSES, 2)
    monkeypatch.setattr(pacs, "_NUM_IMAGES", dict.fromkeys(pacs._NUM_IMAGES, 14))
    return {"path": folder, "image_size": 4}
