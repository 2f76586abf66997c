from __future__ import annotations

import numpy as np
import pytest
import torch

from detaux.disentangle.product import ProductArchitecture, ProductModel
from detaux.disentangle.traversal import traversal
from detaux.models.autoencoders import paper_net

SUBSPACES, DIM, COLUMNS = 3, 2, 5


@pytest.fixture
def model() -> ProductModel:
    torch.manual_seed(0)
    return ProductModel(ProductArchitecture(net=paper_net(8), subspaces=SUBSPACES, latent_dim=DIM)).eval()


def codes(number: int = 41) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(0).normal(size=(number, SUBSPACES, DIM)).astype(np.float32) * 5


def tile(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], row: int, column: int) -> object:
    return picture[8 * row : 8 * row + 8, 8 * column : 8 * column + 8].tolist()


def test_it_has_a_row_a_subspace(model: ProductModel) -> None:
    picture = traversal(model, codes(), columns=COLUMNS)
    assert picture.shape == (8 * SUBSPACES, 8 * COLUMNS, 3)
    assert picture.dtype == np.uint8


def test_a_subspace_without_variance_changes_nothing(model: ProductModel) -> None:
    still = codes()
    still[:, 1] = 0.5
    picture = traversal(model, still, columns=COLUMNS)
    assert all(tile(picture, 1, column) == tile(picture, 1, 0) for column in range(COLUMNS))


def test_a_row_runs_from_one_end_of_the_first_component_to_the_other(model: ProductModel) -> None:
    line = codes()
    steps = np.random.default_rng(1).permutation(41).astype(np.float32)
    line[:, 2] = np.stack([steps, 2 * steps], axis=1)
    picture = traversal(model, line, reference=3, columns=COLUMNS)
    expected = np.repeat(line[3:4], COLUMNS, axis=0)
    values = np.array([0, 10, 20, 30, 40], dtype=np.float32)
    expected[:, 2] = np.stack([values, 2 * values], axis=1)
    with torch.no_grad():
        decoded = model.decode(torch.from_numpy(expected)).clamp(0, 1).mul(255).round().to(torch.uint8)
    tiles = [image.permute(1, 2, 0).tolist() for image in decoded]
    shown = [tile(picture, 2, column) for column in range(COLUMNS)]
    assert shown in (tiles, tiles[::-1])


@pytest.mark.parametrize(("reference", "columns"), [(41, 5), (-1, 5), (0, 1)])
def test_impossible_requests_are_refused(model: ProductModel, reference: int, columns: int) -> None:
    with pytest.raises(ValueError, match="must be"):
        traversal(model, codes(), reference=reference, columns=columns)
