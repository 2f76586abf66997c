"""Checkpoints that other code wrote: none of it may reach the net."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from detaux.train import tensor_file
from detaux.train.checkpoint import RunState
from detaux.train.history import History

FILE = "checkpoint.safetensors"
Content = tuple[dict[str, Tensor], dict[str, Any]]


def adamw(net: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.AdamW(net.parameters(), lr=0.1)


def sgd(net: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)


Made = Callable[[nn.Module], torch.optim.Optimizer]


def run_state(*, seed: int = 0, outputs: int = 2, optimizer: Made = adamw) -> RunState:
    net = nn.Linear(3, outputs)
    nn.init.constant_(net.weight, seed)
    return RunState(net, net, optimizer(net), History())


def trained(optimizer: Made = adamw) -> RunState:
    run = run_state(seed=1, optimizer=optimizer)
    for step in range(3):
        run.module(torch.ones(1, 3)).sum().backward()
        run.optimizer.step()
        run.step = step + 1
    run.keep_best(0.5)
    return run


def without(name: str) -> Callable[[Content], Content]:
    def change(content: Content) -> Content:
        tensors, facts = content
        return {key: value for key, value in tensors.items() if key != name}, {
            key: value for key, value in facts.items() if key != name
        }

    return change


def with_tensor(name: str, tensor: Tensor) -> Callable[[Content], Content]:
    return lambda content: ({**content[0], name: tensor}, content[1])


def with_fact(name: str, value: object) -> Callable[[Content], Content]:
    return lambda content: (content[0], {**content[1], name: value})


@pytest.mark.parametrize("optimizer", [adamw, sgd])
def test_what_was_saved_is_taken_up(tmp_path: Path, optimizer: Made) -> None:
    run, other = trained(optimizer), run_state(optimizer=optimizer)
    run.save(tmp_path)
    assert other.resume(tmp_path)
    assert (other.step, other.best_score, other.history) == (3, 0.5, run.history)
    assert torch.equal(other.module.get_parameter("weight"), run.module.get_parameter("weight"))
    assert [place.name for place in tmp_path.iterdir()] == [FILE]
    for own, kept in zip(run.module.parameters(), other.module.parameters(), strict=True):
        moments = run.optimizer.state[own]
        assert moments
        assert moments.keys() == other.optimizer.state[kept].keys()
        assert all(torch.equal(moments[name], other.optimizer.state[kept][name]) for name in moments)


@pytest.mark.parametrize(("written", "read"), [(adamw, sgd), (sgd, adamw)])
def test_a_checkpoint_of_another_optimiser_counts_as_none(tmp_path: Path, written: Made, read: Made) -> None:
    trained(written).save(tmp_path)
    fresh = run_state(optimizer=read)
    assert not fresh.resume(tmp_path)
    assert not fresh.optimizer.state


@pytest.mark.parametrize(
    "change",
    [
        without("module.bias"),
        without("best.bias"),
        without("step"),
        without("history"),
        without("best_score"),
        without("optimizer.0.exp_avg"),
        with_tensor("module.scale", torch.ones(2)),
        with_tensor("module.weight", torch.ones(2, 4)),
        with_tensor("best.weight", torch.ones(2, 4)),
        with_tensor("optimizer.0.momentum_buffer", torch.ones(2, 3)),
        with_tensor("optimizer.1.exp_avg", torch.ones(5)),
        with_tensor("optimizer.9.step", torch.tensor(1.0)),
        with_tensor("optimizer.first.step", torch.tensor(1.0)),
        with_fact("history", {"rows": []}),
        with_fact("history", None),
        with_fact("step", "many"),
    ],
)
def test_a_checkpoint_of_other_code_counts_as_none(
    tmp_path: Path, change: Callable[[Content], Content]
) -> None:
    trained().save(tmp_path)
    tensor_file.write(tmp_path / FILE, *change(tensor_file.read(tmp_path / FILE)))
    fresh = run_state()
    assert not fresh.resume(tmp_path)
    assert torch.equal(fresh.module.get_parameter("weight"), torch.zeros(2, 3))
    assert not fresh.optimizer.state
    assert (fresh.step, fresh.best, fresh.history) == (0, None, History())


def test_a_file_without_facts_counts_as_none(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    save_file({"module.weight": torch.ones(2, 3)}, tmp_path / FILE)
    assert not run_state().resume(tmp_path)


def test_a_checkpoint_of_another_net_counts_as_none(tmp_path: Path) -> None:
    trained().save(tmp_path)
    assert not run_state(outputs=4).resume(tmp_path)
