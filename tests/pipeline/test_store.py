import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import fsspec
import pytest

from detaux.core.errors import ArtifactError, LocationError
from detaux.pipeline.job import Job
from detaux.pipeline.manifest import MANIFEST, Status
from detaux.pipeline.store import Store

FileArtifact = Callable[..., Path]
JOB = Job(stage="learn", config={"steps": 5})
LARGE = 1 << 19


@pytest.fixture
def publish(file_artifact: FileArtifact) -> Callable[..., Path]:
    def file(store: Store, *, status: Status = "done", text: str = "[]", size: int = 10) -> Path:
        files = {"scores.json": text.encode(), "weights.bin": bytes(size)}
        return file_artifact(store, JOB, files, status=status, reason="" if status == "done" else "no luck")

    return file


def scores_in(store: Store) -> Any:
    return store.open(JOB.stage, JOB.key).scores()


def standing(store: Store) -> str:
    return store.standing(JOB.stage, JOB.key)[0]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_an_artifact_is_there_once_published(store: Store, publish: FileArtifact) -> None:
    assert standing(store) == "missing"
    folder = publish(store, text='[{"split": "test", "name": "accuracy", "value": 0.5}]')
    assert folder == store.root / "learn" / JOB.key[:2] / JOB.key
    assert standing(store) == "done"
    assert store.open(JOB.stage, JOB.key).scores() == [{"split": "test", "name": "accuracy", "value": 0.5}]


def test_no_draft_is_left(store: Store, publish: FileArtifact) -> None:
    folder = publish(store)
    assert [place.name for place in folder.parent.iterdir()] == [JOB.key]


def test_a_failed_job_tells_its_reason(store: Store, publish: FileArtifact) -> None:
    publish(store, status="error")
    assert store.standing(JOB.stage, JOB.key) == ("error", "no luck")


def test_a_missing_manifest_means_not_done(store: Store, publish: FileArtifact) -> None:
    (publish(store) / MANIFEST).unlink()
    assert standing(store) == "damaged"
    with pytest.raises(ArtifactError, match="no readable manifest"):
        store.open(JOB.stage, JOB.key)


def test_a_truncated_file_is_seen_at_once(store: Store, publish: FileArtifact) -> None:
    (publish(store, size=LARGE) / "weights.bin").write_bytes(b"\0")
    state, reason = store.standing(JOB.stage, JOB.key)
    assert state == "damaged"
    assert "weights.bin has 1 bytes instead of" in reason


def test_an_altered_small_file_is_seen_at_once(store: Store, publish: FileArtifact) -> None:
    (publish(store) / "scores.json").write_text("{}")
    assert standing(store) == "damaged"


def test_an_altered_large_file_is_seen_at_once(store: Store, publish: FileArtifact) -> None:
    (publish(store, size=LARGE) / "weights.bin").write_bytes(b"\1" * LARGE)
    assert standing(store) == "damaged"
    with pytest.raises(ArtifactError, match=r"weights\.bin has been altered"):
        store.open(JOB.stage, JOB.key)


def test_a_change_after_the_first_look_is_seen(store: Store, publish: FileArtifact) -> None:
    folder = publish(store)
    store.open(JOB.stage, JOB.key)
    (folder / "weights.bin").write_bytes(b"\1" * 10)
    with pytest.raises(ArtifactError):
        store.open(JOB.stage, JOB.key)


def test_large_bytes_swapped_behind_the_back_of_size_and_time_are_seen(
    store: Store, publish: FileArtifact
) -> None:
    weights = publish(store, size=LARGE) / "weights.bin"
    os.utime(weights, (0, 0))
    assert standing(store) == "done"
    weights.write_bytes(b"\1" * LARGE)
    os.utime(weights, (0, 0))
    assert standing(store) == "damaged"


def test_a_draft_gives_way_to_a_result_that_is_there(store: Store, publish: FileArtifact) -> None:
    publish(store, text='["sound"]')
    publish(store, status="error", text='["fault"]')
    assert scores_in(store) == ["sound"]


def test_the_first_of_two_drivers_wins(store: Store, publish: FileArtifact) -> None:
    publish(store, text='["first"]')
    publish(store, text='["second"]')
    assert scores_in(store) == ["first"]


@pytest.mark.parametrize("status", ["error", "no_auxiliary_task"])
def test_a_failure_gives_way_to_a_result(store: Store, status: Status, publish: FileArtifact) -> None:
    publish(store, status=status)
    publish(store)
    assert standing(store) == "done"


def test_damage_gives_way_to_a_result(store: Store, publish: FileArtifact) -> None:
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


