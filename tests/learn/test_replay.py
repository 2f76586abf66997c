from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from detaux.learn.assembly import Assembly
from detaux.learn.replay import StepReplay
from detaux.learn.tasks import Task

Build = Callable[..., Assembly]
ASKED: dict[str, Callable[[StepReplay], Tensor | None]] = {
    "before": lambda replay: replay.before(),
    "train": lambda replay: replay.train(),
    "train_elsewhere": lambda replay: replay.train(
        {name: 2 * weight for name, weight in replay.weights().items()}
    ),
    "query": lambda replay: replay.query(),
}


@pytest.fixture
def assembly(assembled: Build, corner: Task) -> Assembly:
    return assembled(corner)


def replay_of(assembly: Assembly, step: int = 0) -> StepReplay:
    inside = assembly.step
    return StepReplay(assembly.net, inside._losses, inside._source, inside._query, step=step)


def without_dropout(assembly: Assembly) -> Assembly:
    for part in assembly.net.modules():
        if isinstance(part, nn.Dropout):
            part.p = 0.0
    return assembly


@pytest.mark.parametrize("asked", ASKED)
def test_leaves_no_trace(asked: str, assembly: Assembly) -> None:
    kept = {name: value.clone() for name, value in assembly.module.state_dict().items()}
    generator = torch.get_rng_state()
    losses = ASKED[asked](replay_of(assembly, 1))
    assert losses is not None
    assert losses.shape == (2,)
    assert torch.equal(torch.get_rng_state(), generator)
    assert all(torch.equal(value, kept[name]) for name, value in assembly.module.state_dict().items())
    assert all(parameter.grad is None for parameter in assembly.module.parameters())
    assert assembly.net.training


@pytest.mark.parametrize("asked", ASKED)
def test_a_step_after_it_is_the_step_without_it(asked: str, assembled: Build, corner: Task) -> None:
    found = []
    for look in (True, False):
        assembly = assembled(corner)
        torch.manual_seed(0)
        if look:
            ASKED[asked](replay_of(assembly, 1))
        assembly.step(1)
        found.append([parameter.grad for parameter in assembly.net.parameters()])
    for one, other in zip(*found, strict=True):
        assert one is not None
        assert other is not None
        assert torch.equal(one, other)


def test_train_has_the_step_s_own_losses_dropout_and_all(assembly: Assembly) -> None:
    replayed = replay_of(assembly).train().detach()
    again = replay_of(assembly).train().detach()
    losses = torch.stack(list(assembly.step(0).values()))
    assert torch.equal(replayed, again)
    torch.testing.assert_close(replayed, losses)


def test_train_elsewhere_has_the_losses_of_a_network_with_those_weights(
    assembly: Assembly, assembled: Build, corner: Task
) -> None:
    other = assembled(corner, seed=1)
    generator = torch.get_rng_state()
    found = replay_of(assembly).train(dict(other.net.named_parameters()))
    assembly.net.load_state_dict(other.net.state_dict())
    torch.set_rng_state(generator)
    torch.testing.assert_close(found, assembly.step._losses(assembly.step._source.batch(0)))


@pytest.mark.parametrize("asked", ["train", "query"])
def test_has_a_graph_to_the_weights_given(asked: str, assembly: Assembly) -> None:
    replay = replay_of(assembly)
    weights = {name: weight.detach().requires_grad_() for name, weight in replay.weights().items()}
    losses: Tensor = getattr(replay, asked)(weights)
    gradients = torch.autograd.grad(losses.sum(), list(weights.values()))
    assert all(gradient.any() for gradient in gradients)


def test_query_is_another_batch_of_the_same_images_for_any_tasks(
    assembly: Assembly, assembled: Build
) -> None:
    inside, alone = assembly.step, assembled().step
    for step in (0, 3):
        train, query = inside._source.batch(step), inside._query.batch(step)
        assert not torch.equal(train.positions, query.positions)
        assert torch.equal(query.labels, inside._source.labels[query.positions])
        assert torch.equal(query.images, alone._query.batch(step).images)
    epoch = torch.cat([inside._query.batch(step).positions for step in range(15)])[:60]
    assert torch.equal(epoch.sort().values, torch.arange(60))
    replay = replay_of(without_dropout(assembly))
    torch.testing.assert_close(replay.query(), inside._losses(inside._query.batch(0)))


def test_before_has_the_last_batch_s_losses_at_the_present_weights(assembly: Assembly) -> None:
    inside, optimizer = without_dropout(assembly).step, torch.optim.SGD(assembly.net.parameters(), lr=0.1)
    first = torch.stack(list(assembly.step(0).values()))
    optimizer.step()
    found = replay_of(assembly, 1).before()
    assert found is not None
    assert not found.requires_grad
    torch.testing.assert_close(found, inside._losses(inside._source.batch(0)).detach())
    assert not torch.allclose(found, first)


def test_before_the_first_step_there_is_no_batch(assembly: Assembly) -> None:
    assert replay_of(assembly, 0).before() is None


def test_weights_are_the_parameters_by_name_in_their_order(assembly: Assembly) -> None:
    weights = replay_of(assembly).weights()
    assert list(weights) == [name for name, _ in assembly.net.named_parameters()]
    assert all(one is other for one, other in zip(weights.values(), assembly.net.parameters(), strict=True))
