"""What the principal loss teaches the targets: gradients of theirs alone, by each rule."""

from typing import Any

import pytest
import torch

from detaux.learn.auxiliary.auxilearn import AuxiLearn
from detaux.learn.auxiliary.maxl import Maxl
from detaux.learn.context import AuxiliaryContext
from detaux.learn.targets.free import clipped
from detaux.learn.targets.hypergradient import unrolled
from detaux.learn.targets.subclass import spread
from detaux.learn.tasks import AnyTask
from tests.learn.targets.teaching import Build, only, replay_of, targets_of, taught


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
