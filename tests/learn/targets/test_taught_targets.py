import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.core.errors import DataError
from detaux.data.staging import Images, ResidentImages
from detaux.learn.assembly import Assembly
from detaux.learn.auxiliary.auxilearn import AuxiLearn
from detaux.learn.auxiliary.maxl import Maxl
from detaux.learn.batch import Batch
from detaux.learn.options import LearnOptions
from detaux.learn.registries import Auxiliary, auxiliary
from detaux.learn.replay import StepReplay
from detaux.learn.targets.base import Targets
from detaux.learn.targets.free import clipped
from detaux.learn.targets.hypergradient import unrolled
from detaux.learn.targets.subclass import spread, subclass_shares
from detaux.learn.tasks import AnyTask, AuxiliaryContext, Task
from detaux.learn.train import Learnt
from detaux.train.policy import Policy, policy_for

SOURCES: dict[str, Auxiliary] = {
    "maxl": Maxl(),
    "maxl_first": Maxl(order="first"),
    "auxilearn": AuxiLearn(),
}
Build = Callable[..., Assembly]


@pytest.fixture(params=SOURCES)
def task(request: pytest.FixtureRequest, context: AuxiliaryContext) -> AnyTask:
    (task,) = SOURCES[request.param].tasks(context)
    return task


def only(source: Auxiliary, context: AuxiliaryContext) -> AnyTask:
    (task,) = source.tasks(context)
    return task


def replay_of(assembly: Assembly, step: int = 0) -> StepReplay:
    inside = assembly.step
    return StepReplay(assembly.net, inside._losses, inside._source, inside._query, step=step)


def targets_of(assembly: Assembly) -> Targets:
    return assembly.step._targets[1]


def taught(assembly: Assembly, step: int = 0) -> Tensor:
    """Return the gradient that teaching gives the targets."""
    targets = targets_of(assembly)
    targets.zero_grad()
    targets.teach(replay_of(assembly, step), 1)
    return torch.cat(
        [parameter.grad.flatten() for parameter in targets.parameters() if parameter.grad is not None]
    )


def test_shares_are_the_softmax_over_the_subclasses_of_the_own_class() -> None:
    draws = np.random.default_rng(0)
    logits, labels = draws.normal(size=(5, 12)), np.array([2, 0, 1, 1, 2])
    expected = np.zeros((5, 12))
    for row, label in enumerate(labels):
        own = slice(4 * label, 4 * label + 4)
        expected[row, own] = np.exp(logits[row, own]) / np.exp(logits[row, own]).sum()
    found = subclass_shares(torch.from_numpy(logits), torch.from_numpy(labels), 4)
    np.testing.assert_allclose(found.numpy(), expected)


def test_spread_is_the_entropy_of_the_mean() -> None:
    shares = torch.tensor([[0.2, 0.8, 0.0], [0.6, 0.4, 0.0]], requires_grad=True)
    assert spread(shares).item() == pytest.approx(-0.4 * math.log(0.4) - 0.6 * math.log(0.6))
    assert spread(torch.eye(6)).item() == pytest.approx(math.log(6))
    (gradient,) = torch.autograd.grad(spread(shares), shares)
    assert gradient.isfinite().all()


@pytest.mark.parametrize(("most", "factor"), [(6.0, 1.0), (5.0, 1.0), (1.0, 0.2)])
def test_gradients_are_clipped_together(most: float, factor: float) -> None:
    gradients = [torch.tensor([[3.0]]), torch.tensor([0.0, -4.0])]
    for found, gradient in zip(clipped(gradients, most), gradients, strict=True):
        torch.testing.assert_close(found, factor * gradient)
    assert not clipped([torch.zeros(2)], most)[0].any()


def test_steep_curvature_does_not_run_away(context: AuxiliaryContext, assembled: Build) -> None:
    """Of factor 1 the series grows with each of its terms."""
    gradient = taught(assembled(only(AuxiLearn(inner_rate=1.0, neumann_terms=6), context)))
    assert gradient.norm() == pytest.approx(50, rel=1e-4)


def test_names_and_numbers_of_classes(context: AuxiliaryContext) -> None:
    found = {source: only(source, context) for source in (Maxl(), Maxl(subclasses=2), AuxiLearn())}
    assert [(task.name, task.num_classes) for task in found.values()] == [
        ("maxl", 15),
        ("maxl", 6),
        ("auxilearn", 10),
    ]
    for source, task in found.items():
        assert auxiliary.get(task.name) is type(source)
        assert source.discovery is None


def test_targets_are_shares(task: AnyTask, assembled: Build) -> None:
    assembly = assembled(task)
    batch = assembly.step._source.batch(0)
    shares = targets_of(assembly)(batch).classes
    assert shares.shape == (16, task.num_classes)
    torch.testing.assert_close(shares.sum(dim=1), torch.ones(16))
    assert shares.min() >= 0


