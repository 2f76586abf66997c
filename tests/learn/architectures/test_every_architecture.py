"""What every architecture promises, whatever it shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn.functional import cross_entropy

from detaux.learn.architectures.soft_sharing import SoftSharing
from detaux.learn.network import MultiTaskNet
from detaux.learn.registries import architectures
from detaux.models.backbones.mlp import MLP
from detaux.models.backbones.small_cnn import SmallCNN
from detaux.models.registries import Backbone, backbones

SHAPE, EMBEDDING = (8, 8, 3), (1, 5, 3)
BACKBONE = SmallCNN(widths=(4, 6, 6), halvings=2)
CLASSES = (4, 5, 3, 2)
OTHERS: dict[str, list[dict[str, Any]]] = {
    "cgc": [{"levels": 2}, {"levels": 3}],
    "cross_stitch": [{"own_share": 1, "shares": "fixed"}],
    "mti_net": [{"scales": 1}],
}
"""Options under which an architecture is another one."""


def small(name: str, **options: Any) -> Any:
    """Return an architecture, narrow if it has a width."""
    made: Any = architectures.get(name)(**options)
    return replace(made, width=8) if hasattr(made, "width") else made


def are_apart(architecture: Any) -> bool:
    """Tell whether an architecture's tasks share nothing, as a control."""
    return getattr(architecture, "shares", "trained") == "fixed" and architecture.own_share == 1


EVERY = {
    "-".join([name, *(f"{key}_{value}" for key, value in options.items())]): small(name, **options)
    for name in architectures.names()
    for options in [{}, *OTHERS.get(name, [])]
}
every = pytest.mark.parametrize("architecture", EVERY.values(), ids=EVERY)
ALONE_AT_0 = {name: architecture for name, architecture in EVERY.items() if not architecture.reads_auxiliary}
SHARING = {name: architecture for name, architecture in EVERY.items() if not are_apart(architecture)}


def build(
    architecture: Any,
    num_tasks: int,
    *,
    backbone: Backbone = BACKBONE,
    shape: tuple[int, int, int] = SHAPE,
    seed: int = 0,
) -> MultiTaskNet:
    net: MultiTaskNet = architecture.build(backbone, shape, CLASSES[:num_tasks], seed=seed)
    return net


def images(shape: tuple[int, int, int] = SHAPE, *, count: int = 6) -> Tensor:
    height, width, channels = shape
    return torch.rand(count, channels, height, width, generator=torch.Generator().manual_seed(1))


def labels(num_tasks: int, *, seed: int = 0) -> list[Tensor]:
    draws = torch.Generator().manual_seed(seed)
    return [torch.randint(classes, (6,), generator=draws) for classes in CLASSES[:num_tasks]]


def losses(net: MultiTaskNet, given: Tensor, classes: Sequence[Tensor]) -> list[Tensor]:
    """Return the loss of each task, as the interface defines it."""
    told = [
        torch.stack([cross_entropy(logits, own) for logits in task]).sum()
        for task, own in zip(net.supervised_logits(given), classes, strict=True)
    ]
    return [
        loss if penalty is None else loss + penalty
        for loss, penalty in zip(told, net.penalties(), strict=True)
    ]


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


def common(alone: nn.Module, beside: nn.Module) -> list[tuple[str, Tensor, Tensor]]:
    """Return what two networks have of the same name and shape."""
    first, second = alone.state_dict(), beside.state_dict()
    return [(name, first[name], second[name]) for name in first if first[name].shape == second[name].shape]


def started_alone(architecture: Any) -> Any:
    """Return the architecture such that the principal task starts as it does alone."""
    has_share = any(field.name == "own_share" for field in fields(architecture))
    return replace(architecture, own_share=1) if has_share else architecture


def ids(parameters: Sequence[nn.Parameter]) -> set[int]:
    return {id(parameter) for parameter in parameters}


