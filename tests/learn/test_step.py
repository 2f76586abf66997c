from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.data.augmentation.flip import Flip
from detaux.data.staging import Images, ResidentImages
from detaux.learn.assembly import Assembly
from detaux.learn.batch import BatchSource
from detaux.learn.batches import BatchOrder, _order
from detaux.learn.losses import TaskLosses
from detaux.learn.options import LearnOptions
from detaux.learn.registries import Tuned, weightings
from detaux.learn.step import LearnStep
from detaux.learn.tasks import Task, loss_names
from detaux.learn.updating.extras import MissingExtraError
from detaux.train.policy import Policy, policy_for

Build = Callable[..., Assembly]
RULES = [name for name in weightings.names() if name != "tuned"]
every_rule = pytest.mark.parametrize("weighting", RULES)


def weighted(options: LearnOptions, weighting: str, **changes: Any) -> LearnOptions:
    """Return the options with a weighting, as it is by default."""
    try:
        rule = weightings.get(weighting)()
    except MissingExtraError as missing:
        pytest.skip(str(missing))
    return replace(options, weighting=rule, **changes)


def gradients(assembly: Assembly) -> list[Tensor]:
    return [parameter.grad for parameter in assembly.net.parameters() if parameter.grad is not None]


def seeded_step(assembly: Assembly, step: int = 0) -> dict[str, Tensor]:
    torch.manual_seed(0)
    return assembly.step(step)


def test_all_rules_but_those_that_stand_for_several_are_tried_here() -> None:
    assert [name for name in weightings.names() if issubclass(weightings.get(name), Tuned)] == ["tuned"]


@pytest.mark.parametrize("weighting", ["equal", "pcgrad", "uncertainty"])
def test_a_batch_without_auxiliary_labels_is_a_batch_of_one_task(
    weighting: str, options: LearnOptions, assembled: Build
) -> None:
    nothing = Task(name="nothing", labels=np.full(60, -1), num_classes=4)
    both, alone = assembled(nothing, options=weighted(options, weighting)), assembled()
    for assembly in (both, alone):
        seeded_step(assembly)
    for with_nothing, without in zip(gradients(both), gradients(alone), strict=False):
        torch.testing.assert_close(with_nothing, without)


def test_batches_noise_and_augmentation_are_the_same_beside_any_task(
    corner: Task, options: LearnOptions, assembled: Build
) -> None:
    given = replace(options, augmentation=Flip(), corruption_draw="each_step")
    alone = assembled(options=given).step._source
    beside = assembled(corner, corner, options=weighted(given, "pcgrad")).step._source
    for step in (0, 5):
        one, other = alone.batch(step), beside.batch(step)
        for name in ("images", "positions", "labels", "index", "epochs"):
            assert torch.equal(getattr(one, name), getattr(other, name))
    assert not torch.equal(alone.batch(0).images, alone.batch(5).images)


@pytest.mark.parametrize("augmentation", [None, Flip()], ids=["plain", "flip"])
def test_noise_is_new_each_epoch_and_the_same_in_batches_of_any_size(
    augmentation: Flip | None, options: LearnOptions, assembled: Build
) -> None:
    """Of 60 images, epochs 0 and 1 are ten batches of 12, or two of 60."""
    given = replace(options, corruption_draw="each_step")
    if augmentation is not None:
        given = replace(given, augmentation=augmentation)
    small, large = (assembled(options=replace(given, batch_size=size)).step._source for size in (12, 60))
    epochs = [large.batch(step).images for step in (0, 1)]
    assert torch.equal(torch.cat([small.batch(step).images for step in range(10)]), torch.cat(epochs))
    first, second = (epochs[epoch][_order(60, 0, epoch).argsort()] for epoch in (0, 1))
    assert (first != second).flatten(1).any(dim=1).all()


def test_noise_drawn_once_stays_and_augmentation_changes(options: LearnOptions, assembled: Build) -> None:
    def epochs(given: LearnOptions) -> list[Tensor]:
        source = assembled(options=replace(given, batch_size=60)).step._source
        return [source.batch(epoch).images[_order(60, 0, epoch).argsort()] for epoch in (0, 1)]

    first, second = epochs(options)
    assert torch.equal(first, second)
    flipped = epochs(replace(options, augmentation=Flip()))
    moved = [(epoch != first).flatten(1).any(dim=1) for epoch in flipped]
    assert (moved[0] != moved[1]).any()
    assert torch.equal(flipped[0][~moved[0]], first[~moved[0]])


