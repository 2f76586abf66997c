from __future__ import annotations

import numpy as np
import pytest
import torch

from detaux.disentangle.base import StageOneData
from detaux.disentangle.methods.autoencoder import Autoencoder
from detaux.disentangle.methods.detaux import Detaux
from detaux.disentangle.methods.pmp import PMP
from detaux.disentangle.model import Disentangler
from detaux.disentangle.ordering import principal_subspace
from detaux.disentangle.product import ProductArchitecture
from detaux.disentangle.vector import VectorArchitecture
from detaux.models.autoencoders import paper_net
from detaux.train.policy import Policy

ARCHITECTURES = [
    ProductArchitecture(net=paper_net(8), subspaces=4, latent_dim=3),
    VectorArchitecture(net=paper_net(8), subspaces=4, latent_dim=3),
    VectorArchitecture(net=paper_net(8), subspaces=4, latent_dim=1, bernoulli=True),
]


def test_the_subspace_that_tells_classes_apart_is_named_whatever_its_scale() -> None:
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, 500)
    codes = random.normal(size=(500, 4, 2)) * np.array([100, 1, 1, 1])[:, None]
    codes[:, 2, 1] += labels
    codes[:, 3] = 7
    assert principal_subspace(codes.astype(np.float32), labels) == 2


def test_a_share_of_variance_is_what_counts() -> None:
    """Between classes 1 and 4 lie, within them 1 and 16: shares 1/2 and 1/5."""
    labels = np.array([0, 0, 1, 1])
    codes = np.array([[[-2.0], [-6.0]], [[0.0], [2.0]], [[0.0], [-2.0]], [[2.0], [6.0]]])
    assert principal_subspace(codes.astype(np.float32), labels) == 0
    assert principal_subspace(codes[:, ::-1].astype(np.float32), labels) == 1


def test_without_any_variance_the_first_is_named() -> None:
    assert principal_subspace(np.ones((5, 3, 2), np.float32), np.arange(5)) == 0


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("subspace", [0, 2, 3])
def test_putting_one_first_exchanges_codes_and_changes_no_image(
    architecture: ProductArchitecture | VectorArchitecture, subspace: int
) -> None:
    torch.manual_seed(0)
    model: Disentangler = architecture.build().eval()
    images = torch.rand(5, 3, 8, 8)
    with torch.no_grad():
        before = model.encode(images)
        decoded = model.decode(before)
        model.put_first(subspace)
        after = model.encode(images)
        order = list(range(4))
        order[0], order[subspace] = subspace, 0
        torch.testing.assert_close(after, before[:, order])
        torch.testing.assert_close(model.decode(after), decoded)
        model.put_first(subspace)
        torch.testing.assert_close(model.encode(images), before)


@pytest.mark.parametrize(
    ("method", "ordered"), [(Detaux, False), (PMP, True), (Autoencoder, True)], ids=["detaux", "pmp", "plain"]
)
def test_only_a_method_that_ties_the_label_to_a_subspace_keeps_its_order(
    *, method: type[PMP], ordered: bool, data: StageOneData, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[int] = []
    monkeypatch.setattr("detaux.disentangle.product.ProductModel.put_first", lambda _, k: put.append(k))
    method(preset="fast", subspaces=3, latent_dim=2, steps=2).fit(data, seed=0, policy=policy)
    assert len(put) == ordered


def test_without_strength_no_label_was_tied_to_any(
    data: StageOneData, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[int] = []
    monkeypatch.setattr("detaux.disentangle.product.ProductModel.put_first", lambda _, k: put.append(k))
    Detaux(preset="fast", strength=0, subspaces=3, latent_dim=2, steps=2).fit(data, seed=0, policy=policy)
    assert len(put) == 1
