"""PACS of a few images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detaux.data.sets.pacs import PACS
from tests.data.standins.domains import publish, write_domains


def make(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Make 56 images, 2 of each class in each domain."""
    write_domains(folder, PACS.facts.num_images, PACS.facts.classes, 2)
    publish(PACS, monkeypatch, count=14)
    return {"path": folder, "image_size": 4}
