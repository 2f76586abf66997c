"""Weak supervision disentangles: on a small rendered grid, methods that see pairs beat the plain autoencoder of their net."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from detaux.core.progress import silent
from detaux.data import load_dataset
from detaux.data.principal import principal_labels
from detaux.data.registries import splits
from detaux.data.staging import stage
from detaux.disentangle.base import StageOneData, codes_of
from detaux.disentangle.registry import disentanglers
from detaux.metrics import compute_metric
from detaux.train.policy import Policy

POLICY = Policy(device=torch.device("cpu"), amp=False)
PRODUCTS: dict[str, Any] = {"preset": "fast", "subspaces": 7, "latent_dim": 8, "steps": 1500}
VECTORS: dict[str, Any] = {"preset": "fast", "subspaces": 10, "steps": 1500}


@cache
def grid() -> StageOneData:
    """2,304 images of six factors, at 16 px."""
    levels = {"floor_hue": 4, "wall_hue": 4, "object_hue": 4, "scale": 3, "orientation": 3}
    dataset = load_dataset("shapes3d", origin="rendered", image_size=16, levels=levels)
    labels, _ = principal_labels(dataset, ["shape"])
    split = splits.get("random")().split(dataset, labels, seed=0)
    return StageOneData(dataset=dataset, split=split, labels=labels, principal=("shape",))


@cache
def block_disentanglement(name: str) -> float:
    """Return DCI disentanglement of a method's subspaces over the training images."""
    data = grid()
    options = PRODUCTS if name in ("detaux", "pmp", "autoencoder") else VECTORS
    method = disentanglers.get(name)(**options)
    model, _ = method.fit(data, seed=0, policy=POLICY, work=None, progress=silent)
    codes = codes_of(model, stage(data.dataset, data.split.train, "cpu"), POLICY)
    scores = compute_metric("dci_extra_trees", codes, np.array(data.dataset.factors(data.split.train)))
    return scores["dci_extra_trees.block.disentanglement"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "plain"),
    [
        ("detaux", "autoencoder"),
        ("pmp", "autoencoder"),
        ("ada_gvae", "vector_autoencoder"),
        ("ada_ml_vae", "vector_autoencoder"),
    ],
)
def test_methods_that_see_pairs_beat_the_plain_autoencoder(method: str, plain: str) -> None:
    assert block_disentanglement(method) > block_disentanglement(plain) + 0.1
