"""What has come of a file so far: kept beside its place, so that a download which was stopped can go on."""

from __future__ import annotations

import json
from pathlib import Path


class Partial:
    """The bytes so far, and a note of which version at which address they are.

    Args:
        place: Where the whole file will lie; the bytes lie beside it as `<place>.partial`.
    """

    def __init__(self, place: Path) -> None:
        self.path = place.with_name(f"{place.name}.partial")
        self._place = place
        self._note = place.with_name(f"{place.name}.partial.json")

    def size(self) -> int:
        """Return how many bytes have come."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def version(self, url: str) -> str | None:
        """Return what the address called its version of the bytes so far, None where they are not from there."""
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            return str(note["version"]) if note["url"] == url and note["version"] else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def note(self, url: str, version: str | None) -> None:
        """Write down from where the bytes come."""
        self._note.write_text(json.dumps({"url": url, "version": version}), encoding="utf-8")

    def drop(self) -> None:
        """Throw the bytes away."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def finish(self) -> None:
        """Put the bytes, now whole and checked, into their place at one stroke."""
        self.path.replace(self._place)
        self._note.unlink(missing_ok=True)
