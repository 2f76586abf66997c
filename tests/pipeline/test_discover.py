"""Stage two on codes of real digits: its files, for one task and for several."""

import json
from typing import Any

import numpy as np
import pytest

from detaux.data import load_dataset
from detaux.metrics import compute_metric
from detaux.pipeline.job import Job
from detaux.pipeline.run import run_job
from detaux.pipeline.store import Store

DIGITS: dict[str, Any] = {"name": "digits", "image_size": 16}
PIXELS = {"name": "pixels", "side": 2}
CONFIG: dict[str, Any] = {
    "subspace": {"name": "cosine"},
    "clustering": {"name": "kmeans", "num_clusters": 3},
    "noise": "own_class",
    "min_variance_share": 0.0,
}


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, dict[str, str]]:
    """Return a store with digits and their 12 mean-pooled pixels, a subspace each, and the keys of both jobs."""
    store = Store(tmp_path_factory.mktemp("staged"))
    config = {"dataset": DIGITS, "principal": ["class"], "split": {"name": "random"}}
    data = Job(stage="data", config=config, fingerprint=load_dataset(**DIGITS).fingerprint)
    disentangle = Job(stage="disentangle", config={"method": PIXELS}, inputs={"data": data.key})
    for job in (data, disentangle):
        assert run_job(job, store, device="cpu").status == "done"
    return store, {"data": data.key, "disentangle": disentangle.key}


class Found:
    """What a `discover` job left."""

    def __init__(self, staged: tuple[Store, dict[str, str]], **changes: Any) -> None:
        store, inputs = staged
        job = Job(stage="discover", config={**CONFIG, **changes}, inputs=inputs)
        assert run_job(job, store, device="cpu").status == "done"
        artifact = store.open("discover", job.key)
        self.train = np.load(artifact.path / "labels_train.npy")
        self.validation = np.load(artifact.path / "labels_validation.npy")
        self.about = json.loads((artifact.path / "subspaces.json").read_text())
        self.notes = json.loads((artifact.path / "notes.json").read_text())
        self.scores = {row["name"]: row["value"] for row in artifact.scores()}
        self.key = job.key


def test_one_task_is_one_column(staged: tuple[Store, dict[str, str]]) -> None:
    found = Found(staged)
    assert found.train.shape == (len(found.train), 1)
    assert found.validation.shape == (len(found.validation), 1)
    assert found.about["num_classes"] == found.about["num_clusters"] == [3]
    assert found.about["chosen"] == [found.scores["chosen_subspace"]]
    assert (found.scores["num_tasks"], found.notes) == (1, [])
    assert len(found.about["subspaces"]) == 12


def test_several_tasks_are_columns_and_scores_are_of_the_first(staged: tuple[Store, dict[str, str]]) -> None:
    one, three = Found(staged), Found(staged, tasks=3)
    assert three.train.shape[1] == three.validation.shape[1] == len(three.about["chosen"]) == 3
    np.testing.assert_array_equal(three.train[:, :1], one.train)
    scored = [subspace["score"] for subspace in three.about["subspaces"]]
    chosen = [scored[k] for k in three.about["chosen"]]
    assert chosen == sorted(score for score in scored if score is not None)[:3]
    assert three.scores == one.scores | {"num_tasks": 3}


def test_the_principal_subspace_can_be_clustered(staged: tuple[Store, dict[str, str]]) -> None:
    assert Found(staged, subspace={"name": "principal"}).about["chosen"] == [0]


def test_the_whole_code_is_one_block_and_no_chosen_subspace(staged: tuple[Store, dict[str, str]]) -> None:
    ten = {"name": "kmeans", "num_clusters": 10}
    whole = Found(staged, subspace={"name": "whole"}, clustering=ten)
    principal = Found(staged, subspace={"name": "principal"}, clustering=ten)
    assert len(whole.about["subspaces"]) == 1
    assert "chosen_subspace" not in whole.scores
    store, inputs = staged
    index = np.load(store.open("data", inputs["data"]).path / "train.npy")
    classes = load_dataset(**DIGITS).factors(index)[:, 0]
    nmi = [compute_metric("agreement", found.train[:, 0], classes)["nmi"] for found in (principal, whole)]
    assert nmi[1] > 1.5 * nmi[0]


def test_agreement_is_measured_of_the_first_task(staged: tuple[Store, dict[str, str]]) -> None:
    store, inputs = staged
    measured = []
    for found in (Found(staged), Found(staged, tasks=3)):
        job = Job(stage="measure", config={"metrics": []}, inputs={**inputs, "discover": found.key})
        assert run_job(job, store, device="cpu").status == "done"
        scores = {row["name"]: row["value"] for row in store.open("measure", job.key).scores()}
        measured.append(scores["auxiliary.nmi.class"])
    assert measured[0] == measured[1] > 0
