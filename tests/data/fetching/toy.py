"""The one file that the server gives, and what a fetch of it finds and must leave."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from detaux.core.progress import silent
from detaux.data.fetching.fetch import fetch
from detaux.data.official.file import OfficialFile

CONTENT = bytes(range(250)) * 4000
HALF = len(CONTENT) // 2
OTHER = CONTENT[::-1]


def file(*urls: str, **changes: Any) -> OfficialFile:
    facts: dict[str, Any] = {
        "name": "toy.bin",
        "urls": urls,
        "algorithm": "sha256",
        "digest": hashlib.sha256(CONTENT).hexdigest(),
        "size": len(CONTENT),
    }
    return OfficialFile(**(facts | changes))


def left_at(place: Path, content: bytes, **note: str | None) -> None:
    """Leave what an earlier download brought."""
    place.parent.mkdir()
    place.with_name("toy.bin.partial").write_bytes(content)
    if note:
        place.with_name("toy.bin.partial.json").write_text(json.dumps(note))


def check_fetched(file: OfficialFile, place: Path) -> list[str]:
    """Fetch, look whether only the right file is left, and return what was said."""
    said: list[str] = []
    assert fetch(file, place, silent, said.append)
    assert place.read_bytes() == CONTENT
    assert sorted(path.name for path in place.parent.iterdir()) == ["toy.bin", "toy.bin.lock"]
    return said
