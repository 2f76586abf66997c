"""Gradients of several tasks from one forward pass, and what stands in for a rule that fails."""

import torch
from torch import Tensor, nn

from detaux.learn.updating.gradient_update import GramianUpdate
from detaux.learn.updating.jacobian import add_gradient, gramian, task_gradients
from detaux.learn.updating.on_the_cpu import OnTheCPU
from detaux.learn.updating.torchjd_adapter import grad_vac, pcgrad, upgrad
from tests.learn.weightings.toy import Toy, combined, gradient, gradient_rows

CONFLICT = torch.tensor([[3.0, 1.0, 0.0, -1.0], [-2.0, 1.0, 0.5, 0.0]])


def test_gradients_are_those_of_one_backward_pass_a_task() -> None:
    toy = Toy(3)
    found = task_gradients(toy.losses(), list(toy.shared), [[head] for head in toy.heads])
    rows = torch.cat([part.flatten(1) for part in found], dim=1)
    assert torch.equal(rows, gradient_rows(toy))
    torch.testing.assert_close(gramian(found), rows @ rows.T)
    own = torch.cat(torch.autograd.grad(toy.losses().sum(), list(toy.heads)))
    assert torch.equal(gradient(toy.heads), own)


def test_a_loss_that_does_not_reach_a_shared_weight_has_gradient_0_there() -> None:
    first, second = nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(()))
    found = task_gradients(torch.stack([first.sum(), first.sum() * second]), [first, second], [[], []])
    assert torch.equal(found[1], torch.tensor([0.0, 2.0]))


def test_gradients_add_up() -> None:
    parameter = nn.Parameter(torch.zeros(3))
    add_gradient(parameter, torch.ones(3))
    add_gradient(parameter, 2 * torch.ones(3))
    assert parameter.grad is not None
    assert torch.equal(parameter.grad, 3 * torch.ones(3))


def trained(*, channels_last: bool) -> Tensor:
    """Return a convolution's weights after steps of a fused optimiser, which reads memory and asks for no layout."""
    torch.manual_seed(0)
    net, images = nn.Conv2d(3, 4, 3), torch.randn(2, 3, 6, 6)
    if channels_last:
        net = net.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.1, fused=True)
    for _ in range(3):
        optimizer.zero_grad()
        answers = net(images)
        losses = torch.stack([answers[:, :2].square().mean(), (answers[:, 2:] - 1).square().mean()])
        pcgrad(2).backward(losses, list(net.parameters()), [[], []])
        optimizer.step()
    return net.weight.detach().contiguous()


def test_training_does_not_depend_on_the_weights_layout() -> None:
    torch.testing.assert_close(trained(channels_last=True), trained(channels_last=False))


def test_batch_norm_under_bfloat16_gives_float32_gradients() -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(64, 2))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        answers = net(torch.randn(5, 3, 6, 6))
    losses = answers.float().square().mean(dim=0)
    upgrad(2, 1.0).backward(losses, list(net.parameters()), [[], []])
    grads = [parameter.grad for parameter in net.parameters()]
    assert all(grad is not None and grad.dtype == torch.float32 and grad.isfinite().all() for grad in grads)


def failing(found: Tensor) -> Tensor:
    return torch.where(found.trace() > 50, torch.full_like(found[0], torch.nan), torch.tensor([1.0, 0.0]))


def test_the_mean_stands_in_for_a_rule_that_finds_nothing_and_that_is_counted() -> None:
    update = GramianUpdate(2, failing)
    assert torch.equal(combined(update, CONFLICT), CONFLICT[0])
    torch.testing.assert_close(combined(update, 10 * CONFLICT), (10 * CONFLICT).mean(dim=0))
    assert update.scores() == {
        "weight_principal": 0.75,
        "weight_auxiliary": 0.25,
        "solver_failures_mean_taken": 1,
    }


def refusing(found: Tensor) -> Tensor:
    raise ValueError(f"no weights for {found}")


def test_a_solver_that_raises_is_counted_too() -> None:
    update = GramianUpdate(2, OnTheCPU(refusing))
    torch.testing.assert_close(combined(update, CONFLICT), CONFLICT.mean(dim=0))
    assert update.scores()["solver_failures_mean_taken"] == 1


def test_a_failure_is_not_remembered_in_what_the_rule_remembers() -> None:
    update = grad_vac(2, 0.5)
    combined(update, CONFLICT)
    before = {name: value.clone() for name, value in update._to_weights.named_buffers()}  # type: ignore[attr-defined]
    combined(update, torch.full((2, 4), torch.inf))
    assert update.failures == 1
    after = dict(update._to_weights.named_buffers())  # type: ignore[attr-defined]
    assert before["phi_t"].any()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
