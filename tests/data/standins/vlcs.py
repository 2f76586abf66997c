"""VLCS of a few images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detaux.data.sets import vlcs
from tests.data.standins.domains import write_domains


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 60 images, 3 of each class in each domain."""
    write_domains(folder, vlcs._NUM_IMAGES, vlcs._CLASSES, 3)
    monkeypatch.setattr(vlcs, "_NUM_IMAGES", dict.fromkeys(vlcs._NUM_IMAGES, 15))
    return {"path": folder, "image_size": 4}
