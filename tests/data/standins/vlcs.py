"""VLCS of a few images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detaux.data.sets.vlcs import VLCS
from tests.data.standins.domains import publish, write_domains


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 60 images, 3 of each class in each domain."""
    write_domains(folder, VLCS.facts.num_images, VLCS.facts.classes, 3)
    publish(VLCS, monkeypatch, count=15)
    return {"path": folder, "image_size": 4}
