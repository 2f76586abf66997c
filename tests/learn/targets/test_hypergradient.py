"""Hypergradients of a net of 20 weights that is told soft labels, in double precision."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from detaux.learn.targets.hypergradient import Loss, finite_difference, implicit, unrolled

SHAPES = ((3, 3), (3,), (3, 2), (2,))
SIZES = [9, 3, 6, 2]
RULES: dict[str, Callable[..., list[Tensor]]] = {
    "unrolled": partial(unrolled, rate=0.3),
    "finite_difference": partial(finite_difference, rate=0.3),
    "implicit": partial(implicit, rate=0.3, terms=3),
}


class Taught:
    """Images of 3 numbers, told 2 classes by learnt logits of each image (6, 2) and a learnt pull on the weights (1,)."""

    def __init__(self, seed: int = 0, *, linked: bool = False) -> None:
        draw = partial(
            torch.randn,
            generator=torch.Generator().manual_seed(seed),
            dtype=torch.float64,
            requires_grad=True,
        )
        self.inner = [draw(shape) for shape in SHAPES]
        self.outer = [draw(6, 2), draw(1)]
        self.seen, self.unseen = draw(6, 3).detach(), draw(5, 3).detach()
        self.classes, self.linked = torch.tensor([0, 1, 1, 0, 1]), linked

    def training(self, weights: Sequence[Tensor]) -> Tensor:
        shares, pull = self.outer[0].softmax(dim=1), self.outer[1].exp()
        squares = torch.stack([(weight**2).sum() for weight in weights]).sum()
        return cross_entropy(logits(weights, self.seen), shares) + 0.1 * pull.squeeze() * squares

    def aim(self, weights: Sequence[Tensor]) -> Tensor:
        direct = self.outer[0].sin().sum() if self.linked else 0.0
        return cross_entropy(logits(weights, self.unseen), self.classes) + direct

    def after_step(self, rate: float) -> float:
        slopes = torch.autograd.grad(self.training(self.inner), self.inner)
        moved = [weight - rate * slope for weight, slope in zip(self.inner, slopes, strict=True)]
        return self.aim(moved).item()


def logits(weights: Sequence[Tensor], images: Tensor) -> Tensor:
    first, shift, second, offset = weights
    return (images @ first + shift).tanh() @ second + offset


def by_differences(value: Callable[[], float], tensor: Tensor, shift: float = 1e-5) -> Tensor:
    """Return the gradient of a value by the numbers of a tensor, each moved both ways."""
    numbers = tensor.detach().view(-1)
    slopes = []
    for place in range(len(numbers)):
        ends = []
        for side in (1, -2):
            numbers[place] += side * shift
            ends.append(value())
        numbers[place] += shift
        slopes.append((ends[0] - ends[1]) / (2 * shift))
    return torch.tensor(slopes, dtype=tensor.dtype).view_as(tensor)


def flat(tensors: Sequence[Tensor]) -> Tensor:
    return torch.cat([tensor.flatten() for tensor in tensors])


def hessian(loss: Callable[[Tensor], Tensor], point: Tensor) -> Tensor:
    """Return the second derivative (P, P) of a loss at a point (P,), row by row."""
    point = point.clone().requires_grad_()
    (slope,) = torch.autograd.grad(loss(point), point, create_graph=True)
    return torch.stack([torch.autograd.grad(part, point, retain_graph=True)[0] for part in slope])


def derivatives(toy: Taught) -> tuple[Tensor, Tensor, Tensor]:
    """Return the aim's gradient (20,), the training loss's second (20, 20) and its mixed derivative (20, 13)."""

    def parts(whole: Tensor) -> list[Tensor]:
        pieces = torch.split(whole[:20], SIZES)
        return [piece.view(shape) for piece, shape in zip(pieces, SHAPES, strict=True)]

    def training(whole: Tensor) -> Tensor:
        copy = Taught()
        copy.outer = [whole[20:32].view(6, 2), whole[32:]]
        return copy.training(parts(whole))

    whole = flat([*toy.inner, *toy.outer]).detach()
    second = hessian(training, whole)
    (slope,) = torch.autograd.grad(toy.aim(parts(start := whole.clone().requires_grad_())), start)
    return slope[:20], second[:20, :20], second[:20, 20:]


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("rate", [0.01, 0.5])
def test_unrolled_is_the_slope_of_the_aim_after_a_step(rate: float, linked: bool) -> None:  # noqa: FBT001
    toy = Taught(linked=linked)
    found = unrolled(toy.training, toy.aim, toy.inner, toy.outer, rate=rate)
    for gradient, tensor in zip(found, toy.outer, strict=True):
        expected = by_differences(lambda: toy.after_step(rate), tensor)
        torch.testing.assert_close(gradient, expected, rtol=1e-4, atol=1e-9)
        assert gradient.abs().max() > 1e-4


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_finite_difference_comes_close_to_unrolled(seed: int, linked: bool) -> None:  # noqa: FBT001
    toy = Taught(seed, linked=linked)
    exact, near = (
        flat(rule(toy.training, toy.aim, toy.inner, toy.outer, rate=0.3))
        for rule in (unrolled, finite_difference)
    )
    torch.testing.assert_close(near, exact, rtol=1e-3, atol=1e-6)


def test_finite_difference_of_an_aim_without_slope_is_the_direct_gradient() -> None:
    toy = Taught()
    found, _ = finite_difference(
        toy.training, lambda _: (3 * toy.outer[0]).sum(), toy.inner, toy.outer, rate=0.3
    )
    torch.testing.assert_close(found, torch.full_like(found, 3.0))


@pytest.mark.parametrize("terms", [0, 3])
def test_implicit_is_its_truncated_formula(terms: int) -> None:
    toy, rate = Taught(), 0.3
    slope, curvature, mixed = (array.numpy() for array in derivatives(toy))
    powers = [np.linalg.matrix_power(np.eye(20) - rate * curvature, power) for power in range(terms + 1)]
    expected = -rate * slope @ np.sum(powers, axis=0) @ mixed
    found = flat(implicit(toy.training, toy.aim, toy.inner, toy.outer, rate=rate, terms=terms))
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-4, atol=1e-10)


def linear(weights: Sequence[Tensor], images: Tensor) -> Tensor:
    return (images @ weights[0] + weights[1])[:, :2]


def convex(toy: Taught) -> Loss:
    """Return a strongly convex training loss of the toy's weights: ridge regression of the learnt logits."""

    def loss(weights: Sequence[Tensor]) -> Tensor:
        squares = (linear(weights, toy.seen) - toy.outer[0]).square().mean()
        size = torch.stack([(weight**2).sum() for weight in weights]).sum()
        return squares + 0.1 * toy.outer[1].exp().squeeze() * size

    return loss


