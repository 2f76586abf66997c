from __future__ import annotations

import pytest
import torch

from detaux.train.options import FitOptions
from detaux.train.rates import rates_at


@pytest.mark.parametrize("steps", [12, 137, 1000])
@pytest.mark.parametrize("rise_share", [0.1, 0.3])
def test_one_cycle_equals_torchs_scheduler(steps: int, rise_share: float) -> None:
    optimizer = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=0.02)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, total_steps=steps, pct_start=rise_share)
    options = FitOptions(steps=steps, learning_rate=0.02, schedule="one_cycle", rise_share=rise_share)
    for step in range(steps):
        rates = rates_at(step, options)
        assert rates.learning_rate == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-9)
        assert rates.momentum == pytest.approx(optimizer.param_groups[0]["betas"][0], rel=1e-9)
        optimizer.step()
        if step < steps - 1:
            scheduler.step()


@pytest.mark.parametrize("steps", [1, 2, 3, 10])
def test_one_cycle_bears_a_handful_of_steps(steps: int) -> None:
    options = FitOptions(steps=steps, learning_rate=0.02, schedule="one_cycle")
    assert all(0 < rates_at(step, options).learning_rate <= 0.02 for step in range(steps))


def test_constant_stays_where_it_is() -> None:
    options = FitOptions(steps=100, learning_rate=5e-4)
    assert {rates_at(step, options).learning_rate for step in range(100)} == {5e-4}