@pytest.mark.parametrize(
    ("num_tasks", "backbone", "shape"),
    [*((num_tasks, BACKBONE, SHAPE) for num_tasks in (1, 2, 3, 4)), (2, MLP(widths=(6, 4)), EMBEDDING)],
    ids=["1", "2", "3", "4", "2-mlp"],
)
@every
def test_two_images_give_logits_and_train_every_parameter(
    architecture: Any, num_tasks: int, backbone: Backbone, shape: tuple[int, int, int]
) -> None:
    net, given = build(architecture, num_tasks, backbone=backbone, shape=shape), images(shape, count=2)
    assert [tuple(answer.shape) for answer in net(given)] == [(2, classes) for classes in CLASSES[:num_tasks]]
    torch.autograd.backward(losses(net, given, [own[:2] for own in labels(num_tasks)]))
    gradients = {name: parameter.grad for name, parameter in net.named_parameters()}
    assert [name for name, gradient in gradients.items() if gradient is None] == []
    assert all(gradient.isfinite().all() for gradient in gradients.values() if gradient is not None)


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


@every
def test_says_whether_the_principal_answer_has_anything_of_the_auxiliary_tasks(architecture: Any) -> None:
    alone, beside = (build(architecture, count).eval()(images())[0] for count in (1, 2))
    assert torch.equal(alone, beside) is not architecture.reads_auxiliary


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


@every
def test_weights_depend_on_the_seed_alone_and_leave_the_generator(architecture: Any) -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = build(architecture, 2)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert all(torch.equal(one, other) for _, one, other in common(first, build(architecture, 2)))
    other_seed = build(architecture, 2, seed=1)
    assert not torch.equal(first.eval()(images())[0], other_seed.eval()(images())[0])


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


@every
def test_bfloat16_gives_float32_gradients(architecture: Any) -> None:
    net = build(architecture, 2)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        total = torch.stack([logits.float().square().mean() for logits in net(images())]).sum()
    torch.autograd.backward(total)
    gradients = [value.grad for value in net.parameters() if value.grad is not None]
    assert {gradient.dtype for gradient in gradients} == {torch.float32}
    assert all(gradient.isfinite().all() for gradient in gradients)


@every
def test_channels_last_and_float64_answer_the_same(architecture: Any) -> None:
    net = build(architecture, 2).eval()
    expected = net(images())
    inside_out = net.to(memory_format=torch.channels_last)(
        images().contiguous(memory_format=torch.channels_last)
    )
    doubled = net.double()(images().double())
    for plain, last, double in zip(expected, inside_out, doubled, strict=True):
        torch.testing.assert_close(last, plain, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(double.float(), plain, rtol=1e-4, atol=1e-5)
        assert double.dtype == torch.float64


@every
def test_keeps_to_its_device(architecture: Any) -> None:
    """On tensors that know a CUDA device but hold no data: one that is left on the CPU raises."""
    with FakeTensorMode(), torch.device("cuda"):
        net = build(architecture, 3)
        found = losses(net, torch.rand(2, 3, 8, 8), [torch.zeros(2, dtype=torch.long)] * 3)
    assert {value.device.type for value in (*found, *net.state_dict().values())} == {"cuda"}


@pytest.mark.parametrize(
    "backbone",
    [
        pytest.param(name, marks=() if name == "resnet18" else pytest.mark.slow)
        for name in backbones.names()
        if name not in ("small_cnn", "mlp")
    ],
)
@every
def test_takes_the_large_backbones(architecture: Any, backbone: str) -> None:
    with torch.device("meta"):  # shapes without numbers
        net = build(architecture, 2, backbone=backbones.get(backbone)(), shape=(40, 65, 3))
        supervised = net.supervised_logits(torch.empty(2, 3, 40, 65))
    assert all(
        logits.shape == (2, classes)
        for told, classes in zip(supervised, CLASSES, strict=False)
        for logits in told
    )


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("cross_stitch", {"own_share": 1.1}),
        ("cross_stitch", {"own_share": -0.1}),
        ("cross_stitch", {"shares": "learnt"}),
        ("nddr", {"own_share": float("nan")}),
        ("mmoe", {"experts": 0}),
        ("mmoe", {"width": 65_537}),
        ("cgc", {"levels": 0}),
        ("cgc", {"own_experts": 257}),
        ("cgc", {"shared_experts": 0}),
        ("cgc", {"width": 0}),
        ("cgc", {"own_share": 0.4}),
        ("soft_sharing", {"coefficient": -1.0}),
        ("soft_sharing", {"coefficient": float("inf")}),
        ("mti_net", {"scales": 0}),
        ("mti_net", {"width": 0}),
        ("mti_net", {"own_share": 1.5}),
    ],
)
def test_refuses_options_out_of_range(name: str, options: dict[str, Any]) -> None:
    ((option, _),) = options.items()
    with pytest.raises(ValueError, match=option):
        architectures.get(name)(**options)
