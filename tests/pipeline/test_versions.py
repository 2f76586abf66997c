"""What each stage gives, tied to its version.

If one of these fails, the same config gives another result: raise the stage's version in `detaux/pipeline/stage.py`,
say so in CHANGELOG.md under *Results*, and pin the new numbers here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from detaux.data import load_dataset
from detaux.data.augmentation.none import NoAugmentation
from detaux.data.corruption.salt_and_pepper import SaltAndPepper
from detaux.data.principal import principal_labels
from detaux.data.split import Split
from detaux.data.staging import stage
from detaux.discover.clusterings.kmeans import Kmeans
from detaux.discover.criteria.silhouette import Silhouette
from detaux.discover.task import discover
from detaux.disentangle.base import StageOneData
from detaux.disentangle.methods.detaux import Detaux
from detaux.learn.architectures.hard_sharing import HardSharing
from detaux.learn.options import LearnOptions
from detaux.learn.tasks import Task
from detaux.learn.train import learn
from detaux.learn.weightings.equal import Equal
from detaux.metrics.compute import compute_metric
from detaux.models.backbones.small_cnn import SmallCNN
from detaux.pipeline.stage import STAGES
from detaux.train.policy import Policy

POLICY = Policy(device=torch.device("cpu"), amp=False)
TRAIN, VALIDATION = np.arange(200), np.arange(200, 300)
PINNED = {
    ("disentangle", 3): {"paper": 0.30419, "fast": 3.2596},
    ("discover", 2): {"subspace": 2, "clusters": 4, "largest": 62},
    ("learn", 4): {"principal": 2.2738, "auxiliary": 0.71129},
    ("measure", 3): {"dci_extra_trees": 0.86583, "mig": 0.027775},
}


def digits() -> StageOneData:
    dataset = load_dataset("digits", image_size=16)
    split = Split(train=TRAIN, validation=VALIDATION, test=np.arange(300, 400))
    labels, _ = principal_labels(dataset, ["class"])
    return StageOneData(dataset=dataset, split=split, labels=labels, principal=("class",))


def disentangled() -> dict[str, float]:
    losses = {}
    for preset in ("paper", "fast"):
        _, history = Detaux(preset=preset, subspaces=3, latent_dim=4, steps=3).fit(
            digits(), seed=0, policy=POLICY
        )
        losses[preset] = history.losses[-1]["loss"]
    return losses


def codes() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return codes (1000, 3, 2) whose last subspace has four clumps, and two factors (1000, 2)."""
    random = np.random.default_rng(0)
    factors = random.integers(0, (3, 4), (1000, 2))
    centres = random.normal(size=(4, 2))
    drawn = random.normal(size=(1000, 3, 2))
    drawn[:, 2] = centres[factors[:, 1]] + 0.1 * drawn[:, 2]
    drawn[:, 0] += factors[:, :1]
    return drawn.astype(np.float32), factors


def discovered() -> dict[str, int]:
    drawn, factors = codes()
    task, *_ = discover(
        drawn[TRAIN],
        drawn[VALIDATION],
        factors[TRAIN, 0],
        criterion=Silhouette(),
        clustering=Kmeans(),
        noise="own_class",
        min_variance_share=0.02,
        seed=0,
    ).tasks
    return {
        "subspace": task.subspace,
        "clusters": task.num_clusters,
        "largest": int(np.bincount(task.clusters).max()),
    }


def learnt() -> dict[str, float]:
    data = digits()
    images, labels = stage(data.dataset, TRAIN, "cpu"), data.labels[TRAIN]
    validation = stage(data.dataset, VALIDATION, "cpu"), data.labels[VALIDATION]
    options = LearnOptions(
        architecture=HardSharing(),
        backbone=SmallCNN(widths=(8, 16), halvings=2),
        weighting=Equal(),
        corruption=SaltAndPepper(),
        augmentation=NoAugmentation(),
        steps=3,
        validate_every=3,
    )
    principal = Task(name="class", labels=labels, num_classes=10)
    parity = Task(name="parity", labels=labels % 2, num_classes=2)
    history = learn(images, principal, [parity], validation, options=options, seed=0, policy=POLICY).history
    return {name: history.losses[-1][name] for name in ("principal", "auxiliary")}


def measured() -> dict[str, float]:
    drawn, factors = codes()
    return {
        name: next(iter(compute_metric(name, drawn, factors).values())) for name in ("dci_extra_trees", "mig")
    }


RESULTS: dict[str, Any] = {
    "disentangle": disentangled,
    "discover": discovered,
    "learn": learnt,
    "measure": measured,
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_stage_gives_what_its_version_gave(name: str) -> None:
    assert RESULTS[name]() == pytest.approx(PINNED[name, STAGES[name].version], rel=1e-3)
