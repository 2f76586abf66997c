"""What every registered disentangler keeps, whatever it is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detaux.core.progress import silent
from detaux.data.staging import stage
from detaux.disentangle.base import Method, StageOneData, codes_of
from detaux.disentangle.model import Disentangler
from detaux.disentangle.ordering import principal_subspace
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.saving import load, save
from detaux.disentangle.traversal import traversal
from detaux.train.history import History
from detaux.train.policy import Policy

UNTRAINED = ("pca", "pixels")
PLAIN = ("autoencoder", "vector_autoencoder")
WIDE = ("autoencoder", "detaux", "pmp", "sparse_shared", "supervised")
"""Methods whose subspaces may have several dimensions."""
EVERY = pytest.mark.parametrize("name", disentanglers.names())
STRONG = pytest.mark.parametrize(
    "name", [name for name in disentanglers.names() if name not in (*UNTRAINED, *PLAIN)]
)
TRAINED = pytest.mark.parametrize("name", [name for name in disentanglers.names() if name not in UNTRAINED])


def made(name: str, *, steps: int, **options: Any) -> Method:
    if name == "pixels":
        return disentanglers.get(name)(side=2)
    if name == "pca":
        return disentanglers.get(name)(subspaces=4)
    return disentanglers.get(name)(preset="fast", subspaces=4, steps=steps, **options)


def fit(method: Method, data: StageOneData, policy: Policy, seed: int = 0) -> tuple[Disentangler, History]:
    return method.fit(data, seed=seed, policy=policy, work=None, progress=silent)


def equal(one: Disentangler, other: Disentangler) -> bool:
    theirs = other.state_dict()
    return all(value.equal(theirs[name]) for name, value in one.state_dict().items())


@EVERY
def test_a_saved_model_gives_the_codes_and_pictures_it_gave(
    name: str, data: StageOneData, policy: Policy, tmp_path: Path
) -> None:
    method = made(name, steps=3, **({"latent_dim": 2} if name in WIDE else {}))
    model, _ = fit(method, data, policy)
    images = stage(data.dataset, data.split.train, "cpu")
    codes = codes_of(model, images, policy)
    assert codes.dtype == np.float32
    assert codes.shape == (len(data.split.train), method.subspaces, method.latent_dim)
    save(model, tmp_path)
    loaded = load(tmp_path, "cpu")
    assert loaded.architecture == model.architecture
    np.testing.assert_array_equal(codes_of(loaded, images, policy), codes)
    picture = traversal(loaded, codes)
    assert picture.shape == (method.subspaces * 16, 8 * 16, 3)
    np.testing.assert_array_equal(picture, traversal(model, codes))


@TRAINED
def test_training_lowers_the_reconstruction(name: str, data: StageOneData, policy: Policy) -> None:
    _, history = fit(made(name, steps=40), data, policy)
    errors = [row["reconstruction"] for row in history.losses]
    assert errors[-1] < 0.95 * errors[0]
    assert all(np.isfinite(value) for row in history.losses for value in row.values())


@pytest.mark.parametrize("name", [name for name in disentanglers.names() if name != "detaux"])
def test_subspace_0_tells_the_classes_best(name: str, data: StageOneData, policy: Policy) -> None:
    model, _ = fit(made(name, steps=10), data, policy)
    codes = codes_of(model, stage(data.dataset, data.split.train, "cpu"), policy)
    assert principal_subspace(codes, data.labels[data.split.train]) == 0


@STRONG
def test_at_strength_0_it_is_the_plain_autoencoder_of_its_net(
    name: str, data: StageOneData, policy: Policy
) -> None:
    options = {"pairing": "independent"} if name.startswith("ada_") else {}
    plain = "autoencoder" if name in ("detaux", "pmp") else "vector_autoencoder"
    zero, history = fit(made(name, steps=8, strength=0.0, **options), data, policy)
    expected, expected_history = fit(made(plain, steps=8), data, policy)
    assert equal(zero, expected)
    assert history == expected_history
    assert history.losses[-1].keys() == {"step", "loss", "reconstruction"}
    assert not equal(fit(made(name, steps=8, **options), data, policy)[0], expected)
