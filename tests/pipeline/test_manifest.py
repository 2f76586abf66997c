import json
from pathlib import Path
from typing import Any

import pytest

from detaux.core.errors import ArtifactError
from detaux.pipeline.manifest import MANIFEST, Manifest, read_manifest

SOUND: dict[str, Any] = {
    "job": {},
    "status": "done",
    "reason": "",
    "files": {"scores.json": {"sha256": "ab", "bytes": 1}},
    "seconds": 1.0,
    "cpu_seconds": 1.0,
    "peak_memory_bytes": 1,
    "provenance": {},
}


def test_a_manifest_survives_writing_and_reading(tmp_path: Path) -> None:
    Manifest(**SOUND).write(tmp_path)
    assert read_manifest(tmp_path) == Manifest(**SOUND)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        json.dumps(SOUND)[:-9],
        json.dumps({**SOUND, "status": "fine"}),
        json.dumps({**SOUND, "files": ["scores.json"]}),
        json.dumps({**SOUND, "files": {"scores.json": {"bytes": 1}}}),
        json.dumps({**SOUND, "files": {"../scores.json": {"sha256": "ab", "bytes": 1}}}),
        json.dumps({**SOUND, "files": {"/etc/passwd": {"sha256": "ab", "bytes": 1}}}),
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(ArtifactError, match=r"no readable manifest\.json"):
        read_manifest(tmp_path)
