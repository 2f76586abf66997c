from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from detaux.core.errors import DataError
from detaux.data.sets.digits import Digits
from detaux.data.split import Split
from detaux.disentangle.base import StageOneData
from detaux.disentangle.methods.autoencoder import Autoencoder
from detaux.disentangle.methods.detaux import Detaux
from detaux.disentangle.methods.supervised import Supervised
from detaux.disentangle.model import Disentangler
from detaux.train.history import History
from detaux.train.policy import Policy

TINY: dict[str, Any] = {"subspaces": 4, "latent_dim": 5}


def fit(
    method: Detaux | Autoencoder,
    data: StageOneData,
    policy: Policy,
    *,
    seed: int = 0,
    work: Path | None = None,
) -> tuple[dict[str, Tensor], History]:
    model, history = method.fit(data, seed=seed, policy=policy, work=work)
    assert isinstance(model, Disentangler)
    assert not model.training
    return model.state_dict(), history


def equal(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("variant", ["as_described", "as_released"])
@pytest.mark.parametrize("preset", ["paper", "fast"])
def test_training_lowers_the_loss(preset: Any, variant: Any, data: StageOneData, policy: Policy) -> None:
    _, history = fit(Detaux(preset=preset, variant=variant, steps=40, **TINY), data, policy)
    reconstruction = [row["reconstruction"] for row in history.losses]
    assert reconstruction[-1] < 0.95 * reconstruction[0]
    assert history.losses[-1].keys() >= {
        "step",
        "loss",
        "reconstruction",
        "distance",
        "sparsity",
        "consistency",
    }
    assert (history.best_step is not None) is (preset == "paper")


@pytest.mark.parametrize("preset", ["paper", "fast"])
def test_the_autoencoder_is_detaux_at_strength_0(preset: Any, data: StageOneData, policy: Policy) -> None:
    plain, plain_history = fit(Autoencoder(preset=preset, steps=12, **TINY), data, policy)
    zero, zero_history = fit(Detaux(preset=preset, strength=0, steps=12, **TINY), data, policy)
    full, _ = fit(Detaux(preset=preset, steps=12, **TINY), data, policy)
    assert equal(plain, zero)
    assert plain_history == zero_history
    assert not equal(full, zero)


def test_weights_follow_from_the_seed_alone(data: StageOneData, policy: Policy) -> None:
    method = Detaux(preset="fast", steps=8, **TINY)
    first, _ = fit(method, data, policy)
    torch.manual_seed(99)
    again, _ = fit(method, data, policy)
    other, _ = fit(method, data, policy, seed=1)
    assert equal(first, again)
    assert not equal(first, other)


def test_variants_differ(data: StageOneData, policy: Policy) -> None:
    described, _ = fit(Detaux(preset="fast", steps=8, **TINY), data, policy)
    released, _ = fit(Detaux(preset="fast", variant="as_released", steps=8, **TINY), data, policy)
    assert not equal(described, released)


class Watched:
    """A data set that remembers which of its images were read."""

    def __init__(self, data: StageOneData, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: set[int] = set()
        images = type(data.dataset).images

        def remember(dataset: Any, index: Any) -> Any:
            self.read |= set(index.tolist())
            return images(dataset, index)

        monkeypatch.setattr(type(data.dataset), "images", remember)


@pytest.mark.parametrize(
    ("preset", "variant", "parts"),
    [
        ("fast", "as_described", {"train"}),
        ("paper", "as_described", {"train", "validation"}),
        ("fast", "as_released", {"train", "validation", "test"}),
    ],
)
def test_only_as_released_sees_the_test_images(
    *,
    preset: Any,
    variant: Any,
    parts: set[str],
    data: StageOneData,
    policy: Policy,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched = Watched(data, monkeypatch)
    fit(Detaux(preset=preset, variant=variant, pairing="random", steps=2, **TINY), data, policy)
    assert watched.read == set(np.concatenate([data.split.parts[part] for part in parts]).tolist())


def test_a_labelled_set_is_paired_by_class(policy: Policy) -> None:
    dataset = Digits(image_size=16).load()
    train, validation, test = np.split(np.arange(600), [400, 500])
    digits = StageOneData(
        dataset=dataset,
        split=Split(train=train, validation=validation, test=test),
        labels=dataset.factors(np.arange(len(dataset)))[:, 0],
        principal=("class",),
    )
    _, history = fit(Detaux(preset="fast", steps=6, **TINY), digits, policy)
    assert history.losses[-1]["step"] == 6


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("strength", -0.5),
        ("strength", float("inf")),
        ("strength", float("nan")),
        ("subspaces", 1),
        ("subspaces", 1_025),
        ("latent_dim", 65_537),
        ("latent_dim", 0),
        ("preset", "slow"),
        ("variant", "as_imagined"),
        ("principal_change_rate", 1.5),
        ("steps", 0),
    ],
)
def test_impossible_options_are_refused_by_name(option: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{option} must"):
        Detaux(**{option: value})


@pytest.mark.parametrize(("option", "guess"), [("corruption", "salt_and_pepper"), ("pairing", "one_factor")])
def test_unknown_parts_are_refused_with_near_misses(option: str, guess: str) -> None:
    options: dict[str, Any] = {option: guess[:-1]}
    with pytest.raises(ValueError, match=f"did you mean '{guess}'"):
        Detaux(**options)


@pytest.mark.parametrize(("preset", "size", "taken"), [("paper", 24, "8, 16, 32"), ("fast", 8, "16, 32, 64")])
def test_image_sizes_that_the_net_does_not_take_are_refused(
    preset: Any, size: int, taken: str, data: StageOneData, policy: Policy
) -> None:
    method = Detaux(preset=preset)
    method.check_image((32, 32, 3))
    with pytest.raises(DataError, match=f"{taken}.*is {size}.*set image_size"):
        method.check_image((size, size, 3))
    data.dataset.image_shape = (size, size, 3)
    with pytest.raises(DataError, match=f"squares: .*{taken}.*is {size}.*set image_size"):
        method.fit(data, seed=0, policy=policy)


def test_images_that_are_no_square_pictures_are_refused() -> None:
    with pytest.raises(DataError, match="must be square, but are 32 x 64; set image_size"):
        Detaux().check_image((32, 64, 3))
    with pytest.raises(DataError, match=r"embeddings, not pictures; .*leave out arms that need discovery"):
        Detaux().check_image((1, 64, 3))


def test_noise_is_what_is_reconstructed(data: StageOneData, policy: Policy) -> None:
    """A net of few weights cannot foresee noise: on mostly black images, the error of noisy targets is far larger."""
    options: dict[str, Any] = {"steps": 30, "subspaces": 2, "latent_dim": 2}
    _, clean = fit(Autoencoder(preset="fast", **options), data, policy)
    _, noisy = fit(Autoencoder(preset="fast", corruption="salt_and_pepper", **options), data, policy)
    assert noisy.losses[-1]["reconstruction"] > clean.losses[-1]["reconstruction"] + 0.03


def test_an_autoencoder_has_no_strength() -> None:
    with pytest.raises(ValueError, match="use pmp"):
        Autoencoder(strength=1)


@pytest.mark.parametrize("method", [Detaux, Supervised])
def test_sizes_that_no_memory_holds_are_refused(method: type[Detaux | Supervised]) -> None:
    with pytest.raises(
        ValueError, match=r"1024 subspaces of 65536 dimensions .*; lower latent_dim or subspaces"
    ):
        method(subspaces=1024, latent_dim=65_536)
