"""Office-Home of a few images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detaux.data.sets import office_home
from tests.data.standins.domains import write_domains


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 60 images, five of each of three classes in each domain."""
    classes = office_home._CLASSES[:3]
    write_domains(folder, office_home._NUM_IMAGES, classes, 5)
    monkeypatch.setattr(office_home, "_CLASSES", classes)
    monkeypatch.setattr(office_home, "_NUM_IMAGES", dict.fromkeys(office_home._NUM_IMAGES, 15))
    return {"path": folder, "image_size": 4}
