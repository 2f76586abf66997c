"""The paper's large model, with latents that are maps and with vectors, on narrow ResNets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.data.staging import stage
from detaux.disentangle.base import StageOneData, codes_of
from detaux.disentangle.batches import Batch
from detaux.disentangle.methods.detaux import Detaux
from detaux.disentangle.nets import PresetName
from detaux.disentangle.presets import PAPER
from detaux.disentangle.product import ProductArchitecture, ProductModel
from detaux.disentangle.product_objective import ProductObjective
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.saving import load, save
from detaux.disentangle.schedule import Phase
from detaux.disentangle.trained_method import TrainedMethod
from detaux.disentangle.traversal import traversal
from detaux.models.resnet_net import Latents, ResNetNet
from detaux.train.policy import Policy

SUBSPACES, DIM = 3, 4
HALFWAY = Phase(principal=0.5, distance=0.5, consistency=0.5, regularisation=0.5, sharpness=1e6)

both = pytest.mark.parametrize("latents", ["map", "vector"])


def net(latents: Latents, image_size: int) -> ResNetNet:
    return ResNetNet(image_size=image_size, latents=latents, widths=(8, 8, 16))


def model(latents: Latents, image_size: int = 64) -> ProductModel:
    torch.manual_seed(0)
    return ProductArchitecture(net=net(latents, image_size), subspaces=SUBSPACES, latent_dim=DIM).build()


def numbers_a_code(latents: Latents) -> int:
    """Return how many numbers a code has at 64 pixels."""
    return DIM * 4 if latents == "map" else DIM


def batch(image_size: int = 64) -> Batch:
    images = torch.rand(8, 3, image_size, image_size).contiguous(memory_format=torch.channels_last)
    return Batch(
        images=images,
        positions=torch.arange(8),
        labels=torch.tensor([0, 0, 1, 1, 0, 1, 0, 1]),
        drawn=torch.arange(8),
    )


def losses(found: ProductModel, given: Batch, policy: Policy) -> dict[str, torch.Tensor]:
    objective = ProductObjective(weights=PAPER.weights, strength=1, learn_usage=True)
    return objective.losses(found, given, HALFWAY, policy)


@pytest.fixture
def large_data(data: StageOneData) -> StageOneData:
    """Squares in images of 64 pixels."""
    data.dataset.image_shape = (64, 64, 3)
    return data


@both
def test_training_lowers_the_loss(
    latents: Latents, data: StageOneData, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    preset: Any = {"map": "large", "vector": "large_vector"}[latents]
    monkeypatch.setattr("detaux.disentangle.nets.NETS", {preset: lambda size: net(latents, size)})
    short = replace(PAPER, training=replace(PAPER.training, pairs=8, selection="final"))
    monkeypatch.setattr("detaux.disentangle.product_method.PRESETS", {preset: short})
    data.dataset.image_shape = (32, 32, 3)
    method = Detaux(preset=preset, subspaces=SUBSPACES, latent_dim=DIM, steps=24)
    trained, history = method.fit(data, seed=0, policy=policy)
    assert trained.architecture.net == net(latents, 32)
    reconstruction = [row["reconstruction"] for row in history.losses]
    assert reconstruction[-1] < 0.9 * reconstruction[0]
    assert history.losses[-1]["consistency"] > 0


@both
def test_a_saved_model_gives_equal_codes(
    latents: Latents, tmp_path: Path, large_data: StageOneData, policy: Policy
) -> None:
    trained = model(latents)
    trained.encode(torch.rand(8, 3, 64, 64))  # moves the running statistics
    save(trained.eval(), tmp_path)
    loaded = load(tmp_path, "cpu")
    assert loaded.architecture == trained.architecture
    images = stage(large_data.dataset, large_data.split.train, "cpu")
    np.testing.assert_array_equal(codes_of(loaded, images, policy), codes_of(trained, images, policy))


@both
def test_codes_are_flat_and_do_not_depend_on_the_batch(
    latents: Latents, large_data: StageOneData, policy: Policy
) -> None:
    images, trained = stage(large_data.dataset, large_data.split.train, "cpu"), model(latents).eval()
    whole = codes_of(trained, images, policy)
    assert whole.shape == (45, SUBSPACES, numbers_a_code(latents))
    assert whole.dtype == np.float32
    np.testing.assert_allclose(codes_of(trained, images, policy, batch=7), whole, atol=1e-5)


@both
def test_the_first_subspace_can_be_exchanged(latents: Latents) -> None:
    trained, images = model(latents).eval(), torch.rand(2, 3, 64, 64)
    codes = trained.encode(images)
    trained.put_first(2)
    assert torch.equal(trained.encode(images), codes[:, [2, 1, 0]])
    torch.testing.assert_close(trained.decode(trained.encode(images)), trained.decode(codes))


@both
def test_each_subspace_has_a_row_of_pictures(latents: Latents) -> None:
    random = np.random.default_rng(0)
    codes = random.normal(size=(20, SUBSPACES, numbers_a_code(latents))).astype(np.float32)
    assert traversal(model(latents).eval(), codes, columns=4).shape == (64 * SUBSPACES, 64 * 4, 3)


@both
@pytest.mark.parametrize("amp", [False, True])
def test_every_weight_learns_in_float32(latents: Latents, *, amp: bool) -> None:
    trained = model(latents)
    assert next(trained.encoder.parameters()).is_contiguous(memory_format=torch.channels_last)
    terms = losses(trained, batch(), Policy(device=torch.device("cpu"), amp=amp))
    torch.autograd.backward(terms["loss"])
    gradients = [parameter.grad for parameter in trained.parameters()]
    assert all(gradient is not None and gradient.isfinite().all() for gradient in gradients)
    assert {gradient.dtype for gradient in gradients if gradient is not None} == {torch.float32}


@both
def test_a_loss_keeps_every_tensor_on_its_device(latents: Latents) -> None:
    """On tensors that know a CUDA device but hold no data: one that is left on the CPU raises."""
    trained = model(latents)
    with FakeTensorMode(), torch.device("cuda"):
        empty(trained)
        terms = losses(trained, batch(), Policy(device=torch.device("cuda"), amp=False))
    assert {term.device.type for term in terms.values()} == {"cuda"}


def empty(trained: ProductModel) -> None:
    """Give a model weights and statistics on the present default device, in the same memory layout."""
    for module in trained.modules():
        for name, value in list(module.named_parameters(recurse=False)):
            setattr(module, name, torch.nn.Parameter(torch.empty_strided(value.shape, value.stride())))
        for name, kept in list(module.named_buffers(recurse=False)):
            setattr(module, name, torch.empty_strided(kept.shape, kept.stride(), dtype=kept.dtype))


@pytest.mark.parametrize("name", disentanglers.names())
def test_methods_of_vectors_refuse_maps_and_name_the_remedy(name: str) -> None:
    kind: Any = disentanglers.get(name)
    if not issubclass(kind, TrainedMethod):
        return
    assert kind(preset="large_vector").preset in get_args(PresetName)
    if name in {"autoencoder", "detaux", "pmp"}:
        kind(preset="large")
    else:
        with pytest.raises(ValueError, match=r"'large' has maps for latents.*use 'large_vector'"):
            kind(preset="large")
