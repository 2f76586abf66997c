"""What the record of a run of stage three holds, and how one that diverges ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from detaux.data import load_dataset
from detaux.pipeline.job import Job
from detaux.pipeline.manifest import MANIFEST, describe_files
from detaux.pipeline.run import run_job
from detaux.pipeline.store import Store

DIGITS: dict[str, Any] = {"name": "digits", "image_size": 16}
LEARN: dict[str, Any] = {
    "architecture": {"name": "soft_sharing"},
    "backbone": {"name": "small_cnn", "widths": [8, 16], "halvings": 2},
    "corruption": {"name": "none"},
    "weighting": {"name": "pcgrad"},
    "auxiliary": {"name": "rotation"},
    "steps": 20,
    "validate_every": 10,
    "diagnose_every": 5,
    "train_size": 100,
    "learning_rate": 1e-3,
}
LEFT_OUT = 3
"""A class that no validation image has."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a store with digits of which the validation part lacks a class."""
    made = Store(tmp_path_factory.mktemp("store"))
    assert run_job(data_job(), made, device="cpu").status == "done"
    folder = made.folder("data", data_job().key)
    validation = np.load(folder / "validation.npy")
    classes = load_dataset(**DIGITS).factors(validation)[:, 0]
    np.save(folder / "validation.npy", validation[classes != LEFT_OUT])
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"] = describe_files(folder)
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return made


def data_job() -> Job:
    config = {"dataset": DIGITS, "principal": ["class"], "split": {"name": "random"}}
    return Job(stage="data", config=config, fingerprint=load_dataset(**DIGITS).fingerprint)


def learn_job(**changes: Any) -> Job:
    return Job(stage="learn", config={**LEARN, **changes}, inputs={"data": data_job().key})


def scores_of(job: Job, store: Store) -> Mapping[tuple[str, str], float]:
    return {(row["split"], row["name"]): row["value"] for row in store.open(job.stage, job.key).scores()}


def test_the_record_is_whole(store: Store) -> None:
    job = learn_job()
    outcome = run_job(job, store, device="cpu")
    assert outcome.status == "done", outcome.reason
    scores = scores_of(job, store)
    assert set(scores) == {
        ("train", "num_labelled"),
        ("train", "parameters"),
        ("train", "flops"),
        ("train", "added_parameters"),
        ("train", "added_flops"),
        ("train", "weighting.weight_principal"),
        ("train", "weighting.weight_auxiliary"),
        ("train", "weighting.solver_failures_mean_taken"),
        ("train", "gradient_cosine"),
        ("train", "gradient_ratio"),
        ("validation", "accuracy"),
        ("validation", "macro_f1"),
        ("validation", "missing_classes"),
        ("validation", "auxiliary_accuracy"),
        ("test", "accuracy"),
        ("test", "macro_f1"),
    }
    assert scores["validation", "missing_classes"] == 1
    assert scores["train", "num_labelled"] == 100
    assert scores["train", "weighting.solver_failures_mean_taken"] == 0
    assert scores["train", "gradient_ratio"] > 0
    assert -1 <= scores["train", "gradient_cosine"] <= 1
    speed = json.loads((store.folder("learn", job.key) / "speed.json").read_text())
    assert speed["step_seconds"] > 0
    assert speed["peak_device_bytes"] is None


def test_a_second_tower_adds_what_the_first_has(store: Store) -> None:
    """Soft sharing of two tasks is two towers, each with a head; alone there is one."""
    job, alone = learn_job(), learn_job(architecture={"name": "hard_sharing"}, auxiliary={"name": "none"})
    for one in (job, alone):
        assert run_job(one, store, device="cpu").status == "done"
    both, single = scores_of(job, store), scores_of(alone, store)
    assert (single["train", "added_parameters"], single["train", "added_flops"]) == (0, 0)
    for name in ("parameters", "flops"):
        assert both["train", name] == single["train", name] + both["train", f"added_{name}"]
    head = 6 * 513  # four classes in place of ten, 512 features and an offset each
    assert both["train", "parameters"] == 2 * single["train", "parameters"] - head


@pytest.mark.parametrize("weighting", ["equal", "pcgrad"])
def test_a_run_that_diverges_is_an_error_with_its_step(store: Store, weighting: str) -> None:
    job = learn_job(weighting={"name": weighting}, learning_rate=1e30, validate_every=1)
    outcome = run_job(job, store, device="cpu")
    assert outcome.status == "error"
    assert "not finite after step" in outcome.reason or "in step" in outcome.reason
    assert "best validation score so far" in outcome.reason or "before any validation" in outcome.reason
    assert store.standing("learn", job.key) == ("error", outcome.reason)
