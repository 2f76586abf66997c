"""Jobs on real digits, from the data to the scores."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.data import load_dataset
from detaux.pipeline.job import Job
from detaux.pipeline.manifest import MANIFEST, describe_files
from detaux.pipeline.run import Outcome, run_job
from detaux.pipeline.store import Store

DIGITS: dict[str, Any] = {"name": "digits", "image_size": 16}
LEARN = {
    "architecture": {"name": "hard_sharing"},
    "backbone": {"name": "small_cnn"},
    "corruption": {"name": "none"},
    "weighting": {"name": "equal"},
    "auxiliary": {"name": "none"},
    "steps": 30,
    "train_size": 100,
    "learning_rate": 1e-3,
}


def data_job(**changes: Any) -> Job:
    config = {"dataset": DIGITS, "principal": ["class"], "split": {"name": "random"}}
    fingerprint = load_dataset(**DIGITS).fingerprint
    return Job(**{"stage": "data", "config": config, "fingerprint": fingerprint, **changes})


def chain(**learn: Any) -> dict[str, Job]:
    data = data_job()
    method = {"name": "detaux", "preset": "fast", "steps": 30, "subspaces": 3, "latent_dim": 4}
    disentangle = Job(stage="disentangle", config={"method": method}, inputs={"data": data.key})
    found = {
        "subspace": {"name": "fixed", "index": 1},
        "clustering": {"name": "kmeans", "num_clusters": 3},
        "noise": "own_class",
        "min_variance_share": 0.0,
    }
    inputs = {"data": data.key, "disentangle": disentangle.key}
    discover = Job(stage="discover", config=found, inputs=inputs)
    measure = Job(stage="measure", config={"metrics": ["mig"]}, inputs={**inputs, "discover": discover.key})
    inputs = {"data": data.key, "discover": discover.key}
    learnt = Job(stage="learn", config={**LEARN, "auxiliary": {"name": "discovered"}, **learn}, inputs=inputs)
    return {job.stage: job for job in (data, disentangle, discover, measure, learnt)}


def run(job: Job, store: Store, **options: Any) -> Outcome:
    return run_job(job, store, device="cpu", **options)


def scores_of(job: Job, store: Store) -> dict[tuple[str, str], float]:
    return {(row["split"], row["name"]): row["value"] for row in store.open(job.stage, job.key).scores()}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, dict[str, Job]]:
    store, jobs = Store(tmp_path_factory.mktemp("ran")), chain()
    for job in jobs.values():
        outcome = run(job, store)
        assert outcome.status == "done", outcome.reason
    return store, jobs


def test_the_whole_chain_leaves_its_files(ran: tuple[Store, dict[str, Job]]) -> None:
    store, jobs = ran
    files = {stage: set(store.open(stage, job.key).manifest.files) for stage, job in jobs.items()}
    assert files["data"] >= {"train.npy", "validation.npy", "test.npy", "dataset.json"}
    assert files["disentangle"] >= {
        "model.safetensors",
        "codes_train.npy",
        "codes_validation.npy",
        "traversal.png",
    }
    assert files["discover"] >= {
        "labels_train.npy",
        "labels_validation.npy",
        "subspaces.json",
        "clusters.png",
    }
    assert files["learn"] >= {"history.json", "predictions_test.npy", "scores.json"}
    assert not any((store.root / "work").iterdir())


def test_every_file_follows_the_umask(ran: tuple[Store, dict[str, Job]], tmp_path: Path) -> None:
    store, jobs = ran
    (tmp_path / "plain").touch()
    files = [file for job in jobs.values() for file in store.folder(job.stage, job.key).iterdir()]
    assert {file.stat().st_mode for file in files} == {(tmp_path / "plain").stat().st_mode}


def test_scores_are_those_of_the_predictions(ran: tuple[Store, dict[str, Job]]) -> None:
    store, jobs = ran
    test = np.load(store.open("data", jobs["data"].key).path / "test.npy")
    labels = load_dataset(**DIGITS).factors(test)[:, 0]
    guesses = np.load(store.open("learn", jobs["learn"].key).path / "predictions_test.npy")
    assert scores_of(jobs["learn"], store)["test", "accuracy"] == pytest.approx(np.mean(guesses == labels))


def test_agreement_is_measured_against_the_principal_label(ran: tuple[Store, dict[str, Job]]) -> None:
    store, jobs = ran
    scores = scores_of(jobs["measure"], store)
    assert 0 <= scores["train", "principal_subspace.nmi"] <= 1
    assert scores["train", "auxiliary.nmi.principal"] == scores["train", "auxiliary.nmi.class"]
    assert ("train", "auxiliary.best_nmi") not in scores


def test_a_finished_job_is_not_run_again(ran: tuple[Store, dict[str, Job]]) -> None:
    store, jobs = ran
    assert run(jobs["learn"], store).cached


def test_equal_jobs_give_equal_results(ran: tuple[Store, dict[str, Job]], tmp_path: Path) -> None:
    store, jobs = ran
    other = Store(tmp_path)
    for job in jobs.values():
        run(job, other)
        assert files_of(job, store) == files_of(job, other)


def test_nothing_of_the_test_split_reaches_training_or_selection(
    ran: tuple[Store, dict[str, Job]], tmp_path: Path
) -> None:
    """Two chains whose test splits differ make the same model, labels and net; only the test answers differ."""
    store, jobs = ran
    other = Store(tmp_path)
    shutil.copytree(store.root / "data", other.root / "data")
    test = halve_the_test_split(other.folder("data", jobs["data"].key))
    for stage in ("disentangle", "discover", "learn"):
        assert run(jobs[stage], other).status == "done"
    for stage in ("disentangle", "discover"):
        assert files_of(jobs[stage], other) == files_of(jobs[stage], store)
    ours, theirs = (files_of(jobs["learn"], place) for place in (store, other))
    differing = {"scores.json", "predictions_test.npy"}
    assert {name for name in ours if ours[name] != theirs[name]} == differing
    validated = [
        {name: value for name, value in scores_of(jobs["learn"], place).items() if name[0] != "test"}
        for place in (store, other)
    ]
    assert validated[0] == validated[1]
    assert len(np.load(other.folder("learn", jobs["learn"].key) / "predictions_test.npy")) == len(test)


def files_of(job: Job, store: Store) -> Mapping[str, Any]:
    """Return what an artifact holds, but for how long it took, which is never the same."""
    files = store.open(job.stage, job.key).manifest.files
    return {name: facts for name, facts in files.items() if name != "speed.json"}


def halve_the_test_split(folder: Path) -> NDArray[np.int64]:
    test: NDArray[np.int64] = np.load(folder / "test.npy")[::2]
    np.save(folder / "test.npy", test)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"] = describe_files(folder)
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return test


def test_data_that_changed_since_planning_are_an_error(tmp_path: Path) -> None:
    outcome = run(data_job(fingerprint="another"), Store(tmp_path))
    assert outcome.status == "error"
    assert "have changed since this run was planned" in outcome.reason


def test_no_auxiliary_task_is_an_outcome(ran: tuple[Store, dict[str, Job]]) -> None:
    store, jobs = ran
    job = Job(
        stage="discover",
        config={**jobs["discover"].config, "min_variance_share": 1.0},
        inputs=jobs["discover"].inputs,
    )
    outcome = run(job, store)
    assert outcome.status == "no_auxiliary_task"
    assert store.standing("discover", job.key) == ("no_auxiliary_task", outcome.reason)


def test_an_error_is_kept_until_asked_to_retry(tmp_path: Path) -> None:
    store = Store(tmp_path)
    job = Job(stage="learn", config=LEARN, inputs={"data": data_job().key})
    run(data_job(fingerprint="another"), store)
    bad = Job(stage="learn", config={**LEARN, "train_size": 10**6}, inputs={"data": data_job().key})
    run(data_job(), store)
    assert run(bad, store).status == "error"
    assert run(bad, store).cached
    assert not run(bad, store, retry_failed=True).cached
    assert run(job, store).status == "done"


def test_a_killed_job_goes_on_and_ends_with_the_same_numbers(
    ran: tuple[Store, dict[str, Job]], tmp_path: Path
) -> None:
    store, jobs = ran
    other = Store(tmp_path)
    run(jobs["data"], other)
    job = jobs["disentangle"]
    script = (
        "import json, sys; from detaux.pipeline.run import run_job; from detaux.pipeline.job import Job;"
        "from detaux.pipeline.store import Store;"
        "run_job(Job(**json.loads(sys.argv[2])), Store(sys.argv[1]), device='cpu')"
    )
    command = [sys.executable, "-c", script, str(other.root), json.dumps(job.as_dict())]
    victim = subprocess.Popen(command)
    progress = other.work_folder(job.key) / "progress.json"
    while not progress.exists() and victim.poll() is None:
        time.sleep(0.02)
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    assert run(job, other).status == "done"
    ours, theirs = store.open(job.stage, job.key), other.open(job.stage, job.key)
    assert ours.manifest.files["codes_train.npy"] == theirs.manifest.files["codes_train.npy"]
    assert not [left for left in theirs.path.parent.iterdir() if left.name != job.key]
