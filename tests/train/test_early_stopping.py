"""Training that stops when validation gets no better, killed and resumed or not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from detaux.train.history import History
from detaux.train.loop import fit
from detaux.train.options import FitOptions
from detaux.train.policy import Policy
from tests.train.toy import Killed, images, tiny_net

CPU = Policy(device=torch.device("cpu"), amp=False)


class CountingNet(nn.Module):
    """A net whose loss depends on a buffer that each step changes, as some weightings' does, and on a late parameter."""

    seen: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.net = tiny_net()
        self.late = nn.Parameter(torch.zeros(4))
        self.register_buffer("seen", torch.zeros((), dtype=torch.float64))

    def losses(self, step: int) -> dict[str, Tensor]:
        """Return the loss, and every third step a diagnostic."""
        self.seen.mul_(0.9).add_(step)
        logits = self.net(images(step)) + (self.late if step > 5 else 0)
        loss = functional.cross_entropy(logits, torch.arange(6) % 4) * (1 + self.seen.float().sigmoid())
        return {"loss": loss} | ({"seen": self.seen.clone()} if step % 3 == 0 else {})


def stalling(
    options: FitOptions, work: Path | None = None, *, killed_at: int | None = None
) -> tuple[dict[str, Tensor], History]:
    """Train a net whose score is best after 16 steps."""
    net, steps_done = CountingNet(), 0

    def train_step(step: int) -> Mapping[str, Tensor]:
        nonlocal steps_done
        if step == killed_at:
            raise Killed
        losses = net.losses(step)
        torch.autograd.backward(losses["loss"])
        steps_done = step + 1
        return losses

    def validate() -> float:
        return -abs(steps_done - 16)

    history = fit(net, train_step, options=options, policy=CPU, seed=7, work=work, validate=validate)
    return net.state_dict(), history


@pytest.mark.parametrize("killed_at", [3, 15, 17, 22])
@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
def test_a_resumed_run_stops_at_the_same_step_with_the_same_buffers(
    tmp_path: Path, optimizer: str, killed_at: int
) -> None:
    options = FitOptions(
        steps=300,
        learning_rate=0.03,
        optimizer=optimizer,  # type: ignore[arg-type]  # one of the words
        validate_every=4,
        patience=2,
        checkpoint_seconds=0,
    )
    weights, history = stalling(options)
    with pytest.raises(Killed):
        stalling(options, tmp_path, killed_at=killed_at)
    assert list(tmp_path.iterdir())
    resumed, resumed_history = stalling(options, tmp_path)
    assert (history.best_step, history.stopped_step) == (16, 24)
    assert history.losses[-1]["step"] == 24
    assert weights.keys() == resumed.keys()
    assert all(torch.equal(weights[name], resumed[name]) for name in weights)
    assert resumed_history == history


@pytest.mark.parametrize(("steps", "stopped_step"), [(23, None), (24, None), (25, 24)])
def test_only_a_run_that_ends_before_its_last_step_was_stopped(steps: int, stopped_step: int | None) -> None:
    options = FitOptions(steps=steps, learning_rate=0.03, validate_every=4, patience=2)
    _, history = stalling(options)
    assert history.stopped_step == stopped_step
    assert history.losses[-1]["step"] == min(steps, 24)


def test_without_patience_training_goes_on() -> None:
    _, history = stalling(FitOptions(steps=40, learning_rate=0.03, validate_every=4))
    assert (history.best_step, history.stopped_step, len(history.validation)) == (16, None, 10)
