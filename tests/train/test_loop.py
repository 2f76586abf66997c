from __future__ import annotations

from collections.abc import Callable, Mapping
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
STEPS = 40
KILLED_AT = 20


def classify(net: nn.Module, killed_at: int | None = None) -> Callable[[int], Mapping[str, Tensor]]:
    def train_step(step: int) -> Mapping[str, Tensor]:
        if step == killed_at:
            raise Killed
        loss = functional.cross_entropy(net(images(step)), torch.arange(6) % 4)
        torch.autograd.backward(loss)
        return {"loss": loss}

    return train_step


def score(net: nn.Module) -> Callable[[], float]:
    def validate() -> float:
        assert not net.training
        return -functional.cross_entropy(net(images(10_000)), torch.arange(6) % 4).item()

    return validate


def run(
    options: FitOptions, work: Path | None = None, *, killed_at: int | None = None
) -> tuple[dict[str, Tensor], History]:
    net = tiny_net()
    validate = score(net) if options.validate_every else None
    history = fit(
        net, classify(net, killed_at), options=options, policy=CPU, seed=7, work=work, validate=validate
    )
    return net.state_dict(), history


@pytest.mark.parametrize("validate_every", [None, 3])
@pytest.mark.parametrize("schedule", ["constant", "one_cycle", "cosine", "step"])
@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
def test_a_killed_and_resumed_run_equals_an_unbroken_one_bit_for_bit(
    tmp_path: Path, optimizer: str, schedule: str, validate_every: int | None
) -> None:
    options = FitOptions(
        steps=STEPS,
        learning_rate=0.03,
        weight_decay=1e-3,
        optimizer=optimizer,  # type: ignore[arg-type]  # parametrize knows no literals
        schedule=schedule,  # type: ignore[arg-type]  # as above
        validate_every=validate_every,
        checkpoint_seconds=0,
    )
    weights, history = run(options)
    with pytest.raises(Killed):
        run(options, tmp_path, killed_at=KILLED_AT)
    torch.manual_seed(12345)
    resumed, resumed_history = run(options, tmp_path)
    assert weights.keys() == resumed.keys()
    assert all(torch.equal(weights[name], resumed[name]) for name in weights)
    assert resumed_history == history


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
def test_the_loop_steps_as_torchs_own_optimiser_would(optimizer: str) -> None:
    options = FitOptions(
        steps=10,
        learning_rate=0.02,
        weight_decay=0.01,
        optimizer=optimizer,  # type: ignore[arg-type]  # as above
    )
    ours, theirs = (nn.Linear(3, 2) for _ in range(2))
    theirs.load_state_dict(ours.state_dict())

    def train(net: nn.Module, step: int) -> Mapping[str, Tensor]:
        inputs = torch.randn(4, 3, generator=torch.Generator().manual_seed(step))
        loss = (net(inputs) - 1).square().sum()
        torch.autograd.backward(loss)
        return {"loss": loss}

    reference = {
        "adam": torch.optim.Adam(theirs.parameters(), lr=0.02, weight_decay=0.01),
        "adamw": torch.optim.AdamW(theirs.parameters(), lr=0.02, weight_decay=0.01),
        "sgd": torch.optim.SGD(theirs.parameters(), lr=0.02, weight_decay=0.01, momentum=0.9),
    }[optimizer]
    for step in range(10):
        reference.zero_grad()
        train(theirs, step)
        reference.step()
    fit(ours, lambda step: train(ours, step), options=options, policy=CPU, seed=0)
    for own, expected in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(own, expected, atol=1e-6)


def test_the_resumed_run_does_not_repeat_steps(tmp_path: Path) -> None:
    options = FitOptions(steps=STEPS, learning_rate=0.01, checkpoint_seconds=0)
    with pytest.raises(Killed):
        run(options, tmp_path, killed_at=KILLED_AT)
    with pytest.raises(Killed):
        run(options, tmp_path, killed_at=KILLED_AT)
    net, seen = tiny_net(), []

    def train_step(step: int) -> Mapping[str, Tensor]:
        seen.append(step)
        return classify(net)(step)

    fit(net, train_step, options=options, policy=CPU, seed=7, work=tmp_path)
    assert seen == list(range(KILLED_AT, STEPS))