def test_teaching_reaches_the_own_parameters_alone(task: AnyTask, assembled: Build) -> None:
    assembly = assembled(task)
    before = {name: value.clone() for name, value in assembly.module.state_dict().items()}
    generator = torch.get_rng_state()
    gradient = taught(assembly)
    assert gradient.isfinite().all()
    assert len(gradient) == sum(parameter.numel() for parameter in targets_of(assembly).parameters())
    assert (gradient != 0).float().mean() > 0.5
    assert all(parameter.grad is None for parameter in assembly.net.parameters())
    assert all(torch.equal(value, before[name]) for name, value in assembly.module.state_dict().items())
    assert torch.equal(torch.get_rng_state(), generator)


def test_teaching_adds_to_gradients_that_are_there(task: AnyTask, assembled: Build) -> None:
    assembly = assembled(task)
    once = taught(assembly)
    targets_of(assembly).teach(replay_of(assembly), 1)
    grads = [parameter.grad for parameter in targets_of(assembly).parameters()]
    twice = torch.cat([grad.flatten() for grad in grads if grad is not None])
    torch.testing.assert_close(twice, 2 * once)


def test_frozen_weights_take_no_part(task: AnyTask, assembled: Build) -> None:
    assembly = assembled(task)
    whole = taught(assembly)
    for parameter in assembly.net.shared_parameters():
        parameter.requires_grad = False
    assert not torch.allclose(taught(assembly), whole, rtol=1e-3, atol=0)


def test_finite_difference_teaches_what_the_second_order_does(
    context: AuxiliaryContext, assembled: Build
) -> None:
    exact, near = (
        taught(assembled(only(Maxl(entropy=0.0, order=order), context))) for order in ("second", "first")
    )
    assert torch.cosine_similarity(exact, near, dim=0) > 0.99
    assert near.norm() / exact.norm() == pytest.approx(1, abs=0.05)


def test_auxilearn_without_further_terms_is_a_short_step_towards_other_images(
    context: AuxiliaryContext, assembled: Build
) -> None:
    assembly = assembled(only(AuxiLearn(neumann_terms=0), context))
    replay, rate = replay_of(assembly), 1e-4
    names, inner = list(replay.weights()), list(replay.weights().values())
    expected = unrolled(
        lambda values: replay.train(dict(zip(names, values, strict=True))).sum(),
        lambda values: replay.query(dict(zip(names, values, strict=True)))[0],
        inner,
        list(targets_of(assembly).parameters()),
        rate=rate,
    )
    whole = torch.cat([gradient.flatten() for gradient in expected]) / rate
    found = taught(assembly)
    assert torch.cosine_similarity(found, whole, dim=0) > 0.999
    assert found.norm() / whole.norm() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("order", ["second", "first"])
def test_taught_subclasses_lower_the_principal_loss_after_a_step(
    order: Any, context: AuxiliaryContext, assembled: Build
) -> None:
    assembly = assembled(only(Maxl(entropy=0.0, inner_rate=0.1, order=order), context))
    targets, replay = targets_of(assembly), replay_of(assembly)
    optimizer = torch.optim.Adam(targets.parameters(), lr=3e-3)

    def after_step() -> float:
        weights = replay.weights()
        slopes = torch.autograd.grad(replay.train().sum(), list(weights.values()))
        moved = {
            name: weight - 0.1 * slope for (name, weight), slope in zip(weights.items(), slopes, strict=True)
        }
        return replay.train(moved)[0].item()

    before = after_step()
    for _ in range(15):
        optimizer.zero_grad()
        targets.teach(replay, 1)
        optimizer.step()
    assert after_step() < before - 1e-3


def test_entropy_is_raised(context: AuxiliaryContext, assembled: Build) -> None:
    assembly = assembled(only(Maxl(entropy=1e3), context))
    targets, batch = targets_of(assembly), assembly.step._source.batch(0)
    for parameter in targets.parameters():
        parameter.data.mul_(3)  # shares that are far from equal
    before = spread(targets(batch).classes)
    taught(assembly)
    for parameter in targets.parameters():
        assert parameter.grad is not None
        parameter.data.sub_(1e-6 * parameter.grad)
    assert spread(targets(batch).classes) > before


def test_trains_from_the_same_principal_loss_as_alone(
    task: AnyTask, corner: Task, run: Callable[..., Learnt], options: LearnOptions
) -> None:
    single = replace(options, steps=1)
    alone, beside, among = run(options=single), run(task, options=single), run(corner, task, options=single)
    first = [learnt.history.losses[0]["principal"] for learnt in (alone, beside, among)]
    assert first[0] == first[1] == first[2]
    losses = run(corner, task).history.losses
    assert list(losses[0]) == ["step", "principal", "auxiliary", "auxiliary_2"]
    assert all(math.isfinite(number) for row in losses for number in row.values())


