from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.data.array_writer import ArrayWriter
from detaux.data.cache_entry import entry_name, open_entry, write_manifest

FACTS = {"what": "a test", "version": 1}
NOTES = {
    "labels": [[0, 3], [1, 2]],
    "counts": {"train": [1, 1]},
    "share": 2.0,
    "classes": ("ant", "b\u00e9e"),
}


def write(root: Path, facts: Mapping[str, Any] = FACTS) -> Path:
    home = root / entry_name(facts)
    home.mkdir()
    with ArrayWriter(home / "array.npy", (2, 3)) as writer:
        writer.put(0, np.ones((2, 3), np.uint8))
    write_manifest(home, facts, NOTES)
    return home


def test_an_entry_comes_back_as_it_was_written(tmp_path: Path) -> None:
    entry = open_entry(write(tmp_path))
    assert entry is not None
    assert entry.notes == {**NOTES, "classes": ["ant", "b\u00e9e"]}
    assert entry.array.tolist() == [[1, 1, 1], [1, 1, 1]]


def test_no_changed_byte_of_a_manifest_changes_what_it_says(tmp_path: Path) -> None:
    home = write(tmp_path)
    entry, content = open_entry(home), (home / "manifest.json").read_bytes()
    assert entry is not None
    for place in range(len(content)):
        for bit in (1, 16):
            changed = bytearray(content)
            changed[place] ^= bit
            (home / "manifest.json").write_bytes(changed)
            opened = open_entry(home)
            assert opened is None or opened.notes == entry.notes, changed


@pytest.mark.parametrize(
    "change",
    [
        {"notes": None},
        {"notes": []},
        {"notes": {}},
        {"notes": {**NOTES, "labels": [[0, 3]]}},
        {"facts": {**FACTS, "version": 2}},
        {"facts": None},
        {"bytes": "many"},
        {"sha256": 5},
        {"more": 1},
    ],
)
def test_a_manifest_that_says_anything_else_is_none(tmp_path: Path, change: Mapping[str, Any]) -> None:
    path = write(tmp_path) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    assert open_entry(path.parent) is None


@pytest.mark.parametrize("key", ["notes", "facts", "bytes", "sha256", "modified_ns", "manifest_sha256"])
def test_a_manifest_that_lacks_something_is_none(tmp_path: Path, key: str) -> None:
    path = write(tmp_path) / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest[key]
    path.write_text(json.dumps(manifest))
    assert open_entry(path.parent) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"5", b"[]", b'""', b"{}", b"[" * 100_000, b'{"notes": NaN}', b"\xff", b"9" * 5000],
)
def test_a_file_that_is_no_manifest_is_none(tmp_path: Path, content: bytes) -> None:
    home = write(tmp_path)
    (home / "manifest.json").write_bytes(content)
    assert open_entry(home) is None


@pytest.mark.parametrize("name", ["manifest.json", "array.npy"])
def test_a_folder_in_the_place_of_a_file_is_none(tmp_path: Path, name: str) -> None:
    home = write(tmp_path)
    (home / name).unlink()
    (home / name).mkdir()
    assert open_entry(home) is None


def test_an_entry_in_the_place_of_another_is_none(tmp_path: Path) -> None:
    home = write(tmp_path)
    assert open_entry(home.rename(tmp_path / entry_name({**FACTS, "version": 2}))) is None
