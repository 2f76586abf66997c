"""A store at a URL, as two machines with cache folders of their own see it."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import pytest

from detaux.pipeline.job import Job
from detaux.pipeline.manifest import MANIFEST, Status
from detaux.pipeline.store import Store

FileArtifact = Callable[..., Path]
JOB = Job(stage="learn", config={"steps": 5})
MachineOf = Callable[[str], Store]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MachineOf:
    url = f"memory://{uuid.uuid4().hex}"

    def store_on(name: str) -> Store:
        monkeypatch.setenv("DETAUX_CACHE", str(tmp_path / name))
        return Store(url)

    return store_on


@pytest.fixture
def publish(file_artifact: FileArtifact) -> Callable[..., Path]:
    def file(store: Store, *, status: Status = "done", text: str = "[]") -> Path:
        reason = "" if status == "done" else "no luck"
        return file_artifact(store, JOB, {"scores.json": text.encode()}, status=status, reason=reason)

    return file


def standing(store: Store) -> str:
    return store.standing(JOB.stage, JOB.key)[0]


def remote(store: Store, name: str) -> str:
    return f"{store.location}/learn/{JOB.key[:2]}/{JOB.key}/{name}"


def write_remote(store: Store, name: str, text: str) -> None:
    with fsspec.open(remote(store, name), "w") as file:
        file.write(text)


def scores_in(store: Store) -> Any:
    return store.open(JOB.stage, JOB.key).scores()


def no_drafts(store: Store) -> bool:
    folder = store.folder(JOB.stage, JOB.key).parent
    return not folder.exists() or {place.name for place in folder.iterdir()} <= {JOB.key}


def test_what_one_machine_made_another_can_use(machine: MachineOf, publish: FileArtifact) -> None:
    publish(machine("here"), text='["there"]')
    other = machine("elsewhere")
    assert standing(other) == "done"
    assert scores_in(other) == ["there"]
    assert no_drafts(other)


@pytest.mark.parametrize("cut", [0, 40, -1])
def test_a_truncated_remote_manifest_counts_as_none(
    machine: MachineOf, cut: int, publish: FileArtifact
) -> None:
    here = machine("here")
    publish(here)
    with fsspec.open(remote(here, MANIFEST), "r") as file:
        text = file.read()
    write_remote(here, MANIFEST, text[:cut])
    other = machine("elsewhere")
    assert standing(other) == "missing"
    assert no_drafts(other)


def test_a_remote_artifact_without_one_of_its_files_counts_as_none(
    machine: MachineOf, publish: FileArtifact
) -> None:
    here = machine("here")
    publish(here)
    fsspec.filesystem("memory").rm(remote(here, "scores.json"))
    other = machine("elsewhere")
    assert standing(other) == "missing"
    assert no_drafts(other)


def test_no_remote_name_leads_out_of_the_artifact(
    machine: MachineOf, tmp_path: Path, publish: FileArtifact
) -> None:
    here = machine("here")
    publish(here)
    with fsspec.open(remote(here, MANIFEST), "r") as file:
        manifest = json.load(file)
    manifest["files"]["../../../../out.txt"] = {"sha256": "", "bytes": 1}
    write_remote(here, MANIFEST, json.dumps(manifest))
    write_remote(here, "../../../../out.txt", "x")
    other = machine("elsewhere")
    assert standing(other) == "missing"
    assert not list(tmp_path.rglob("out.txt"))


def test_a_failure_here_does_not_hide_a_result_elsewhere(machine: MachineOf, publish: FileArtifact) -> None:
    here = machine("here")
    publish(here, status="error")
    publish(machine("elsewhere"), text='["sound"]')
    assert standing(here) == "done"
    assert scores_in(here) == ["sound"]


def test_a_failure_here_does_not_replace_a_result_elsewhere(
    machine: MachineOf, publish: FileArtifact
) -> None:
    here = machine("here")
    assert standing(here) == "missing"
    publish(machine("elsewhere"))
    publish(here, status="error")
    assert standing(machine("third")) == "done"


def test_a_failure_elsewhere_is_seen(machine: MachineOf, publish: FileArtifact) -> None:
    publish(machine("here"), status="error")
    other = machine("elsewhere")
    assert other.standing(JOB.stage, JOB.key) == ("error", "no luck")