def minimised(toy: Taught, training: Loss) -> list[Tensor]:
    """Return the weights of least training loss, found by Newton's method: one step does for a quadratic."""
    start = flat(toy.inner).detach()

    def whole(weights: Tensor) -> Tensor:
        return training(
            [part.view(shape) for part, shape in zip(torch.split(weights, SIZES), SHAPES, strict=True)]
        )

    (slope,) = torch.autograd.grad(whole(point := start.requires_grad_()), point)
    end = start.detach() - torch.linalg.solve(hessian(whole, start.detach()), slope)
    return [
        part.view(shape).requires_grad_() for part, shape in zip(torch.split(end, SIZES), SHAPES, strict=True)
    ]


@pytest.mark.parametrize("direct", [0.0, 1.0])
def test_implicit_of_many_terms_is_the_slope_of_the_aim_at_the_minimum(direct: float) -> None:
    toy = Taught()
    training = convex(toy)

    def aim(weights: Sequence[Tensor]) -> Tensor:
        return cross_entropy(linear(weights, toy.unseen), toy.classes) + direct * toy.outer[0].sin().sum()

    found = implicit(training, aim, minimised(toy, training), toy.outer, rate=0.3, terms=300)
    for gradient, tensor in zip(found, toy.outer, strict=True):
        expected = by_differences(lambda: aim(minimised(toy, training)).item(), tensor)
        torch.testing.assert_close(gradient, expected, rtol=1e-4, atol=1e-8)
        assert gradient.abs().max() > 1e-4


@pytest.mark.parametrize("rule", RULES)
def test_leaves_weights_and_gradients_as_they_were(rule: str) -> None:
    toy = Taught()
    before = [tensor.detach().clone() for tensor in (*toy.inner, *toy.outer)]
    found = RULES[rule](toy.training, toy.aim, toy.inner, toy.outer)
    for tensor, old in zip((*toy.inner, *toy.outer), before, strict=True):
        assert torch.equal(tensor, old)
        assert tensor.grad is None
    assert not any(gradient.requires_grad for gradient in found)


@pytest.mark.parametrize("rule", RULES)
def test_what_nothing_depends_on_has_gradient_zero(rule: str) -> None:
    toy = Taught()
    idle, unused = (torch.ones(2, 2, dtype=torch.float64, requires_grad=True) for _ in range(2))
    losses = [lambda weights, loss=loss: loss(weights[:4]) for loss in (toy.training, toy.aim)]
    *_, last = RULES[rule](*losses, [*toy.inner, unused], [*toy.outer, idle])
    assert last.shape == (2, 2)
    assert not last.any()


@pytest.mark.parametrize("rule", RULES)
def test_stays_on_its_device(rule: str) -> None:
    inner, outer = (torch.ones(size, requires_grad=True, device="meta") for size in (4, 3))

    def loss(weights: Sequence[Tensor], power: int) -> Tensor:
        return (weights[0].sin() ** power).sum() * (outer**power).sum()

    (found,) = RULES[rule](partial(loss, power=2), partial(loss, power=3), [inner], [outer])
    assert found.shape == (3,)
    assert found.device.type == "meta"