@every_rule
def test_principal_loss_is_the_same_beside_any_tasks(
    weighting: str, corner: Task, options: LearnOptions, assembled: Build
) -> None:
    alone = seeded_step(assembled())
    beside = seeded_step(assembled(corner, corner, options=weighted(options, weighting)))
    assert list(beside) == ["principal", "auxiliary", "auxiliary_2"]
    assert torch.equal(alone["principal"], beside["principal"])


@every_rule
def test_bfloat16_with_batch_norm_gives_float32_gradients(
    weighting: str, corner: Task, options: LearnOptions, assembled: Build
) -> None:
    policy = Policy(device=torch.device("cpu"), amp=True)
    assembly = assembled(corner, corner, options=weighted(options, weighting), policy=policy)
    losses = assembly.step(0)
    assert all(loss.dtype == torch.float32 and loss.isfinite() for loss in losses.values())
    assert {gradient.dtype for gradient in gradients(assembly)} == {torch.float32}


def test_losses_are_named_by_role() -> None:
    assert loss_names(1) == ["principal"]
    assert loss_names(4) == ["principal", "auxiliary", "auxiliary_2", "auxiliary_3"]


def test_gradients_are_compared_every_so_many_steps(
    corner: Task, options: LearnOptions, assembled: Build
) -> None:
    given = replace(options, diagnose_every=2)
    asked, plain = assembled(corner, corner, options=given), assembled(corner, corner)
    for step in range(3):
        losses, others = seeded_step(asked, step), seeded_step(plain, step)
        assert ("gradient_cosine" in losses) is (step % 2 == 0)
        assert all(torch.equal(losses[name], others[name]) for name in others)
    for one, other in zip(gradients(asked), gradients(plain), strict=True):
        assert torch.equal(one, other)
    assert list(seeded_step(assembled(options=given))) == ["principal"]


def test_losses_keep_to_their_device(principal: Task, corner: Task, options: LearnOptions) -> None:
    device, tasks = torch.device("cuda"), (principal, corner)
    with FakeTensorMode(allow_non_fake_inputs=True), device:  # modules of fake tensors cannot be moved
        images = ResidentImages(torch.zeros(60, 16, 16, 3, dtype=torch.uint8))
        net = options.architecture.build(options.backbone, (16, 16, 3), [3, 4], seed=0)
        targets = [task.targets(seed=0) for task in tasks]
        for told, task in zip(targets, tasks, strict=True):
            told._buffers["_labels"] = torch.from_numpy(task.labels).to(device)
        source = BatchSource(
            images=images,
            labels=torch.from_numpy(principal.labels).to(device),
            corruption=options.corruption,
            augmentation=Flip(),
            order=BatchOrder(num_images=60, batch_size=16, seed=0),
            seed=0,
        )
        losses = TaskLosses(net, targets, policy=Policy(device=device, amp=False), label_smoothing=0.1)
        found = losses(source.batch(0)), losses.aside(source.batch(0))
        LearnStep(net, options.weighting.build(2), targets, losses, source=source, query=source)
    _order.cache_clear()  # it holds fake tensors now
    assert [(one.shape, one.device.type) for one in found] == [((2,), "cuda")] * 2


@pytest.mark.gpu
@every_rule
def test_a_step_on_cuda_agrees_with_the_cpu(
    weighting: str, train_images: Images, corner: Task, options: LearnOptions, assembled: Build
) -> None:
    pixels = train_images.gather(torch.arange(60)).mul(255).round().to(torch.uint8).permute(0, 2, 3, 1)
    policy = Policy(device=policy_for("cuda").device, amp=False)
    given = weighted(options, weighting)
    here = assembled(corner, corner, options=given)
    there = assembled(corner, corner, options=given, train=ResidentImages(pixels.cuda()), policy=policy)
    for assembly in (here, there):
        assembly.net.eval()  # dropout draws differ between devices
        seeded_step(assembly)
    for near, far in zip(gradients(here), gradients(there), strict=True):
        torch.testing.assert_close(far.cpu(), near, rtol=1e-2, atol=1e-4)
