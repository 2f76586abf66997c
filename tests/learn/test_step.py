from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn.functional import cross_entropy

from detaux.data.staging import Images, ResidentImages
from detaux.learn.batches import _order
from detaux.learn.options import LearnOptions
from detaux.learn.registries import weightings
from detaux.learn.step import LearnStep, classification_loss
from detaux.learn.tasks import Task
from detaux.train.policy import Policy, policy_for

CPU = Policy(device=torch.device("cpu"), amp=False)


@pytest.fixture
def make_step(train_images: Images, options: LearnOptions) -> Callable[..., LearnStep]:
    """Return a function that builds the step of given tasks."""

    def make_step(
        *tasks: Task,
        weighting: str = "equal",
        images: Images = train_images,
        policy: Policy = CPU,
        batch_size: int = 16,
    ) -> LearnStep:
        with policy.device:  # modules of fake tensors cannot be moved
            net = options.architecture.build(
                options.backbone, (16, 16, 3), [t.num_classes for t in tasks], seed=0
            )
            update = weightings.get(weighting)().build(len(tasks))
        return LearnStep(
            net,
            update,
            images,
            tasks,
            corruption=options.corruption,
            batch_size=batch_size,
            seed=0,
            policy=policy,
        )

    return make_step


def gradients(step: LearnStep) -> list[Tensor]:
    return [parameter.grad for parameter in step._net.parameters() if parameter.grad is not None]


def test_loss_is_the_mean_over_labelled_images() -> None:
    logits, labels = torch.randn(5, 3), torch.tensor([2, -1, 0, -1, 1])
    expected = cross_entropy(logits[[0, 2, 4]], labels[[0, 2, 4]])
    torch.testing.assert_close(classification_loss(logits, labels), expected)


def test_loss_of_no_labelled_image_is_zero_and_so_is_its_gradient() -> None:
    logits = torch.randn(5, 3, requires_grad=True)
    loss = classification_loss(logits, torch.full((5,), -1))
    (gradient,) = torch.autograd.grad(loss, logits)
    assert loss == 0
    assert not gradient.any()


@pytest.mark.parametrize("weighting", weightings.names())
def test_a_batch_without_auxiliary_labels_is_a_batch_of_one_task(
    weighting: str, principal: Task, make_step: Callable[..., LearnStep]
) -> None:
    nothing = Task(name="nothing", labels=np.full(60, -1), num_classes=4)
    both, alone = make_step(principal, nothing, weighting=weighting), make_step(principal)
    for step in (both, alone):
        torch.manual_seed(0)
        step(0)
    for with_nothing, without in zip(gradients(both), gradients(alone), strict=False):
        torch.testing.assert_close(with_nothing, without)


def test_batches_and_noise_are_the_same_beside_any_task(
    principal: Task, corner: Task, make_step: Callable[..., LearnStep]
) -> None:
    alone, beside = make_step(principal), make_step(principal, corner, weighting="pcgrad")
    for step in (0, 5):
        (images, labels), (same_images, more_labels) = alone.batch(step), beside.batch(step)
        assert torch.equal(images, same_images)
        assert torch.equal(labels[0], more_labels[0])
    assert not torch.equal(alone.batch(0)[0], alone.batch(5)[0])


def test_noise_is_new_each_epoch_and_the_same_in_batches_of_any_size(
    principal: Task, make_step: Callable[..., LearnStep]
) -> None:
    """Of 60 images, epochs 0 and 1 are ten batches of 12, or two of 60."""
    small, large = make_step(principal, batch_size=12), make_step(principal, batch_size=60)
    epochs = [large.batch(step)[0] for step in (0, 1)]
    assert torch.equal(torch.cat([small.batch(step)[0] for step in range(10)]), torch.cat(epochs))
    first, second = (epochs[epoch][_order(60, 0, epoch).argsort()] for epoch in (0, 1))
    assert (first != second).flatten(1).any(dim=1).all()


@pytest.mark.parametrize("weighting", weightings.names())
def test_principal_loss_is_the_same_beside_any_task(
    weighting: str, principal: Task, corner: Task, make_step: Callable[..., LearnStep]
) -> None:
    losses = []
    for step in (make_step(principal), make_step(principal, corner, weighting=weighting)):
        torch.manual_seed(0)
        losses.append(step(0))
    assert list(losses[1]) == ["principal", "auxiliary"]
    assert torch.equal(losses[0]["principal"], losses[1]["principal"])


@pytest.mark.parametrize("weighting", weightings.names())
def test_bfloat16_with_batch_norm_gives_float32_gradients(
    weighting: str, principal: Task, corner: Task, make_step: Callable[..., LearnStep]
) -> None:
    policy = Policy(device=torch.device("cpu"), amp=True)
    step = make_step(principal, corner, weighting=weighting, policy=policy)
    losses = step(0)
    assert all(loss.dtype == torch.float32 and loss.isfinite() for loss in losses.values())
    assert {gradient.dtype for gradient in gradients(step)} == {torch.float32}


def test_losses_keep_to_their_device(
    principal: Task, corner: Task, make_step: Callable[..., LearnStep]
) -> None:
    policy = Policy(device=torch.device("cuda"), amp=False)
    with FakeTensorMode(allow_non_fake_inputs=True):
        images = ResidentImages(torch.zeros(60, 16, 16, 3, dtype=torch.uint8, device="cuda"))
        losses = make_step(principal, corner, images=images, policy=policy).losses(0)
    _order.cache_clear()  # it holds fake tensors now
    assert losses.shape == (2,)
    assert losses.device.type == "cuda"


@pytest.mark.gpu
@pytest.mark.parametrize("weighting", weightings.names())
def test_a_step_on_cuda_agrees_with_the_cpu(
    weighting: str, train_images: Images, principal: Task, corner: Task, make_step: Callable[..., LearnStep]
) -> None:
    pixels = train_images.gather(torch.arange(60)).mul(255).round().to(torch.uint8).permute(0, 2, 3, 1)
    policy = Policy(device=policy_for("cuda").device, amp=False)
    here = make_step(principal, corner, weighting=weighting)
    there = make_step(
        principal, corner, weighting=weighting, images=ResidentImages(pixels.cuda()), policy=policy
    )
    there._net.load_state_dict(here._net.state_dict())
    for step in (here, there):
        step._net.eval()  # dropout draws differ between devices
        step(0)
    for near, far in zip(gradients(here), gradients(there), strict=True):
        torch.testing.assert_close(far.cpu(), near, rtol=1e-2, atol=1e-4)