def test_labels_move(task: AnyTask, assembled: Build) -> None:
    assembly = assembled(task)
    batch = assembly.step._source.batch(0)
    before = targets_of(assembly)(batch).classes
    optimizer = torch.optim.AdamW(assembly.module.parameters(), lr=3e-3, fused=True)
    for step in range(5):
        optimizer.zero_grad()
        assembly.step(step)
        optimizer.step()
    assert (targets_of(assembly)(batch).classes - before).abs().max() > 1e-3


@pytest.mark.usefixtures("checkpoint_each_step")
def test_a_killed_run_resumed_equals_an_unbroken_one(
    task: AnyTask, run: Callable[..., Learnt], tmp_path: Path
) -> None:
    def kill(share: float, text: str) -> None:
        if share > 0.6:
            raise KeyboardInterrupt(text)

    with pytest.raises(KeyboardInterrupt):
        run(task, work=tmp_path, progress=kill)
    resumed, unbroken = run(task, work=tmp_path), run(task)
    assert resumed.history.plain() == unbroken.history.plain()
    theirs = unbroken.net.state_dict()
    assert all(torch.equal(value, theirs[name]) for name, value in resumed.net.state_dict().items())


def test_what_is_taught_is_in_the_checkpoint(task: AnyTask, assembled: Build) -> None:
    kept = assembled(task).module.state_dict()
    assert sum(name.startswith("3.net.layers") for name in kept) == 14


def test_teaches_in_float32_beside_a_network_in_bfloat16(task: AnyTask, assembled: Build) -> None:
    policy = Policy(device=torch.device("cpu"), amp=True)
    gradient = taught(assembled(task, policy=policy))
    assert gradient.dtype == torch.float32
    assert gradient.isfinite().all()
    assert torch.cosine_similarity(gradient, taught(assembled(task)), dim=0) > 0.9


def test_targets_are_made_on_the_device_of_the_batch(task: AnyTask) -> None:
    with FakeTensorMode(allow_non_fake_inputs=True), torch.device("cuda"), torch.no_grad():
        index, images = torch.arange(4) % 3, torch.zeros(4, 3, 16, 16)
        batch = Batch(images=images, positions=index, labels=index, index=index, epochs=index)
        shares = task.targets(seed=0)(batch).classes
    assert shares.shape == (4, task.num_classes)
    assert shares.device.type == "cuda"


@pytest.mark.gpu
def test_teaching_on_cuda_agrees_with_the_cpu(task: AnyTask, train_images: Images, assembled: Build) -> None:
    pixels = train_images.gather(torch.arange(60)).mul(255).round().to(torch.uint8).permute(0, 2, 3, 1)
    policy = Policy(device=policy_for("cuda").device, amp=False)
    here, there = assembled(task), assembled(task, train=ResidentImages(pixels.cuda()), policy=policy)
    for assembly in (here, there):
        assembly.net.eval()  # dropout draws differ between devices
    near, far = taught(here), taught(there)
    assert far.device.type == "cuda"
    torch.testing.assert_close(far.cpu(), near, rtol=2e-2, atol=2e-2 * near.abs().max().item())


@pytest.mark.parametrize(
    ("source", "option", "value", "text"),
    [
        (Maxl, "subclasses", 1, "at least 2 and at most 1,024, but is 1"),
        (Maxl, "subclasses", 1025, "but is 1025"),
        (Maxl, "inner_rate", 0.0, "at least 1e-06 and at most 1, but is 0.0"),
        (Maxl, "entropy", -0.1, "but is -0.1"),
        (Maxl, "order", "third", "must be 'second' or 'first', but is 'third'"),
        (AuxiLearn, "num_classes", 1, "at least 2 and at most 65,536, but is 1"),
        (AuxiLearn, "inner_rate", math.nan, "but is nan"),
        (AuxiLearn, "neumann_terms", -1, "at least 0 and at most 100, but is -1"),
    ],
)
def test_options_out_of_range_are_named(source: Any, option: str, value: Any, text: str) -> None:
    with pytest.raises(ValueError, match=f"{option} must be .*{text}|{option} {text}"):
        source(**{option: value})


@pytest.mark.parametrize("source", [Maxl(), AuxiLearn()], ids=["maxl", "auxilearn"])
def test_refuses_embeddings(source: Auxiliary, context: AuxiliaryContext) -> None:
    (task,) = source.tasks(context)
    with pytest.raises(DataError, match=r"1 x 8 pixels are embeddings.*labels are not learnt"):
        task.targets(seed=0).check_image((1, 8, 3))
