from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from detaux.data.augmentation.flip import Flip
from tests.data.augmentation.drawing import augmented, picture


def flipped(count: int, chance: float) -> Tensor:
    """Return which of so many equal images are mirrored, (count,), bool; each is mirrored, or as it was."""
    image = picture(5, 8)
    results = augmented(Flip(chance=chance), image.repeat(count, 1, 1, 1))
    hit = (results == torch.from_numpy(image.numpy()[:, :, ::-1].copy())).flatten(1).all(1)
    kept = (results == image).flatten(1).all(1)
    assert (hit ^ kept).all()
    return hit


def test_a_known_image() -> None:
    image = torch.arange(6.0).reshape(1, 1, 2, 3).expand(1, 3, 2, 3) / 10
    mirrored = torch.tensor([[0.2, 0.1, 0.0], [0.5, 0.4, 0.3]])
    assert torch.equal(augmented(Flip(chance=1), image)[0], mirrored.expand(3, 2, 3))


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_none_or_all_are_mirrored(chance: float) -> None:
    assert (flipped(200, chance) == bool(chance)).all()


@pytest.mark.parametrize("chance", [0.1, 0.5])
def test_the_chance_is_kept_within_three_standard_errors(chance: float) -> None:
    error = math.sqrt(chance * (1 - chance) / 5000)
    assert abs(flipped(5000, chance).double().mean() - chance) < 3 * error


def test_the_default_is_one_half() -> None:
    assert Flip() == Flip(chance=0.5)


@pytest.mark.parametrize("chance", [-0.1, 1.1, math.nan])
def test_an_impossible_chance_is_refused(chance: float) -> None:
    with pytest.raises(ValueError, match=rf"chance must lie in \[0, 1\], but is {chance}"):
        Flip(chance=chance)
