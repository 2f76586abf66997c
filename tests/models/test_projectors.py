from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from detaux.models.projectors import Projectors


def test_they_equal_as_many_separate_perceptrons() -> None:
    torch.manual_seed(0)
    projectors = Projectors(num_subspaces=3, latent_dim=4)
    latent = torch.randn(5, 4)
    for subspace in range(3):
        first, second = nn.Linear(4, 4), nn.Linear(4, 4)
        with torch.no_grad():
            first.weight.copy_(projectors.weight_in[subspace].t())
            first.bias.copy_(projectors.bias_in[subspace, 0])
            second.weight.copy_(projectors.weight_out[subspace].t())
            second.bias.copy_(projectors.bias_out[subspace, 0])
        expected = second(first(latent).relu())
        torch.testing.assert_close(projectors(latent)[:, subspace], expected)


def test_they_start_as_torchs_linear_does() -> None:
    torch.manual_seed(0)
    projectors, linear = Projectors(num_subspaces=40, latent_dim=25), nn.Linear(25, 2000)
    for drawn, reference in ((projectors.weight_in, linear.weight), (projectors.bias_out, linear.bias)):
        assert drawn.abs().max() <= 1 / math.sqrt(25)
        assert drawn.std().item() == pytest.approx(reference.std().item(), rel=0.05)
        assert drawn.mean().item() == pytest.approx(0, abs=0.02)


def test_codes_stay_float32_under_autocast() -> None:
    projectors = Projectors(num_subspaces=2, latent_dim=3)
    latent = torch.randn(4, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        codes = projectors(latent)
    assert codes.dtype == torch.float32
    torch.testing.assert_close(codes, projectors(latent))