@pytest.mark.parametrize("left", ["file", "dangling link", "link to a bad artifact", "empty folder"])
def test_what_lies_in_the_place_of_an_artifact_is_damage_and_gives_way(
    store: Store, left: str, publish: FileArtifact
) -> None:
    folder, elsewhere = store.folder(JOB.stage, JOB.key), store.root / "elsewhere"
    folder.parent.mkdir(parents=True)
    if left == "file":
        folder.touch()
    elif left == "empty folder":
        folder.mkdir()
    else:
        folder.symlink_to(elsewhere)
    if left == "link to a bad artifact":
        elsewhere.mkdir()
    assert standing(store) == "damaged"
    publish(store)
    assert standing(store) == "done"
    assert [place.name for place in folder.parent.iterdir()] == [JOB.key]


def test_an_artifact_in_the_place_of_another_is_damage(store: Store, publish: FileArtifact) -> None:
    other = Job(stage="learn", config={"steps": 6})
    shutil.copytree(publish(store), store.folder(other.stage, other.key))
    found, reason = store.standing(other.stage, other.key)
    assert found == "damaged"
    assert f"holds the learn job {JOB.key}" in reason
    assert standing(store) == "done"


@pytest.mark.parametrize(
    "change",
    [{"files": {}}, {"job": {}}, {"job": None}, {"provenance": []}, {"provenance": "x"}, {"seconds": "1"}],
)
def test_a_manifest_that_says_nothing_of_its_job_is_damage(
    store: Store, change: dict[str, Any], publish: FileArtifact
) -> None:
    file = publish(store) / MANIFEST
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    assert standing(store) == "damaged"


@pytest.mark.parametrize("text", ["[" * 100_000, '{"job": ' + "[" * 100_000, "9" * 5000, "\0"])
def test_a_manifest_that_no_reader_survives_is_damage(store: Store, text: str, publish: FileArtifact) -> None:
    (publish(store) / MANIFEST).write_text(text)
    assert standing(store) == "damaged"


@pytest.mark.parametrize("part", ["", "claims", "work", "learn"])
def test_a_file_in_the_way_is_named(store: Store, part: str) -> None:
    place = store.root / part if part else store.root
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    with pytest.raises(LocationError, match=f"{place}.*a file is in the way.*--store"):
        store.check()


def test_a_file_in_the_way_of_a_draft_is_named(store: Store) -> None:
    shard = store.folder(JOB.stage, JOB.key).parent
    shard.parent.mkdir(parents=True)
    shard.touch()
    with pytest.raises(LocationError, match=f"{shard}.*--store"):
        store.draft(JOB.stage, JOB.key)


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("nosuch://place", "nosuch"),
        ("s3://", "s3://bucket/folder"),
        ("://x", "s3://bucket/folder"),
        ("~nosuchuser/x", "nosuchuser|home"),
        ("a\0b", "null"),
    ],
)
def test_a_location_that_means_nothing_is_refused(location: str, said: str) -> None:
    with pytest.raises(LocationError, match=said):
        Store(location)


@pytest.mark.skipif(find_spec("s3fs") is not None, reason="the driver is installed")
def test_a_missing_driver_is_named_with_its_remedy() -> None:
    with pytest.raises(LocationError, match="pip install s3fs"):
        Store("s3://bucket/runs")


@pytest.mark.parametrize("location", [None, 3, b"store"])
def test_a_location_is_text_or_a_path(location: Any) -> None:
    with pytest.raises(TypeError, match="a folder or a URL"):
        Store(location)


@pytest.mark.parametrize("location", ["/proc/x", "/dev/null", "/dev/null/x", f"/{'x' * 300}"])
def test_a_place_where_no_folder_can_be_is_refused(location: str) -> None:
    for writable in (False, True):
        with pytest.raises(LocationError, match=f"{location[:20]}.*--store"):
            Store(location).check(writable=writable)


def test_a_check_leaves_nothing_behind(store: Store, tmp_path: Path, publish: FileArtifact) -> None:
    store.check()
    store.check(writable=True)
    assert not list(tmp_path.iterdir())
    publish(store)
    store.check(writable=True)
    assert [place.name for place in store.root.iterdir()] == ["learn"]


def test_a_remote_side_is_tried_before_anything_runs() -> None:
    url = f"memory://{uuid.uuid4().hex}"
    Store(url).check(writable=True)
    files = fsspec.filesystem("memory")
    assert not files.ls(url.removeprefix("memory:/"))
    with pytest.raises(LocationError, match="--store"):
        Store("zip://x::/nosuchfile.zip").check(writable=True)
