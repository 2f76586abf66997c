"""Office-Home of a few images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detaux.data.sets.office_home import OfficeHome
from tests.data.standins.domains import publish, write_domains


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 60 images, five of each of three classes in each domain."""
    classes = OfficeHome.facts.classes[:3]
    write_domains(folder, OfficeHome.facts.num_images, classes, 5)
    publish(OfficeHome, monkeypatch, count=15, classes=classes)
    return {"path": folder, "image_size": 4}
