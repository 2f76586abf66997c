from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from detaux.core.errors import DataError
from detaux.data.sets.digits import Digits
from detaux.data.split import Split
from detaux.disentangle.ada_method import AdaMethod
from detaux.disentangle.base import StageOneData
from detaux.disentangle.batches import Batch
from detaux.disentangle.methods.ada_gvae import AdaGVAE
from detaux.disentangle.methods.ada_ml_vae import AdaMLVAE
from detaux.disentangle.methods.vector_autoencoder import VectorAutoencoder
from detaux.disentangle.nets import net_for
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.trained_method import TrainedMethod
from detaux.disentangle.vector import VectorModel
from detaux.train.history import History
from detaux.train.policy import Policy

FAST: dict[str, Any] = {"preset": "fast", "subspaces": 5}
METHODS = (AdaGVAE, AdaMLVAE)
of_both = pytest.mark.parametrize("kind", METHODS)


def fit(
    method: TrainedMethod[VectorModel], data: StageOneData, policy: Policy, *, seed: int = 0
) -> tuple[dict[str, Tensor], History]:
    model, history = method.fit(data, seed=seed, policy=policy)
    assert not model.training
    return model.state_dict(), history


def equal(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return all(torch.equal(first[name], second[name]) for name in first)


@pytest.fixture(scope="module")
def digits() -> StageOneData:
    dataset = Digits(image_size=16).load()
    train, validation, test = np.split(np.arange(600), [400, 500])
    return StageOneData(
        dataset=dataset,
        split=Split(train=train, validation=validation, test=test),
        labels=dataset.factors(np.arange(len(dataset)))[:, 0],
        principal=("class",),
    )


@pytest.mark.parametrize(("name", "kind"), [("ada_gvae", AdaGVAE), ("ada_ml_vae", AdaMLVAE)])
def test_both_are_registered(name: str, kind: type[AdaMethod]) -> None:
    assert disentanglers.get(name) is kind


@of_both
def test_training_lowers_the_reconstruction(
    kind: type[AdaMethod], data: StageOneData, policy: Policy
) -> None:
    method = kind(steps=40, **FAST)
    model, history = method.fit(data, seed=0, policy=policy)
    first, last = history.losses[0], history.losses[-1]
    assert last["reconstruction"] < 0.8 * first["reconstruction"]
    assert last.keys() == {"step", "loss", "reconstruction", "kl"}
    codes = model.encode(torch.rand(3, 3, 16, 16))
    assert codes.shape == (3, 5, method.latent_dim) == (3, 5, 1)


@of_both
@pytest.mark.parametrize("preset", ["paper", "fast"])
def test_at_strength_0_it_is_the_autoencoder(
    kind: type[AdaMethod], preset: Any, data: StageOneData, policy: Policy
) -> None:
    options: dict[str, Any] = {"preset": preset, "subspaces": 4, "steps": 4}
    plain, plain_history = fit(VectorAutoencoder(**options), data, policy)
    zero, zero_history = fit(kind(strength=0, pairing="independent", **options), data, policy)
    full, _ = fit(kind(pairing="independent", **options), data, policy)
    paired, _ = fit(kind(strength=0, **options), data, policy)
    assert equal(plain, zero)
    assert plain_history == zero_history
    assert not equal(full, zero)
    assert not equal(paired, zero)


@of_both
def test_weights_follow_from_the_seed_alone(
    kind: type[AdaMethod], data: StageOneData, policy: Policy
) -> None:
    method = kind(steps=8, **FAST)
    first, _ = fit(method, data, policy)
    torch.manual_seed(99)
    again, _ = fit(method, data, policy)
    other, _ = fit(method, data, policy, seed=1)
    assert equal(first, again)
    assert not equal(first, other)


def test_the_two_differ(data: StageOneData, policy: Policy) -> None:
    averaged, _ = fit(AdaGVAE(steps=8, **FAST), data, policy)
    multiplied, _ = fit(AdaMLVAE(steps=8, **FAST), data, policy)
    assert not equal(averaged, multiplied)


@of_both
def test_strength_and_beta_scale_the_divergence_alone(
    kind: type[AdaMethod], data: StageOneData, policy: Policy
) -> None:
    """By hand: loss = reconstruction + strength * beta * kl / (3 * 16 * 16), which is taken over the shared posterior."""
    images = torch.rand(8, 3, 16, 16)
    batch = Batch(
        images=images,
        positions=torch.arange(8),
        labels=torch.zeros(8, dtype=torch.long),
        drawn=torch.arange(0),
    )
    model = VectorModel(kind(**FAST)._architecture(net_for("fast", (16, 16, 3))))
    terms: Mapping[str, Tensor] = {}
    for strength, beta in ((1.0, 1.0), (0.5, 4.0), (0.5, 0.0)):
        method = kind(strength=strength, beta=beta, **FAST)
        objective = method._objective(model, data, data.split.train, policy)
        torch.manual_seed(0)
        terms = objective.losses(batch, 0.0)
        expected = terms["reconstruction"] + strength * beta * terms["kl"] / 768
        torch.testing.assert_close(terms["loss"], expected)
    mean, log_variance = model.posterior(images)
    unshared = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).flatten(1).sum(1).mean()
    assert terms["kl"] != unshared


@of_both
def test_pairs_follow_the_data(
    kind: type[AdaMethod], data: StageOneData, digits: StageOneData, policy: Policy
) -> None:
    assert kind().pairing_of(data.dataset) == "one_factor"
    assert kind().pairing_of(digits.dataset) == "same_class"
    _, history = fit(kind(steps=4, **FAST), digits, policy)
    assert history.losses[-1]["step"] == 4


@of_both
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("beta", -1.0),
        ("beta", float("nan")),
        ("strength", -0.5),
        ("subspaces", 1),
        ("preset", "slow"),
        ("principal_change_rate", 1.5),
        ("steps", 0),
    ],
)
def test_impossible_options_are_refused_by_name(kind: type[AdaMethod], option: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{option} must"):
        kind(**{option: value})


@of_both
def test_an_unknown_pairing_is_refused_with_a_near_miss(kind: type[AdaMethod]) -> None:
    with pytest.raises(ValueError, match="did you mean 'one_factor'"):
        kind(pairing="one_facto")


@of_both
def test_latents_are_scalars(kind: type[AdaMethod]) -> None:
    options: dict[str, Any] = {"latent_dim": 3}
    with pytest.raises(TypeError, match="latent_dim"):
        kind(**options)


@of_both
def test_images_that_make_no_pairs_are_refused(
    kind: type[AdaMethod], data: StageOneData, digits: StageOneData
) -> None:
    method, dataset, labels = kind(), data.dataset, data.labels
    method.check_pairs(dataset, data.split.train, labels, data.principal)
    with pytest.raises(DataError, match="pool"):
        method.check_pairs(dataset, data.split.train[:1], labels, data.principal)
    with pytest.raises(DataError, match="same_class"):
        replace(method, pairing="one_factor").check_pairs(
            digits.dataset, digits.split.train, digits.labels, digits.principal
        )
