from __future__ import annotations

import math
from typing import Literal

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


def test_one_cycle_moves_the_momentum_of_sgd_alike() -> None:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.02, momentum=0.9)
    torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, total_steps=100, pct_start=0.1)
    options = FitOptions(steps=100, learning_rate=0.02, optimizer="sgd", schedule="one_cycle", rise_share=0.1)
    assert rates_at(0, options).momentum == pytest.approx(optimizer.param_groups[0]["momentum"])


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 100, 137])
@pytest.mark.parametrize("schedule", ["cosine", "step"])
def test_falling_schedules_equal_torchs(steps: int, schedule: Literal["cosine", "step"]) -> None:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.02)
    milestones = [math.ceil(steps / 2), math.ceil(3 * steps / 4)]
    scheduler: torch.optim.lr_scheduler.LRScheduler = {
        "cosine": torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps),
        "step": torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones),
    }[schedule]
    options = FitOptions(steps=steps, learning_rate=0.02, schedule=schedule)
    for step in range(steps):
        rates = rates_at(step, options)
        assert rates.learning_rate == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-6)
        assert rates.momentum == 0.9
        optimizer.step()
        scheduler.step()


def test_the_cosine_starts_at_the_rate_and_would_be_0_after_the_last_step() -> None:
    options = FitOptions(steps=1000, learning_rate=0.5, schedule="cosine")
    rates = [rates_at(step, options).learning_rate for step in (0, 250, 500, 1000)]
    assert rates == pytest.approx([0.5, 0.25 * (1 + math.sqrt(0.5)), 0.25, 0])


def test_the_steps_are_at_a_half_and_at_three_quarters() -> None:
    options = FitOptions(steps=8, learning_rate=1.0, schedule="step")
    rates = [rates_at(step, options).learning_rate for step in range(8)]
    assert rates == pytest.approx([1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01])


@pytest.mark.parametrize("steps", [1, 2, 3, 10])
def test_one_cycle_bears_a_handful_of_steps(steps: int) -> None:
    options = FitOptions(steps=steps, learning_rate=0.02, schedule="one_cycle")
    assert all(0 < rates_at(step, options).learning_rate <= 0.02 for step in range(steps))


def test_constant_stays_where_it_is() -> None:
    options = FitOptions(steps=100, learning_rate=5e-4)
    assert {rates_at(step, options).learning_rate for step in range(100)} == {5e-4}
