"""Losses and weights that are no numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from detaux.core.errors import DivergedError
from detaux.train.loop import fit
from detaux.train.options import FitOptions
from detaux.train.policy import Policy

CPU = Policy(device=torch.device("cpu"), amp=False)


def test_a_loss_that_is_not_finite_is_named_with_its_step() -> None:
    net = nn.Linear(1, 1)

    def train_step(step: int) -> Mapping[str, Tensor]:
        good = net(torch.ones(1, 1)).sum()
        torch.autograd.backward(good)
        return {"reconstruction": good, "distance": torch.tensor(math.nan if step >= 3 else 1.0)}

    with pytest.raises(DivergedError, match=r"'distance' is nan in step 3"):
        fit(net, train_step, options=FitOptions(steps=900, learning_rate=0.1), policy=CPU, seed=0)


@pytest.mark.parametrize(
    ("broken_step", "told"),
    [
        (3, "before any validation"),
        (4, r"best validation score so far 0.04 at step 4"),
        (21, r"best validation score so far 0.2 at step 20"),
    ],
)
@pytest.mark.parametrize("patience", [None, 1])
def test_a_diverged_run_names_the_best_validation_before_it_each_time_it_is_tried(
    tmp_path: Path, broken_step: int, told: str, patience: int | None
) -> None:
    """The losses are fetched each 9 steps, after further validations of weights that are no numbers."""
    options = FitOptions(
        steps=900, learning_rate=0.1, validate_every=4, patience=patience, checkpoint_seconds=0
    )
    for _ in range(2):
        net, steps_done = nn.Linear(1, 1), 0

        def train_step(step: int, net: nn.Module = net) -> Mapping[str, Tensor]:
            nonlocal steps_done
            loss = net(torch.ones(1, 1)).sum() * (math.nan if step == broken_step else 1)
            torch.autograd.backward(loss)
            steps_done = step + 1
            return {"loss": loss}

        with pytest.raises(DivergedError, match=f"loss 'loss' is nan in step {broken_step}, {told}: lower"):
            fit(
                net,
                train_step,
                options=options,
                policy=CPU,
                seed=0,
                work=tmp_path,
                validate=lambda: steps_done / 100,  # noqa: B023 - called before the next round
            )


@pytest.mark.parametrize("validate_every", [None, 4])
@pytest.mark.parametrize(
    ("broken_step", "steps", "told"),
    [(0, 1, "before any validation"), (7, 8, None), (3, 8, "before any validation")],
)
def test_weights_that_the_last_update_broke_are_no_result(
    broken_step: int, steps: int, told: str | None, validate_every: int | None
) -> None:
    """Losses are those before an update: after the last one, or one before a validation, none tells of it."""
    net = nn.Linear(1, 1)

    def train_step(step: int) -> Mapping[str, Tensor]:
        loss = net(torch.ones(1, 1)).sum()
        torch.autograd.backward(loss * (math.nan if step == broken_step else 1))
        return {"loss": loss}

    words = told or (
        "before any validation" if validate_every is None else "best validation score so far 0.5 at step 4"
    )
    if validate_every is None and broken_step + 1 < steps:
        said = f"loss 'loss' is nan in step {broken_step + 1}, {words}"
    else:
        said = f"a weight is not finite after step {broken_step}, {words}: lower the learning rate"
    options = FitOptions(steps=steps, learning_rate=0.1, validate_every=validate_every)
    validate = None if validate_every is None else lambda: 0.5
    with pytest.raises(DivergedError, match=said):
        fit(net, train_step, options=options, policy=CPU, seed=0, validate=validate)
