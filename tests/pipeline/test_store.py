import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from detaux.core.errors import ArtifactError
from detaux.pipeline.job import Job
from detaux.pipeline.manifest import MANIFEST, Manifest, Status, describe_files
from detaux.pipeline.store import Store

JOB = Job(stage="learn", config={"steps": 5})
LARGE = 1 << 19


def publish(store: Store, *, status: Status = "done", text: str = "[]", size: int = 10) -> Path:
    draft = store.draft(JOB.stage, JOB.key)
    (draft / "scores.json").write_text(text)
    (draft / "weights.bin").write_bytes(b"\0" * size)
    Manifest(
        job=JOB.as_dict(),
        status=status,
        reason="" if status == "done" else "no luck",
        files=describe_files(draft),
        seconds=1.0,
        cpu_seconds=1.0,
        peak_memory_bytes=1,
        provenance={},
    ).write(draft)
    return store.publish(draft, JOB.stage, JOB.key)


def scores_in(store: Store) -> Any:
    return store.open(JOB.stage, JOB.key).scores()


def standing(store: Store, *, thorough: bool = False) -> str:
    return store.standing(JOB.stage, JOB.key, thorough=thorough)[0]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_an_artifact_is_there_once_published(store: Store) -> None:
    assert standing(store) == "missing"
    folder = publish(store, text='[{"split": "test", "name": "accuracy", "value": 0.5}]')
    assert folder == store.root / "learn" / JOB.key[:2] / JOB.key
    assert standing(store) == "done"
    assert store.open(JOB.stage, JOB.key).scores() == [{"split": "test", "name": "accuracy", "value": 0.5}]


def test_no_draft_is_left(store: Store) -> None:
    folder = publish(store)
    assert [place.name for place in folder.parent.iterdir()] == [JOB.key]


def test_a_failed_job_tells_its_reason(store: Store) -> None:
    publish(store, status="error")
    assert store.standing(JOB.stage, JOB.key) == ("error", "no luck")


def test_a_missing_manifest_means_not_done(store: Store) -> None:
    (publish(store) / MANIFEST).unlink()
    assert standing(store) == "damaged"
    with pytest.raises(ArtifactError, match="no readable manifest"):
        store.open(JOB.stage, JOB.key)


def test_a_truncated_file_is_seen_at_once(store: Store) -> None:
    (publish(store, size=LARGE) / "weights.bin").write_bytes(b"\0")
    state, reason = store.standing(JOB.stage, JOB.key)
    assert state == "damaged"
    assert "weights.bin has 1 bytes instead of" in reason


def test_an_altered_small_file_is_seen_at_once(store: Store) -> None:
    (publish(store) / "scores.json").write_text("{}")
    assert standing(store) == "damaged"


def test_an_altered_large_file_is_seen_when_used(store: Store) -> None:
    (publish(store, size=LARGE) / "weights.bin").write_bytes(b"\1" * LARGE)
    assert standing(store) == "done"
    assert standing(store, thorough=True) == "damaged"
    with pytest.raises(ArtifactError, match=r"weights\.bin has been altered"):
        store.open(JOB.stage, JOB.key)


def test_a_change_after_the_first_look_is_seen(store: Store) -> None:
    folder = publish(store)
    store.open(JOB.stage, JOB.key)
    (folder / "weights.bin").write_bytes(b"\1" * 10)
    with pytest.raises(ArtifactError):
        store.open(JOB.stage, JOB.key)


def test_an_unchanged_artifact_is_read_once(store: Store) -> None:
    """Large bytes swapped behind the back of size and time show whether they were read again."""
    weights = publish(store, size=LARGE) / "weights.bin"
    os.utime(weights, (0, 0))
    assert standing(store, thorough=True) == "done"
    weights.write_bytes(b"\1" * LARGE)
    os.utime(weights, (0, 0))
    assert standing(store, thorough=True) == "done"
    os.utime(weights, (1, 1))
    assert standing(store, thorough=True) == "damaged"


def test_a_draft_gives_way_to_a_result_that_is_there(store: Store) -> None:
    publish(store, text='["sound"]')
    publish(store, status="error", text='["fault"]')
    assert scores_in(store) == ["sound"]


def test_the_first_of_two_drivers_wins(store: Store) -> None:
    publish(store, text='["first"]')
    publish(store, text='["second"]')
    assert scores_in(store) == ["first"]


@pytest.mark.parametrize("status", ["error", "no_auxiliary_task"])
def test_a_failure_gives_way_to_a_result(store: Store, status: Status) -> None:
    publish(store, status=status)
    publish(store)
    assert standing(store) == "done"


def test_damage_gives_way_to_a_result(store: Store) -> None:
    (publish(store) / "weights.bin").unlink()
    publish(store)
    assert standing(store) == "done"


def test_drafts_of_killed_processes_are_swept(store: Store) -> None:
    script = "import sys; from detaux.pipeline.store import Store; print(Store(sys.argv[1]).draft('learn', sys.argv[2]))"
    command = [sys.executable, "-c", script, str(store.root), JOB.key]
    left = Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
    assert left.is_dir()
    store.draft(JOB.stage, JOB.key)
    assert not left.exists()


@pytest.mark.parametrize(("stage", "key"), [("../learn", "ab"), ("learn", "../../etc"), ("learn", "")])
def test_no_name_leads_out_of_the_store(store: Store, stage: str, key: str) -> None:
    with pytest.raises(ValueError, match="cannot name a file"):
        store.folder(stage, key)
