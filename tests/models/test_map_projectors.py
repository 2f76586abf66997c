from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from detaux.models.map_projectors import MapProjectors

SUBSPACES, DIM = 3, 4


@pytest.fixture
def projectors() -> MapProjectors:
    torch.manual_seed(0)
    return MapProjectors(num_subspaces=SUBSPACES, latent_dim=DIM)


def separate(projectors: MapProjectors, subspace: int) -> nn.Sequential:
    """Return one projector in torch's own layers, with the same weights."""
    layers: list[nn.Module] = []
    for weight, bias in zip(projectors.weights, projectors.biases, strict=True):
        convolution = nn.Conv2d(DIM, DIM, 1)
        with torch.no_grad():
            convolution.weight.copy_(weight[subspace].t()[..., None, None])
            convolution.bias.copy_(bias[subspace, 0])  # type: ignore[union-attr]  # it has one
        layers += [convolution, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("size", [(5, 2, 3), (2, 1, 1), (1, 7, 7)])
def test_they_equal_as_many_separate_stacks_of_convolutions(
    projectors: MapProjectors, size: tuple[int, int, int], memory_format: torch.memory_format
) -> None:
    batch, *side = size
    maps = torch.randn(batch, DIM, *side).to(memory_format=memory_format).requires_grad_()
    codes = projectors(maps)
    expected = torch.stack([separate(projectors, k)(maps).flatten(1) for k in range(SUBSPACES)], dim=1)
    assert codes.shape == (batch, SUBSPACES, DIM * math.prod(side))
    torch.testing.assert_close(codes, expected)
    upstream = torch.randn_like(codes)
    torch.testing.assert_close(
        torch.autograd.grad(codes, maps, upstream), torch.autograd.grad(expected, maps, upstream)
    )


def test_swapping_exchanges_two_codes(projectors: MapProjectors) -> None:
    maps = torch.randn(2, DIM, 3, 3)
    before = projectors(maps)
    projectors.swap(0, 2)
    assert torch.equal(projectors(maps), before[:, [2, 1, 0]])
    projectors.swap(1, 1)
    assert torch.equal(projectors(maps), before[:, [2, 1, 0]])


def test_they_start_as_torchs_convolutions_do() -> None:
    torch.manual_seed(0)
    projectors, torchs = MapProjectors(num_subspaces=40, latent_dim=25), nn.Conv2d(25, 2000, 1)
    for drawn in (*projectors.weights, *projectors.biases):
        assert drawn.abs().max() <= 1 / math.sqrt(25)
        assert drawn.std().item() == pytest.approx(torchs.weight.std().item(), rel=0.05)
        assert drawn.mean().item() == pytest.approx(0, abs=0.02)


def test_codes_stay_float32_under_autocast(projectors: MapProjectors) -> None:
    maps = torch.randn(2, DIM, 3, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        codes = projectors(maps)
    assert codes.dtype == torch.float32
    torch.testing.assert_close(codes, projectors(maps))