def test_a_damaged_checkpoint_counts_as_none(tmp_path: Path) -> None:
    options = FitOptions(steps=STEPS, learning_rate=0.01, checkpoint_seconds=0)
    with pytest.raises(Killed):
        run(options, tmp_path, killed_at=KILLED_AT)
    (checkpoint,) = tmp_path.iterdir()
    checkpoint.write_bytes(checkpoint.read_bytes()[:-100])
    weights, _ = run(options)
    again, _ = run(options, tmp_path)
    assert all(torch.equal(weights[name], again[name]) for name in weights)


def test_a_short_job_writes_no_checkpoint(tmp_path: Path) -> None:
    run(FitOptions(steps=3, learning_rate=0.01), tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_weights_with_the_best_score_are_kept() -> None:
    net = nn.Linear(1, 1, bias=False)
    scores = {2: 0.5, 4: 0.9, 6: 0.9, 7: 0.1}
    weights_seen: dict[int, Tensor] = {}
    steps_done = 0

    def train_step(step: int) -> Mapping[str, Tensor]:
        nonlocal steps_done
        steps_done = step + 1
        loss = net(torch.ones(1, 1)).sum()
        torch.autograd.backward(loss)
        return {"loss": loss}

    def validate() -> float:
        weights_seen[steps_done] = net.weight.detach().clone()
        return scores[steps_done]

    options = FitOptions(steps=7, learning_rate=0.1, validate_every=2)
    history = fit(net, train_step, options=options, policy=CPU, seed=0, validate=validate)
    assert history.best_step == 4
    assert [(row["step"], row["score"]) for row in history.validation] == list(scores.items())
    assert torch.equal(net.weight, weights_seen[4])
    assert not torch.equal(net.weight, weights_seen[7])


def test_losses_are_means_over_the_steps_that_had_the_term() -> None:
    net = nn.Linear(1, 1)

    def train_step(step: int) -> Mapping[str, Tensor]:
        torch.autograd.backward(net(torch.ones(1, 1)).sum())
        late = {"late": torch.tensor(10.0)} if step >= 3 else {}
        return {"step_number": torch.tensor(float(step))} | late

    history = fit(net, train_step, options=FitOptions(steps=400, learning_rate=0.1), policy=CPU, seed=0)
    assert history.losses[0] == {"step": 4, "step_number": 1.5, "late": 10.0}
    assert history.losses[-1] == {"step": 400, "step_number": 397.5, "late": 10.0}
    assert len(history.losses) == 100


def test_the_callers_random_state_is_left_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    run(FitOptions(steps=2, learning_rate=0.01))
    assert torch.equal(torch.rand(2), expected)


def test_progress_ends_at_one_and_never_falls() -> None:
    told: list[tuple[float, str]] = []
    net = tiny_net()
    options = FitOptions(steps=250, learning_rate=1e-3)
    fit(
        net,
        classify(net),
        options=options,
        policy=CPU,
        seed=0,
        progress=lambda share, text: told.append((share, text)),
    )
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert told[-1][1].startswith("step 250 of 250, loss ")
    assert not net.training


def test_validation_needs_both_its_function_and_its_interval() -> None:
    net = tiny_net()
    with pytest.raises(ValueError, match="give both or neither"):
        fit(
            net,
            classify(net),
            options=FitOptions(steps=1, learning_rate=1e-3, validate_every=1),
            policy=CPU,
            seed=0,
        )


def test_only_the_chosen_part_goes_back_to_its_best() -> None:
    net, beside = nn.Linear(1, 1), nn.BatchNorm1d(1)
    module = nn.ModuleList([net, beside])

    def step(_: int) -> dict[str, Tensor]:
        loss = beside(net(torch.ones(2, 1))).sum() + net.weight.sum()
        loss.backward()
        return {"loss": loss}

    scores = iter([1.0, 0.0, 0.0])
    fit(
        module,
        step,
        options=FitOptions(steps=3, learning_rate=0.1, validate_every=1),
        policy=CPU,
        seed=0,
        validate=lambda: next(scores),
        chosen=net,
    )
    assert beside.num_batches_tracked == 3
