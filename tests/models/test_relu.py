from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from detaux.models.relu import MapRelu

TRICKY = [0.0, -0.0, 1e-40, -1e-40, float("inf"), -float("inf"), 3e38, -3e38]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_values_and_gradients_are_torchs(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    maps = torch.cat([torch.tensor(TRICKY), torch.randn(1000)]).to(dtype).requires_grad_()
    upstream = torch.randn(len(maps)).to(dtype)
    ours, torchs = MapRelu()(maps.clone()), functional.relu(maps)
    assert torch.equal(ours, torchs)
    assert torch.equal(*(torch.autograd.grad(value, maps, upstream)[0] for value in (ours, torchs)))


def test_not_a_number_stays_one() -> None:
    assert MapRelu()(torch.tensor([float("nan")], dtype=torch.bfloat16)).isnan().all()


def test_it_works_in_place() -> None:
    maps = torch.tensor([-1.0, 2.0], dtype=torch.bfloat16)
    assert MapRelu()(maps).data_ptr() == maps.data_ptr()
