"""Several drivers on one store, and artifacts that were damaged: jobs are real, and small."""

import json
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.core.errors import DataError
from detaux.data import load_dataset
from detaux.pipeline.attempt import file_progress
from detaux.pipeline.claim import STALE_SECONDS
from detaux.pipeline.job import Job
from detaux.pipeline.loaded import load_data
from detaux.pipeline.manifest import MANIFEST
from detaux.pipeline.run import Outcome, run_job
from detaux.pipeline.store import Standing, Store

DIGITS: dict[str, Any] = {"name": "digits", "image_size": 16}
LEARN = {
    "architecture": {"name": "hard_sharing"},
    "backbone": {"name": "small_cnn"},
    "corruption": {"name": "none"},
    "weighting": {"name": "equal"},
    "auxiliary": {"name": "none"},
    "steps": 3,
    "learning_rate": 1e-3,
    "train_size": 40,
}


def data_job() -> Job:
    config = {"dataset": DIGITS, "principal": ["class"], "split": {"name": "random"}}
    return Job(stage="data", config=config, fingerprint=load_dataset(**DIGITS).fingerprint)


def learn_job(**changes: Any) -> Job:
    return Job(stage="learn", config={**LEARN, **changes}, inputs={"data": data_job().key})


def run(job: Job, store: Store, **options: Any) -> Outcome:
    return run_job(job, store, device="cpu", **options)


