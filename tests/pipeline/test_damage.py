import os
from pathlib import Path

import pytest

from detaux.core.hashing import file_hash
from detaux.pipeline import damage
from detaux.pipeline.damage import FileHashes

LONG_AGO = 1_000_000_000


def written(file: Path, content: bytes, *, time: int = LONG_AGO) -> Path:
    file.write_bytes(content)
    os.utime(file, (time, time))
    return file


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file count as settled at once: its time of change cannot be set back."""
    monkeypatch.setattr(damage, "SETTLED_SECONDS", 0)


@pytest.mark.usefixtures("settled")
def test_an_unchanged_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashes, file = FileHashes(), written(tmp_path / "file", b"first")
    first = hashes.of(file)
    assert first == file_hash(file)
    monkeypatch.delattr(damage, "file_hash")
    assert hashes.of(file) == first


@pytest.mark.usefixtures("settled")
def test_bytes_swapped_behind_the_back_of_size_and_time_are_seen(tmp_path: Path) -> None:
    hashes, file = FileHashes(), written(tmp_path / "file", b"first")
    hashes.of(file)
    assert hashes.of(written(file, b"other")) == file_hash(file)


def test_a_later_time_or_another_size_means_reading_anew(tmp_path: Path) -> None:
    hashes, file = FileHashes(), written(tmp_path / "file", b"first")
    hashes.of(file)
    for content, time in ((b"other", LONG_AGO + 1), (b"longer", LONG_AGO + 1)):
        assert hashes.of(written(file, content, time=time)) == file_hash(file)


def test_a_file_just_written_is_not_trusted(tmp_path: Path) -> None:
    """Two writes within one tick of the clock leave the same time."""
    hashes, file = FileHashes(), tmp_path / "file"
    file.write_bytes(b"first")
    state = file.stat()
    hashes.of(file)
    file.write_bytes(b"other")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert hashes.of(file) == file_hash(file)
