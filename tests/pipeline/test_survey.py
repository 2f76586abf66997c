"""Looking at all artifacts of a store, again and again."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from detaux.core.errors import ArtifactError
from detaux.pipeline import damage, sound
from detaux.pipeline.job import Job
from detaux.pipeline.lineage import content_of
from detaux.pipeline.manifest import Status, read_manifest
from detaux.pipeline.sound import mark_of
from detaux.pipeline.store import Store
from detaux.pipeline.survey import survey

FileArtifact = Callable[..., Path]
DATA = Job(stage="data", config={})
LEARN = Job(stage="learn", config={}, inputs={"data": DATA.key})
LARGE = 1 << 19


@pytest.fixture
def publish(file_artifact: FileArtifact) -> Callable[..., Path]:
    def file(
        store: Store, job: Job, *, status: Status = "done", byte: bytes = b"x", **provenance: Any
    ) -> Path:
        return file_artifact(store, job, {"large.bin": byte * LARGE}, status=status, provenance=provenance)

    return file


def look(store: Store) -> list[str]:
    """See with the eyes of a new process how the data job and the learn job stand."""
    return [standing for standing, _ in survey(Store(store.root), (DATA, LEARN)).values()]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, publish: FileArtifact) -> Store:
    """Return a store of both jobs, in which files count as settled at once."""
    for module in (damage, sound):
        monkeypatch.setattr(module, "SETTLED_SECONDS", 0)
    store = Store(tmp_path / "store")
    made_of = content_of(read_manifest(publish(store, DATA)))
    publish(store, LEARN, inputs={"data": made_of})
    return store


def test_sound_artifacts_are_read_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert look(store) == ["done", "done"]
    monkeypatch.delattr(damage, "file_hash")
    assert look(store) == ["done", "done"]


@pytest.mark.parametrize("content", [b"y" + b"x" * (LARGE - 1), b"x" * (LARGE - 1), b""])
def test_a_flipped_byte_and_a_truncation_are_seen(store: Store, content: bytes) -> None:
    look(store)
    file = store.folder("data", DATA.key) / "large.bin"
    before = file.stat()
    file.write_bytes(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert look(store) == ["damaged", "done"]


def test_an_input_made_anew_with_other_content_outdates_what_was_made_of_it(
    store: Store, publish: FileArtifact
) -> None:
    look(store)
    (store.folder("data", DATA.key) / "large.bin").unlink()
    assert look(store) == ["damaged", "done"]
    publish(store, DATA, byte=b"y")
    assert look(store) == ["done", "damaged"]
    assert "was made of another data artifact" in store.standing("learn", LEARN.key)[1]


def test_an_input_made_anew_with_equal_content_outdates_nothing(store: Store, publish: FileArtifact) -> None:
    (store.folder("data", DATA.key) / "large.bin").unlink()
    publish(store, DATA)
    assert look(store) == ["done", "done"]


def test_what_was_made_of_an_input_that_is_gone_stands(store: Store) -> None:
    (store.folder("data", DATA.key)).rename(store.root / "elsewhere")
    assert look(store) == ["missing", "done"]


def test_failures_are_not_noted_as_sound(store: Store, publish: FileArtifact) -> None:
    error = Job(stage="data", config={"bad": 1})
    publish(store, error, status="error")
    assert survey(store, [error])[error.key][0] == "error"
    assert not store.sound.read()


def test_bytes_that_rot_behind_a_mark_are_found_when_used_and_then_by_every_look(store: Store) -> None:
    look(store)
    folder = store.folder("data", DATA.key)
    (folder / "large.bin").write_bytes(b"y" * LARGE)
    store.sound.add({DATA.key: mark_of(folder, []) or ""})
    assert look(store) == ["done", "done"]
    with pytest.raises(ArtifactError, match=r"large\.bin has been altered"):
        store.open("data", DATA.key)
    assert look(store) == ["damaged", "done"]


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 100_000])
def test_a_book_that_cannot_be_read_costs_time_only(store: Store, text: str) -> None:
    (store.root / "sound.json").write_text(text)
    assert look(store) == ["done", "done"]
    assert json.loads((store.root / "sound.json").read_text()).keys() == {DATA.key, LEARN.key}


def test_two_drivers_add_to_one_book(store: Store) -> None:
    survey(store, [DATA])
    survey(Store(store.root), [LEARN])
    assert store.sound.read().keys() == {DATA.key, LEARN.key}


def test_what_was_just_written_is_not_noted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "SETTLED_SECONDS", 60)
    assert look(store) == ["done", "done"]
    assert not store.sound.read()


def test_a_look_at_a_store_that_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    assert look(Store(tmp_path / "none")) == ["missing", "missing"]
    assert not list(tmp_path.iterdir())
