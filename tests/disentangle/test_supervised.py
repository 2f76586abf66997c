from __future__ import annotations

from typing import Any

import pytest
import torch
from sklearn.linear_model import LogisticRegression

from detaux.data.staging import stage
from detaux.disentangle.base import StageOneData, codes_of
from detaux.disentangle.batches import Batch
from detaux.disentangle.methods.supervised import Supervised
from detaux.disentangle.ordering import principal_subspace
from detaux.disentangle.supervision import supervised_objective
from detaux.disentangle.vector import VectorArchitecture, VectorModel
from detaux.models.patch_net import patch_net
from detaux.train.policy import Policy

TINY: dict[str, Any] = {"preset": "fast", "subspaces": 3}


def small_model() -> VectorModel:
    torch.manual_seed(0)
    return VectorModel(VectorArchitecture(net=patch_net(16), subspaces=3, latent_dim=1, bernoulli=True))


def a_batch(data: StageOneData) -> Batch:
    positions = torch.arange(8)
    images = stage(data.dataset, data.split.train, "cpu").gather(positions)
    labels = torch.from_numpy(data.labels[data.split.train[:8]])
    return Batch(images=images, positions=positions, labels=labels, drawn=torch.empty(0, dtype=torch.long))


def gradients(loss: torch.Tensor, model: VectorModel) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Return the gradients of the encoder and of the decoder, 0 where there is none."""
    encoder, decoder = list(model.encoder.parameters()), list(model.decoder.parameters())
    found = torch.autograd.grad(
        loss, [*encoder, *decoder], retain_graph=True, allow_unused=True, materialize_grads=True
    )
    return list(found[: len(encoder)]), list(found[len(encoder) :])


def test_features_of_strength_1_separate_classes_and_the_decoder_learns_all_the_same(
    data: StageOneData, policy: Policy
) -> None:
    model, history = Supervised(steps=60, **TINY).fit(data, seed=0, policy=policy)
    train, validation = (
        codes_of(model, stage(data.dataset, part, "cpu"), policy).reshape(len(part), -1)
        for part in (data.split.train, data.split.validation)
    )
    classifier = LogisticRegression(C=100, max_iter=1000).fit(train, data.labels[data.split.train])
    assert classifier.score(validation, data.labels[data.split.validation]) == 1
    assert principal_subspace(train[..., None], data.labels[data.split.train]) == 0
    assert history.losses[-1]["cross_entropy"] < 0.05
    assert history.losses[-1]["reconstruction"] < 0.5 * history.losses[0]["reconstruction"]


@pytest.mark.parametrize("strength", [0.0, 0.3, 1.0])
def test_the_encoder_shares_and_the_decoder_reconstructs(
    strength: float, data: StageOneData, policy: Policy
) -> None:
    model, batch = small_model(), a_batch(data)
    losses = {
        share: supervised_objective(
            model, lambda codes, _: (codes.square().mean(), {}), strength=share, policy=policy
        ).losses(batch, 0.5)
        for share in (0.0, strength)
    }
    labels = model.encode(batch.images).square().mean()
    whole = gradients(losses[strength]["loss"], model)
    plain = gradients(losses[0.0]["loss"], model)
    supervised = gradients(labels, model)
    for found, reconstruction, label in zip(whole[0], plain[0], supervised[0], strict=True):
        expected = strength * label + (1 - strength) * reconstruction
        torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-4)
    for found, reconstruction in zip(whole[1], plain[1], strict=True):
        torch.testing.assert_close(found, reconstruction, atol=1e-6, rtol=1e-4)


def test_at_strength_1_reconstruction_leaves_the_encoder_alone(data: StageOneData, policy: Policy) -> None:
    model = small_model()
    objective = supervised_objective(model, lambda codes, _: (0 * codes.sum(), {}), strength=1, policy=policy)
    encoder, decoder = gradients(objective.losses(a_batch(data), 0.0)["loss"], model)
    assert not any(gradient.any() for gradient in encoder)
    assert all(gradient.any() for gradient in decoder)


@pytest.mark.parametrize(
    ("option", "value"),
    [("strength", -0.1), ("strength", 1.1), ("latent_dim", 0), ("latent_dim", 65_537), ("subspaces", 1)],
)
def test_impossible_options_are_refused_by_name(option: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{option} must"):
        Supervised(**{option: value})
