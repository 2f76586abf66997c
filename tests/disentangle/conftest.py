from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from detaux.data.dataset import FactorGrid
from detaux.data.split import Split
from detaux.disentangle.base import StageOneData
from detaux.train.policy import Policy


class Squares(FactorGrid):
    """A coloured 6x6 square on black, in 16x16 images: its row, its column, its colour."""

    name = "squares"
    factor_names = ("row", "column", "colour")
    factor_sizes = full_sizes = (5, 5, 3)
    levels = (tuple(range(5)), tuple(range(5)), tuple(range(3)))
    value_names: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 (the attribute is declared as a mapping)
    image_shape = (16, 16, 3)
    rendered = True
    licence = source = "this test"
    fingerprint = "0" * 64
    official_parts: dict[str, NDArray[np.int64]] = {}  # noqa: RUF012 (as above)

    def images(self, index: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        pictures = np.zeros((len(index), *self.image_shape), dtype=np.uint8)
        for picture, (row, column, colour) in zip(pictures, self.factors(index), strict=True):
            picture[2 * row : 2 * row + 6, 2 * column : 2 * column + 6, colour] = 255
        return pictures


@pytest.fixture
def data() -> StageOneData:
    """Squares with colour as the principal factor: 45 images to train on, 15 to validate, 15 to test."""
    dataset = Squares()
    order = np.random.default_rng(0).permutation(75)
    train, validation, test = (np.sort(part) for part in np.split(order, [45, 60]))
    return StageOneData(
        dataset=dataset,
        split=Split(train=train, validation=validation, test=test),
        labels=dataset.factors(np.arange(75))[:, 2],
        principal=("colour",),
    )


@pytest.fixture
def policy() -> Policy:
    return Policy(device=torch.device("cpu"), amp=False)
