from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from detaux.disentangle import losses
from detaux.disentangle.units import own_units, raw_units

B, K, D = 5, 3, 4


def draw_codes() -> Tensor:
    codes = torch.randn(2 * B, K, D, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return codes * torch.tensor([1.0, 5.0, 0.01])[:, None] + 3


def test_raw_units_change_nothing() -> None:
    codes = draw_codes()
    units = raw_units(codes)
    assert torch.equal(units.codes, codes)
    assert torch.equal(units.codes * units.scale, codes)
    assert torch.equal(units.change, losses.squared_change(codes))
    assert units.reached is units.change
    assert torch.equal(units.compared, losses.normalised_change(units.change, codes))


def test_own_units_follow_their_definition() -> None:
    codes = draw_codes()
    units = own_units(codes)
    numbers = codes.tolist()
    means = [[sum(row[k][d] for row in numbers) / (2 * B) for d in range(D)] for k in range(K)]
    variances = [
        sum((row[k][d] - means[k][d]) ** 2 for row in numbers for d in range(D)) / (2 * B * D)
        for k in range(K)
    ]
    overall = sum(variances) / K
    for k in range(K):
        scale = math.sqrt(variances[k] + 0.03 * overall)
        for pair in range(B):
            first, second = numbers[pair][k], numbers[B + pair][k]
            change = sum(((a - b) / scale) ** 2 for a, b in zip(first, second, strict=True)) / D
            assert units.change[pair, k].item() == pytest.approx(change)
            assert units.reached[pair, k].item() == pytest.approx(
                math.sqrt(change * scale**2 / overall + 1e-4)
            )
        assert units.codes[0, k, 0].item() == pytest.approx((numbers[0][k][0] - means[k][0]) / scale)


def test_a_silent_subspace_is_not_blown_up() -> None:
    codes = draw_codes()
    codes[:, 2] = 1.5
    units = own_units(codes.requires_grad_())
    torch.autograd.backward(units.change.sum())
    assert units.codes[:, 2].abs().max() < 1e-6
    assert codes.grad is not None
    assert torch.isfinite(codes.grad).all()


def test_gradients_pass_through_the_scale() -> None:
    """Units that ignored their own gradient would let codes shrink; here growing all codes changes nothing."""
    codes = draw_codes().requires_grad_()
    (gradient,) = torch.autograd.grad(own_units(codes).change.square().sum(), codes)
    centred = codes - codes.mean(0, keepdim=True)
    assert (gradient * centred).sum().item() == pytest.approx(0, abs=1e-8)
