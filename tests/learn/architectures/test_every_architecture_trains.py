"""Every architecture trains: from its seed alone, in each precision, on any device and backbone, of options in range."""

from typing import Any

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.learn.registries import architectures
from detaux.models.backbones.mlp import MLP
from detaux.models.registries import Backbone, backbones
from tests.learn.architectures.every import (
    BACKBONE,
    CLASSES,
    EMBEDDING,
    SHAPE,
    build,
    common,
    every,
    images,
    labels,
    losses,
)


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