def at_once(count: int, work: Callable[[], Outcome]) -> list[Outcome]:
    outcomes, start = [], threading.Barrier(count)

    def drive() -> None:
        start.wait()
        outcomes.append(work())

    threads = [threading.Thread(target=drive) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == count
    return outcomes


def alter(file: Path) -> None:
    """Change the last bytes of a file, but not its size."""
    content = file.read_bytes()
    file.write_bytes(content[:-8] + bytes(255 - byte for byte in content[-8:]))


class Overtaken(Store):
    """A store in which another driver acts right after this one has looked at a job."""

    def __init__(self, location: Path, key: str, other: Callable[[], object]) -> None:
        super().__init__(location)
        self.key, self.other = key, [other]

    def standing(self, stage: str, key: str) -> tuple[Standing, str]:
        seen = super().standing(stage, key)
        if key == self.key and self.other:
            self.other.pop()()
        return seen


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_drivers_that_come_at_once_do_the_work_once(store: Store) -> None:
    job = data_job()
    outcomes = at_once(4, lambda: run(job, Store(store.root)))
    assert sorted(outcome.cached for outcome in outcomes) == [False, True, True, True]
    assert {outcome.status for outcome in outcomes} == {"done"}
    assert not list(store.claims.iterdir())
    assert not list((store.root / "work").iterdir())


def test_a_job_that_another_driver_ended_before_our_claim_is_not_run_again(store: Store) -> None:
    job = data_job()
    late = Overtaken(store.root, job.key, lambda: run(job, store))
    assert run(job, late).cached


def test_a_silent_claim_does_not_hold_a_job_for_ever(store: Store) -> None:
    """As after a reboot: the claim names this machine and a pid that runs again."""
    job = data_job()
    store.claims.mkdir(parents=True)
    with_our_host = store.draft(job.stage, job.key).name.removeprefix(f"{job.key}.")
    claim = store.claims / f"{job.key}.{with_our_host.replace(str(os.getpid()), str(os.getppid()))}"
    claim.touch()
    os.utime(claim, (time.time() - STALE_SECONDS - 1,) * 2)
    assert run(job, store).status == "done"


def test_a_result_that_was_there_first_is_the_outcome(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job fails here while a driver that had lost its claim ends it: the store's result counts."""
    job = learn_job()
    run(data_job(), store)
    done = Store(store.root.with_name("elsewhere"))
    run(data_job(), done)
    assert run(job, done).status == "done"

    def fail(_: object) -> None:
        shutil.copytree(done.folder("learn", job.key), store.folder("learn", job.key))
        raise DataError("too late")

    monkeypatch.setattr("detaux.pipeline.stages.learn.run", fail)
    outcome = run(job, store)
    assert (outcome.status, outcome.reason) == ("done", "")
    assert store.standing("learn", job.key)[0] == "done"


def test_progress_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    file_progress(tmp_path / "gone" / "progress.json")(0.5, "half")
    file_progress(tmp_path / "progress.json")(0.5, "half")
    assert json.loads((tmp_path / "progress.json").read_text())["share"] == 0.5


def test_a_truncated_artifact_is_made_anew_and_said(store: Store) -> None:
    job = data_job()
    run(job, store)
    (store.folder("data", job.key) / "train.npy").write_bytes(b"")
    outcome = run(job, store)
    assert outcome.status == "done"
    (note,) = outcome.notes
    assert note.startswith("redone: ")
    assert "train.npy has 0 bytes instead of" in note


def test_an_altered_input_is_made_anew_and_said(store: Store) -> None:
    run(data_job(), store)
    first = run(learn_job(), store)
    expected = np.load(store.open("data", data_job().key).path / "train.npy")
    alter(store.folder("data", data_job().key) / "train.npy")
    outcome = run(learn_job(steps=4), store)
    assert (first.status, outcome.status) == ("done", "done")
    (note,) = outcome.notes
    assert "train.npy has been altered" in note
    np.testing.assert_array_equal(np.load(store.open("data", data_job().key).path / "train.npy"), expected)


def test_two_drivers_that_mend_one_input_do_it_once(store: Store) -> None:
    run(data_job(), store)
    run(learn_job(), store)
    alter(store.folder("data", data_job().key) / "train.npy")
    jobs = [learn_job(steps=4), learn_job(steps=5)]
    outcomes = at_once(2, lambda: run(jobs.pop(), Store(store.root)))
    assert [outcome.status for outcome in outcomes] == ["done", "done"]
    assert sum(len(outcome.notes) for outcome in outcomes) == 1


def test_an_input_that_another_driver_just_mended_is_left_alone(store: Store) -> None:
    run(data_job(), store)
    alter(store.folder("data", data_job().key) / "train.npy")
    late = Overtaken(store.root, data_job().key, lambda: run(data_job(), store))
    outcome = run(learn_job(), late)
    assert (outcome.status, outcome.notes) == ("done", ())


@pytest.mark.parametrize("damage", ["manifest gone", "manifest of another job", "all gone"])
def test_an_input_that_nothing_tells_how_to_mend_is_an_outcome(store: Store, damage: str) -> None:
    """It leaves no artifact, so that planning anew makes the input and then the job."""
    run(data_job(), store)
    folder = store.folder("data", data_job().key)
    if damage == "all gone":
        shutil.rmtree(folder)
    elif damage == "manifest gone":
        (folder / MANIFEST).unlink()
    else:
        manifest = json.loads((folder / MANIFEST).read_text())
        alter(folder / "train.npy")
        manifest["job"]["seed"] = 7
        (folder / MANIFEST).write_text(json.dumps(manifest))
    outcome = run(learn_job(), store)
    assert outcome.status == "error"
    assert "run the suite again" in outcome.reason
    assert store.standing("learn", learn_job().key)[0] == "missing"
    run(data_job(), store)
    assert run(learn_job(), store).status == "done"


def test_data_that_changed_after_stage_data_are_refused(store: Store) -> None:
    run(data_job(), store)
    folder = store.folder("data", data_job().key)
    described = json.loads((folder / "dataset.json").read_text())
    assert load_data(folder).dataset.fingerprint == described["fingerprint"]
    (folder / "dataset.json").write_text(json.dumps({**described, "fingerprint": "0123456789"}))
    with pytest.raises(DataError, match=r"instead of 01234567.*run the suite again"):
        load_data(folder)
