"""The principal task starts as it does alone, and at weight 0 of the others learns so; at weight 1 it does not."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
import torch
from torch import Tensor

from detaux.learn.network import MultiTaskNet
from tests.learn.architectures.every import EVERY, build, common, every, images, labels, losses


def are_apart(architecture: Any) -> bool:
    """Tell whether an architecture's tasks share nothing, as a control."""
    return getattr(architecture, "shares", "trained") == "fixed" and architecture.own_share == 1


ALONE_AT_0 = {name: architecture for name, architecture in EVERY.items() if not architecture.reads_auxiliary}
SHARING = {name: architecture for name, architecture in EVERY.items() if not are_apart(architecture)}


def train(net: MultiTaskNet, classes: Sequence[Tensor], *, weight: float, steps: int = 4) -> MultiTaskNet:
    """Train with weight 1 for the principal task, and another for every auxiliary one."""
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-2, weight_decay=5e-3)
    for step in range(steps):
        torch.manual_seed(step)
        optimizer.zero_grad()
        principal, *auxiliary = losses(net, images(), classes)
        torch.autograd.backward(sum((weight * loss for loss in auxiliary), start=principal))
        optimizer.step()
    return net


def started_alone(architecture: Any) -> Any:
    """Return the architecture such that the principal task starts as it does alone."""
    has_share = any(field.name == "own_share" for field in fields(architecture))
    return replace(architecture, own_share=1) if has_share else architecture


@pytest.mark.parametrize("num_tasks", [2, 4])
@every
def test_further_tasks_shift_no_initial_weight(architecture: Any, num_tasks: int) -> None:
    alone, beside = build(architecture, 1), build(architecture, num_tasks)
    assert alone.state_dict().keys() <= beside.state_dict().keys()
    assert all(torch.equal(one, other) for _, one, other in common(alone, beside))
    taken = {name.split(".")[0] for name, _, _ in common(alone, beside)}
    assert taken >= {name.split(".")[0] for name in alone.state_dict()} - {"mixers"}


@pytest.mark.parametrize("num_tasks", [2, 4])
@every
def test_the_principal_task_starts_as_it_does_alone_where_asked_to(architecture: Any, num_tasks: int) -> None:
    alone, beside = (build(started_alone(architecture), count) for count in (1, num_tasks))
    for training in (False, True):
        answers = []
        for net in (alone.train(training), beside.train(training)):
            torch.manual_seed(3)
            answers.append(net(images())[0])
        torch.testing.assert_close(*answers, rtol=0, atol=1e-6)


@pytest.mark.parametrize("num_tasks", [2, 3])
@pytest.mark.parametrize("architecture", ALONE_AT_0.values(), ids=ALONE_AT_0)
def test_at_weight_0_the_principal_task_learns_as_it_does_alone(architecture: Any, num_tasks: int) -> None:
    alone, beside = (train(build(architecture, count), labels(count), weight=0) for count in (1, num_tasks))
    tolerance = 0 if type(architecture).__name__ == "HardSharing" else 1e-6
    assert len(common(alone, beside)) == len(alone.state_dict()) or hasattr(alone, "mixers")
    for name, one, other in common(alone, beside):
        torch.testing.assert_close(one, other, rtol=0, atol=tolerance, msg=name)
    for one, other in zip(alone.eval()(images()), beside.eval()(images()), strict=False):
        torch.testing.assert_close(one, other, rtol=0, atol=tolerance)


@every
def test_at_weight_0_the_auxiliary_labels_change_nothing(architecture: Any) -> None:
    principal = labels(3)[0]
    some, others = (
        train(build(architecture, 3), [principal, *labels(3, seed=seed)[1:]], weight=0) for seed in (0, 9)
    )
    assert all(torch.equal(one, other) for _, one, other in common(some, others))


@pytest.mark.parametrize("architecture", SHARING.values(), ids=SHARING)
def test_at_weight_1_the_auxiliary_labels_change_the_principal_task(architecture: Any) -> None:
    principal = labels(3)[0]
    some, others = (
        train(build(architecture, 3), [principal, *labels(3, seed=seed)[1:]], weight=1) for seed in (0, 9)
    )
    assert not torch.equal(some.eval()(images())[0], others.eval()(images())[0])
