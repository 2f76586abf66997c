"""GradNorm and Auto-Lambda, against autograd."""

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor, nn

from detaux.learn.weightings.auto_lambda import AutoLambda
from detaux.learn.weightings.gradnorm import GradNorm
from tests.learn.weightings.toy import Toy, ToyReplay, gradient, gradient_rows, optimizer_of


def test_gradnorm_starts_as_the_plain_sum() -> None:
    toy = Toy()
    toy.backward(GradNorm().build(2))
    torch.testing.assert_close(gradient(toy.shared), gradient_rows(toy).sum(dim=0))


@pytest.mark.parametrize("asymmetry", [0.0, 1.5])
def test_gradnorm_follows_its_algorithm(asymmetry: float) -> None:
    """The paper's, by autograd on its loss and torch's own Adam; all that is shared is its layer."""
    toy, update = Toy(3), GradNorm(asymmetry=asymmetry, rate=0.1).build(3)
    optimizer, first = optimizer_of(toy), toy.losses().detach()
    weights = nn.Parameter(torch.ones(3))
    adam = torch.optim.Adam([weights], lr=0.1)
    for _ in range(5):
        losses = toy.losses()
        rows = [torch.autograd.grad(loss, [*toy.shared], retain_graph=True) for loss in losses]
        gradients = [torch.cat([part.flatten() for part in row]) for row in rows]
        norms = weights * torch.stack([gradient.norm() for gradient in gradients])
        ratios = losses.detach() / first
        target = (norms.mean() * (ratios / ratios.mean()) ** asymmetry).detach()
        adam.zero_grad()
        (norms - target).abs().sum().backward()  # type: ignore[no-untyped-call]
        toy.backward(update)
        expected = weights.detach() @ gradient_rows(toy)
        torch.testing.assert_close(gradient(toy.shared), expected, rtol=1e-4, atol=1e-3)
        adam.step()
        with torch.no_grad():
            weights.mul_(3 / weights.sum())
        optimizer.step()
        torch.testing.assert_close(update.weights.values, weights.detach())


def test_gradnorm_weights_stay_at_or_above_0_and_sum_to_the_tasks() -> None:
    update = GradNorm(rate=1.0, asymmetry=0.0).build(2)
    for norms in (torch.tensor([1.0, 9.0]), torch.tensor([5.0, 9.0])):
        update._learn(norms, torch.ones(2))
        assert (update.weights.values >= 0).all()
        assert update.weights.values.sum() == pytest.approx(2)


def exact_slopes(toy: Toy, auxiliary: Tensor, rate: float) -> Tensor:
    """Return the gradient of the principal loss after one step by the auxiliary weights, through second derivatives."""
    auxiliary = auxiliary.clone().requires_grad_()
    replay = ToyReplay(toy, 0)
    weights = replay.weights()
    losses = replay.train()
    total = losses[0] + auxiliary @ losses[1:]
    gradients = torch.autograd.grad(total, list(weights.values()), create_graph=True, materialize_grads=True)
    ahead: Mapping[str, Tensor] = {
        name: weight - rate * part for (name, weight), part in zip(weights.items(), gradients, strict=True)
    }
    return torch.autograd.grad(replay.query(ahead)[0], auxiliary)[0]


def test_auto_lambda_s_slope_is_the_exact_one() -> None:
    toy, update = Toy(3), AutoLambda(start=0.5, lookahead_rate=0.01).build(3)
    exact = exact_slopes(toy, torch.full((2,), 0.5), 0.01)
    update.prepare(ToyReplay(toy, 0))
    found = update.auxiliary.first / (1 - 0.9)
    torch.testing.assert_close(found, exact, rtol=2e-2, atol=0)


def test_auto_lambda_lowers_an_opposing_task_and_raises_one_that_helps() -> None:
    toy = Toy(3)  # the tasks pull to the sides +, - and +
    update = AutoLambda(start=0.5, rate=0.1, lookahead_rate=0.01).build(3)
    for _ in range(10):
        update.prepare(ToyReplay(toy, 0))
    principal, opposing, helping = update.weigh(torch.ones(3)).tolist()
    assert principal == 1
    assert opposing == 0, "weights below 0 are 0"
    assert helping > 1


def test_auto_lambda_leaves_no_gradient_behind() -> None:
    toy, update = Toy(), AutoLambda().build(2)
    update.prepare(ToyReplay(toy, 0))
    assert all(parameter.grad is None for parameter in toy.parameters())
