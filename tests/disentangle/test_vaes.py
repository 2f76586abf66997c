from __future__ import annotations

from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.disentangle.base import StageOneData
from detaux.disentangle.batches import Batch
from detaux.disentangle.methods.factor_vae import DISCRIMINATORS, FactorVAE
from detaux.disentangle.model import Disentangler
from detaux.disentangle.nets import net_for
from detaux.disentangle.registry import disentanglers
from detaux.disentangle.vae_method import VaeMethod
from detaux.train import loop
from detaux.train.history import History
from detaux.train.policy import Policy

VAES = tuple(
    entry.name
    for entry in disentanglers
    if issubclass(entry.part, VaeMethod | FactorVAE) and entry.name != "vector_autoencoder"
)
CHECKED = {
    "beta_vae": ("beta",),
    "annealed_vae": ("gamma", "c_max"),
    "factor_vae": ("gamma",),
    "beta_tcvae": ("beta",),
    "dip_vae_i": ("lambda_od",),
    "dip_vae_ii": ("lambda_od",),
}


def vae(name: str, *, steps: int = 40, **options: Any) -> Any:
    return disentanglers.get(name)(preset="fast", subspaces=4, steps=steps, **options)


def fit(
    method: Any,
    data: StageOneData,
    policy: Policy,
    *,
    seed: int = 0,
    work: Path | None = None,
    progress: Any = lambda *_: None,
) -> tuple[Disentangler, History]:
    model, history = method.fit(data, seed=seed, policy=policy, work=work, progress=progress)
    return model, history


def equal(first: nn.Module, second: nn.Module) -> bool:
    theirs = second.state_dict()
    return all(torch.equal(value, theirs[name]) for name, value in first.state_dict().items())


def test_every_vae_has_its_file() -> None:
    assert set(VAES) == set(CHECKED)
    for name in VAES:
        assert disentanglers.get(name).__module__ == f"detaux.disentangle.methods.{name}"


@pytest.mark.parametrize("name", VAES)
def test_training_lowers_reconstruction(name: str, data: StageOneData, policy: Policy) -> None:
    model, history = fit(vae(name), data, policy)
    reconstruction = [row["reconstruction"] for row in history.losses]
    assert reconstruction[-1] < 0.7 * reconstruction[0]
    assert len(history.losses[-1]) > 3
    assert not model.training


@pytest.mark.parametrize("name", VAES)
def test_weights_follow_from_the_seed_alone(name: str, data: StageOneData, policy: Policy) -> None:
    method = vae(name, steps=4)
    first, _ = fit(method, data, policy)
    torch.manual_seed(99)
    again, _ = fit(method, data, policy)
    other, _ = fit(method, data, policy, seed=1)
    assert equal(first, again)
    assert not equal(first, other)


def test_a_killed_run_resumed_equals_an_unbroken_one(
    data: StageOneData, policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "time", SimpleNamespace(monotonic=count(0, 100).__next__))

    def kill(share: float, text: str) -> None:
        if share > 0.6:
            raise KeyboardInterrupt(text)

    method = vae("factor_vae", steps=10)
    with pytest.raises(KeyboardInterrupt):
        fit(method, data, policy, work=tmp_path, progress=kill)
    assert any(tmp_path.iterdir())
    told: list[float] = []
    resumed, resumed_history = fit(
        method, data, policy, work=tmp_path, progress=lambda share, _: told.append(share)
    )
    unbroken, unbroken_history = fit(method, data, policy)
    assert min(told) > 0.5
    assert equal(resumed, unbroken)
    assert resumed_history == unbroken_history


@pytest.mark.parametrize(
    ("name", "option"), [(name, option) for name, options in CHECKED.items() for option in options]
)
@pytest.mark.parametrize("value", [-0.5, float("nan")])
def test_impossible_options_are_refused_by_name(name: str, option: str, value: float) -> None:
    options: dict[str, Any] = {option: value}
    with pytest.raises(ValueError, match=f"{option} must be at least 0 and at most 1,000,000, but is"):
        vae(name, **options)


@pytest.mark.parametrize("name", VAES)
def test_options_in_common_are_checked_too(name: str) -> None:
    with pytest.raises(ValueError, match="strength must"):
        vae(name, strength=-1)


def test_the_papers_discriminator_has_six_layers_of_a_thousand_units() -> None:
    assert (DISCRIMINATORS["paper"].layers, DISCRIMINATORS["paper"].width) == (6, 1000)


@pytest.mark.parametrize("name", VAES)
def test_losses_keep_to_their_device(name: str, data: StageOneData) -> None:
    """On tensors that know a CUDA device but hold no data: one that is left on the CPU raises."""
    method, policy = vae(name), Policy(device=torch.device("cpu"), amp=False)
    model = method._architecture(net_for("fast", data.dataset.image_shape)).build()
    objective = method._objective(model, data, data.split.train, policy)
    with FakeTensorMode():
        with torch.device("cuda"):
            for module in (model, *objective.beside):
                replace_tensors_by_empty_ones(module)
            batch = Batch(
                images=torch.rand(8, 3, 16, 16),
                positions=torch.arange(8),
                labels=torch.zeros(8, dtype=torch.long),
                drawn=torch.arange(4),
            )
        losses = objective.losses(batch, 0.2)
    assert {loss.device.type for loss in losses.values()} == {"cuda"}
    assert {loss.shape for loss in losses.values()} == {torch.Size()}


def replace_tensors_by_empty_ones(net: nn.Module) -> None:
    """Give a model weights and buffers on the present default device, in the same memory layout."""
    for module in net.modules():
        for name, parameter in module.named_parameters(recurse=False):
            empty = torch.empty_strided(parameter.shape, parameter.stride())
            setattr(module, name, nn.Parameter(empty))
        for name, buffer in module.named_buffers(recurse=False):
            module.register_buffer(name, torch.empty(buffer.shape, dtype=buffer.dtype))
