"""What every architecture promises of its answers and its parameters, whatever it shares."""

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from torch import nn

from detaux.learn.architectures.soft_sharing import SoftSharing
from tests.learn.architectures.every import build, every, images, labels, losses


def ids(parameters: Sequence[nn.Parameter]) -> set[int]:
    return {id(parameter) for parameter in parameters}


@every
def test_the_answer_is_the_first_of_what_is_supervised(architecture: Any) -> None:
    net = build(architecture, 3)
    for one in (net.train(), net.eval()):
        torch.manual_seed(0)
        answers = one(images())
        torch.manual_seed(0)
        supervised = one.supervised_logits(images())
        assert all(
            torch.equal(answer, first) for answer, (first, *_) in zip(answers, supervised, strict=True)
        )


@pytest.mark.parametrize("num_tasks", [1, 2, 3])
@every
def test_every_parameter_is_shared_or_one_task_s(architecture: Any, num_tasks: int) -> None:
    net = build(architecture, num_tasks)
    parts = [net.shared_parameters(), *net.head_parameters()]
    assert len(parts) == 1 + num_tasks
    listed = [id(parameter) for part in parts for parameter in part]
    assert sorted(listed) == sorted(ids(list(net.parameters())))


@pytest.mark.parametrize("num_tasks", [2, 3])
@every
def test_shared_is_what_more_than_one_loss_reaches(architecture: Any, num_tasks: int) -> None:
    net = build(architecture, num_tasks)
    parameters = list(net.parameters())
    reached: list[set[int]] = [set() for _ in parameters]
    for task, loss in enumerate(losses(net, images(), labels(num_tasks))):
        found = torch.autograd.grad(loss, parameters, retain_graph=True, allow_unused=True)
        for tasks, gradient in zip(reached, found, strict=True):
            if gradient is not None:
                tasks.add(task)
    by_id = {id(parameter): tasks for parameter, tasks in zip(parameters, reached, strict=True)}
    assert all(len(by_id[one]) > 1 for one in ids(net.shared_parameters()))
    for task, own in enumerate(net.head_parameters()):
        assert all(by_id[one] == {task} for one in ids(own))


@every
def test_says_whether_the_principal_answer_has_anything_of_the_auxiliary_tasks(architecture: Any) -> None:
    alone, beside = (build(architecture, count).eval()(images())[0] for count in (1, 2))
    assert torch.equal(alone, beside) is not architecture.reads_auxiliary


@every
def test_no_two_parts_draw_the_same_weights(architecture: Any) -> None:
    drawn = [
        value
        for name, value in build(architecture, 3).named_parameters()
        if value.dim() > 1 and not name.startswith("mixers")  # those are not drawn
    ]
    if isinstance(
        architecture, SoftSharing
    ):  # its towers start from equal weights, as one draws to the other
        drawn = [value for value in build(architecture, 1).parameters() if value.dim() > 1]
    for place, one in enumerate(drawn):
        assert not any(torch.equal(one, other) for other in drawn[place + 1 :])
