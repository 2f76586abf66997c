from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from detaux.data.staging import stage
from detaux.disentangle.base import StageOneData, codes_of
from detaux.disentangle.product import ProductArchitecture, ProductModel
from detaux.disentangle.saving import load, save
from detaux.models.autoencoders import ConvNet, paper_net
from detaux.models.patch_net import PatchNet, patch_net
from detaux.train.policy import Policy

NETS = [paper_net(16), patch_net(16)]


@pytest.mark.parametrize("net", NETS)
def test_a_saved_model_gives_equal_codes(
    net: ConvNet | PatchNet, tmp_path: Path, data: StageOneData, policy: Policy
) -> None:
    torch.manual_seed(0)
    model = ProductModel(ProductArchitecture(net=net, subspaces=3, latent_dim=4)).eval()
    images = stage(data.dataset, data.split.train, "cpu")
    save(model, tmp_path)
    loaded = load(tmp_path, "cpu")
    assert loaded.architecture == model.architecture
    assert not loaded.training
    np.testing.assert_array_equal(codes_of(loaded, images, policy), codes_of(model, images, policy))


def test_codes_come_in_the_pools_order_whatever_the_batch(data: StageOneData, policy: Policy) -> None:
    model = ProductModel(ProductArchitecture(net=paper_net(16), subspaces=3, latent_dim=4)).eval()
    images = stage(data.dataset, data.split.train, "cpu")
    whole = codes_of(model, images, policy)
    assert whole.shape == (45, 3, 4)
    assert whole.dtype == np.float32
    np.testing.assert_allclose(codes_of(model, images, policy, batch=7), whole, atol=1e-6)
    with torch.no_grad():
        alone = model.encode(images.gather(torch.tensor([30]))).numpy()
    np.testing.assert_allclose(alone[0], whole[30], atol=1e-6)


def test_decoding_needs_only_the_sum_of_the_codes() -> None:
    model = ProductModel(ProductArchitecture(net=paper_net(8), subspaces=3, latent_dim=4)).eval()
    codes = torch.randn(2, 3, 4)
    torch.testing.assert_close(model.decode(codes), model.decode(codes.flip(1)))
    assert model.decode(codes).shape == (2, 3, 8, 8)


@pytest.mark.parametrize(("subspaces", "latent_dim"), [(1, 4), (3, 0)])
def test_impossible_sizes_are_refused(subspaces: int, latent_dim: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        ProductArchitecture(net=paper_net(8), subspaces=subspaces, latent_dim=latent_dim)
