from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from detaux.data.corruption.gaussian import Gaussian
from tests.data.corruption.drawing import corrupted


def noisy(sigma: float, value: float = 0.5) -> Tensor:
    images = torch.full((20, 3, 32, 32), value)
    return corrupted(Gaussian(sigma=sigma), images).double()


@pytest.mark.parametrize("sigma", [0.02, 0.1])
def test_the_noise_has_mean_0_and_the_given_deviation(sigma: float) -> None:
    noise = noisy(sigma) - 0.5
    assert abs(noise.mean()) < 3 * sigma / math.sqrt(noise.numel())
    assert abs(noise.std() - sigma) < 3 * sigma / math.sqrt(2 * noise.numel())


def test_the_noise_is_normal() -> None:
    """One deviation holds 68.27 % of a normal draw, two hold 95.45 %."""
    noise = (noisy(0.1) - 0.5).abs()
    for deviations in (1, 2):
        share = math.erf(deviations / math.sqrt(2))
        error = math.sqrt(share * (1 - share) / noise.numel())
        assert abs((noise < deviations * 0.1).double().mean() - share) < 3 * error


def test_what_leaves_the_range_is_clamped() -> None:
    result = noisy(1.0)
    share = (1 - math.erf(0.5 / math.sqrt(2))) / 2  # of a normal draw below -0.5: 30.85 %
    error = 3 * math.sqrt(share * (1 - share) / result.numel())
    assert abs((result == 0).double().mean() - share) < error
    assert abs((result == 1).double().mean() - share) < error


def test_no_deviation_is_no_noise() -> None:
    assert (noisy(0.0) == 0.5).all()


@pytest.mark.parametrize("sigma", [-0.1, 1.1, math.nan])
def test_an_impossible_deviation_is_refused(sigma: float) -> None:
    with pytest.raises(ValueError, match=rf"sigma must lie in \[0, 1\], but is {sigma}"):
        Gaussian(sigma=sigma)
