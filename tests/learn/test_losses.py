from collections.abc import Callable
from copy import deepcopy

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from detaux.learn.assembly import Assembly
from detaux.learn.batch import Batch
from detaux.learn.losses import TaskLosses, classification_loss
from detaux.learn.network import MultiTaskNet
from detaux.learn.targets.base import FixedTargets, Target, Targets
from detaux.learn.tasks import Task
from detaux.train.policy import Policy

CPU = Policy(device=torch.device("cpu"), amp=False)
LABELS = np.array([[0, 2, 1, 1], [1, 0, -1, 1]])


class Twofold(MultiTaskNet):
    """Answers each of two tasks twice, from normalised means of the channels; the second task has a penalty."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = nn.BatchNorm1d(3)
        self.heads = nn.ModuleList(nn.Linear(3, classes) for classes in (3, 3, 2, 2))

    def forward(self, images: Tensor) -> list[Tensor]:
        return [answers[0] for answers in self.supervised_logits(images)]

    def supervised_logits(self, images: Tensor) -> list[list[Tensor]]:
        features = self.shared(images.mean(dim=(2, 3)))
        first, second, third, fourth = (head(features) for head in self.heads)
        return [[first, second], [third, fourth]]

    def penalties(self) -> list[Tensor | None]:
        return [None, self.shared.weight.square().sum()]

    def shared_parameters(self) -> list[nn.Parameter]:
        return list(self.shared.parameters())

    def head_parameters(self) -> list[list[nn.Parameter]]:
        return [list(self.heads[:2].parameters()), list(self.heads[2:].parameters())]


class Leant(Targets):
    """Learnt shares of two classes, the same for each image, of images that are turned upside down."""

    def __init__(self) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.tensor([0.3, -0.2]))

    def forward(self, batch: Batch) -> Target:
        return Target(
            classes=self.logits.softmax(dim=0).expand(len(batch.images), 2), images=1 - batch.images
        )


@pytest.fixture
def net() -> Twofold:
    torch.manual_seed(0)
    return Twofold()


@pytest.fixture
def batch() -> Batch:
    numbers = torch.arange(4)
    images = torch.rand(4, 3, 5, 5, generator=torch.Generator().manual_seed(0))
    return Batch(images=images, positions=numbers, labels=numbers, index=numbers, epochs=numbers)


def losses_of(net: Twofold, *targets: Targets, label_smoothing: float = 0.0) -> TaskLosses:
    return TaskLosses(net, targets, policy=CPU, label_smoothing=label_smoothing)


def fixed() -> tuple[Targets, Targets]:
    first, second = (FixedTargets(labels) for labels in LABELS)
    return first, second


def log_shares(logits: Tensor) -> NDArray[np.float64]:
    exponents = np.exp(logits.double().numpy())
    shares: NDArray[np.float64] = np.log(exponents / exponents.sum(axis=1, keepdims=True))
    return shares


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


@pytest.mark.parametrize("smoothing", [0.0, 0.4])
def test_loss_of_shares_is_their_cross_entropy_unsmoothed(smoothing: float) -> None:
    logits, shares = torch.randn(5, 3), torch.rand(5, 3).softmax(dim=1)
    expected = -(shares.double().numpy() * log_shares(logits)).sum(axis=1).mean()
    assert classification_loss(logits, shares, smoothing).item() == pytest.approx(expected, rel=1e-5)


def test_smoothing_spreads_a_share_of_each_label_over_all_classes() -> None:
    logits, labels = torch.randn(5, 3), torch.tensor([2, -1, 0, -1, 1])
    shares = 0.7 * np.eye(3)[labels] + 0.3 / 3
    expected = -(shares * log_shares(logits)).sum(axis=1)[labels.numpy() >= 0].mean()
    assert classification_loss(logits, labels, 0.3).item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("given", "computed"),
    [(torch.bfloat16, torch.float32), (torch.float32, torch.float32), (torch.float64, torch.float64)],
)
def test_loss_is_computed_in_float32_or_finer(given: torch.dtype, computed: torch.dtype) -> None:
    assert classification_loss(torch.zeros(2, 3, dtype=given), torch.tensor([0, 1])).dtype == computed


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_a_task_s_loss_is_the_sum_over_its_answers_and_its_penalty(
    net: Twofold, batch: Batch, smoothing: float
) -> None:
    found = losses_of(net, *fixed(), label_smoothing=smoothing)(batch)
    answers = net.supervised_logits(batch.images)
    expected = [
        torch.stack([classification_loss(one, torch.from_numpy(labels), smoothing) for one in told]).sum()
        for told, labels in zip(answers, LABELS, strict=True)
    ]
    torch.testing.assert_close(found, torch.stack([expected[0], expected[1] + 3]))
    (gradient,) = torch.autograd.grad(found[1] - expected[1], net.shared.weight, retain_graph=True)
    assert gradient.abs().min() > 0


def test_own_images_of_a_task_go_through_the_network_apart(net: Twofold, batch: Batch) -> None:
    upright, leant = deepcopy(net), Leant()
    found, alone = losses_of(net, fixed()[0], leant)(batch), losses_of(upright, *fixed())(batch)
    assert all(torch.equal(one, other) for one, other in zip(net.buffers(), upright.buffers(), strict=True))
    assert net.shared.num_batches_tracked == 1
    shares, told = leant(batch).classes.detach(), net.supervised_logits(1 - batch.images)[1]
    torch.testing.assert_close(found[0], alone[0])
    torch.testing.assert_close(found[1] - 3, cross_entropy(told[0], shares) + cross_entropy(told[1], shares))


def test_a_step_s_losses_have_no_graph_to_the_targets_but_those_aside_have(
    net: Twofold, batch: Batch
) -> None:
    leant = Leant()
    losses = losses_of(net, fixed()[0], leant)
    for value, reached in ((losses(batch), False), (losses.aside(batch), True)):
        (gradient,) = torch.autograd.grad(
            value.sum(), leant.logits, allow_unused=True, materialize_grads=True
        )
        assert bool(gradient.any()) is reached


def test_losses_aside_are_those_of_the_weights_given(net: Twofold, batch: Batch) -> None:
    losses, other = losses_of(net, *fixed()), Twofold()
    moved = {name: weight.detach().clone() for name, weight in other.named_parameters()}
    before = [value.clone() for value in (*net.parameters(), *net.buffers())]
    torch.testing.assert_close(losses.aside(batch, moved), losses_of(other, *fixed())(batch))
    torch.testing.assert_close(losses.aside(batch), losses.aside(batch, dict(net.named_parameters())))
    after = (*net.parameters(), *net.buffers())
    assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))


def test_a_network_in_bfloat16_has_losses_in_float32(
    corner: Task, assembled: Callable[..., Assembly]
) -> None:
    step = assembled(corner, policy=Policy(device=torch.device("cpu"), amp=True)).step
    for losses in (step._losses(step._source.batch(0)), step._losses.aside(step._source.batch(0))):
        assert losses.dtype == torch.float32
