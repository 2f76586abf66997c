from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from sklearn import decomposition

from detaux.core.errors import DataError
from detaux.data.corruption.none import NoCorruption
from detaux.data.staging import stage
from detaux.disentangle.base import StageOneData, codes_of
from detaux.disentangle.linear import LinearModel
from detaux.disentangle.linear_method import LinearMethod, num_sampled, sample_of
from detaux.disentangle.methods.pca import PCA, principal_directions
from detaux.disentangle.methods.pixels import Pixels
from detaux.train.policy import Policy

METHODS: list[PCA | Pixels] = [PCA(subspaces=5), Pixels(side=4)]


def fit(method: PCA | Pixels, data: StageOneData, policy: Policy, *, seed: int = 0) -> LinearModel:
    model, history = method.fit(data, seed=seed, policy=policy)
    assert not history.losses
    assert not model.training
    return model


def values(data: StageOneData) -> np.ndarray[Any, Any]:
    """Return the training images (n, 3 * H * W), float64 in [0, 1]."""
    images = data.dataset.images(data.split.train).transpose(0, 3, 1, 2) / 255
    return images.reshape(len(images), -1)


def test_pca_is_sklearns(data: StageOneData, policy: Policy) -> None:
    model = fit(PCA(subspaces=5), data, policy)
    codes = codes_of(model, stage(data.dataset, data.split.train, "cpu"), policy)[..., 0]
    reference = decomposition.PCA(5, svd_solver="full").fit(values(data))
    expected = reference.transform(values(data))
    first = np.abs(expected.T @ codes[:, :1]).argmax()
    order = np.arange(5)
    order[[0, first]] = first, 0
    expected = expected[:, order]
    signs = np.sign((expected * codes).sum(0))
    np.testing.assert_allclose(codes * signs, expected, atol=1e-3)
    np.testing.assert_allclose(model.mean.numpy(), reference.mean_, atol=1e-6)


def test_directions_are_orthonormal_and_point_to_their_largest_entry() -> None:
    rows = torch.randn(60, 30, generator=torch.Generator().manual_seed(0)) * torch.linspace(3, 0.1, 30)
    directions = principal_directions(rows - rows.mean(0), 6)
    torch.testing.assert_close(directions.T @ directions, torch.eye(6), atol=1e-5, rtol=0)
    assert (directions.max(0).values == directions.abs().max(0).values).all()
    variances = (rows @ directions).var(0)
    assert (variances[:-1] >= variances[1:]).all()


def test_as_many_components_as_images_allow_give_the_images_back(data: StageOneData, policy: Policy) -> None:
    model = fit(PCA(subspaces=44), data, policy)
    images = stage(data.dataset, data.split.train, "cpu").gather(torch.arange(45))
    torch.testing.assert_close(model.decode(model.encode(images)), images, atol=1e-4, rtol=0)


def test_constant_blocks_come_back_and_codes_are_their_values(data: StageOneData, policy: Policy) -> None:
    model = fit(Pixels(side=4), data, policy)
    grid = torch.rand(2, 3, 4, 4)
    blocks = grid.repeat_interleave(4, 2).repeat_interleave(4, 3)
    codes = model.encode(blocks)
    assert codes.shape == (2, 48, 1)
    torch.testing.assert_close(codes.sort(1).values[..., 0], grid.flatten(1).sort(1).values)
    torch.testing.assert_close(model.decode(codes), blocks)


@pytest.mark.parametrize("method", METHODS)
def test_another_order_changes_codes_and_no_image(
    method: PCA | Pixels, data: StageOneData, policy: Policy
) -> None:
    model = fit(method, data, policy)
    images = stage(data.dataset, data.split.train, "cpu").gather(torch.arange(4))
    codes, decoded = model.encode(images), model.decode(model.encode(images))
    model.put_first(3)
    torch.testing.assert_close(model.encode(images)[:, [3, 1, 2, 0]], codes[:, :4])
    torch.testing.assert_close(model.decode(model.encode(images)), decoded)


def test_codes_follow_from_the_seed_and_are_float32_in_bfloat16_too(
    data: StageOneData, policy: Policy
) -> None:
    first = fit(PCA(subspaces=4), data, policy)
    torch.manual_seed(99)
    again = fit(PCA(subspaces=4), data, policy)
    assert torch.equal(first.encoder, again.encoder)
    images = stage(data.dataset, data.split.train, "cpu")
    halved = Policy(device=torch.device("cpu"), amp=True)
    np.testing.assert_array_equal(codes_of(first, images, halved), codes_of(first, images, policy))


def test_only_training_images_are_looked_at(
    data: StageOneData, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: set[int] = set()
    images = type(data.dataset).images

    def remember(dataset: Any, index: Any) -> Any:
        read.update(index.tolist())
        return images(dataset, index)

    monkeypatch.setattr(type(data.dataset), "images", remember)
    fit(PCA(subspaces=4), data, policy)
    assert read == set(data.split.train.tolist())


def test_of_many_images_a_draw_is_looked_at(data: StageOneData) -> None:
    pool = np.arange(5, 50_005)
    drawn = sample_of(pool, data.dataset, seed=0)
    assert len(drawn) == len(np.unique(drawn)) == 10_000
    assert (np.diff(drawn) > 0).all()
    assert abs(drawn.mean() - pool.mean()) < 1000
    assert num_sampled(50_000, (512, 512, 3)) == 341


def test_there_is_nothing_to_scale_and_no_noise() -> None:
    for method in METHODS:
        assert isinstance(method, LinearMethod)
        assert (method.strength, method.latent_dim) == (0, 1)
        assert isinstance(method.noise(), NoCorruption)
    assert [method.subspaces for method in METHODS] == [5, 48]


@pytest.mark.parametrize("subspaces", [1, 1_025])
def test_impossible_numbers_of_components_are_refused(subspaces: int) -> None:
    with pytest.raises(ValueError, match="subspaces must"):
        PCA(subspaces=subspaces)


@pytest.mark.parametrize("side", [0, 17])
def test_impossible_sides_are_refused(side: int) -> None:
    with pytest.raises(ValueError, match="side must"):
        Pixels(side=side)


def test_blocks_that_do_not_fill_the_images_are_refused(data: StageOneData, policy: Policy) -> None:
    Pixels(side=5).check_image((15, 20, 3))
    with pytest.raises(DataError, match="5 blocks do not fill images of 16 x 16 pixels; set side"):
        fit(Pixels(side=5), data, policy)


def test_more_components_than_images_or_numbers_are_refused(data: StageOneData, policy: Policy) -> None:
    with pytest.raises(DataError, match="45 principal components need more images, but 45"):
        fit(PCA(subspaces=45), data, policy)
    with pytest.raises(DataError, match="images of 192 numbers have no 200 components"):
        PCA(subspaces=200).check_image((8, 8, 3))


@pytest.mark.parametrize("method", METHODS)
def test_embeddings_are_refused(method: PCA | Pixels) -> None:
    with pytest.raises(DataError, match="embeddings, not pictures"):
        method.check_image((1, 64, 3))
