"""What every weighting promises, asked of all that are registered."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import combinations

import pytest
import torch
from safetensors.torch import load, save
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode

from detaux.learn.registries import weightings
from detaux.learn.update import Update
from detaux.learn.updating.gradient_update import GradientUpdate
from detaux.learn.updating.on_the_cpu import OnTheCPU
from detaux.learn.updating.scalarized import WeighedUpdate
from detaux.learn.weightings.excess_mtl import ExcessUpdate
from detaux.learn.weightings.gradnorm import GradNormUpdate
from tests.learn.weightings.jacobians import APART
from tests.learn.weightings.toy import (
    BUILT,
    MANY_TASKS,
    PAIRS,
    QUICK,
    Toy,
    ToyReplay,
    combined,
    descend,
    gradient,
    gradient_rows,
    made,
    optimizer_of,
)

FALLING_WEIGHTS = ("uncertainty", "imtl_l", "rlw")
"""Rules under which the weights of all tasks may fall below that of one task alone: each learns or draws its own."""
NO_PROGRESS_WITHOUT_AUXILIARY = ("mgda", "cagrad")


def toy_for(name: str) -> Toy:
    return Toy(num_tasks=3 if name in MANY_TASKS else 2)


def state_of(*modules: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in nn.ModuleList(modules).state_dict().items()}


@pytest.mark.parametrize("name", BUILT)
@pytest.mark.parametrize("num_tasks", [2, 3])
def test_a_killed_run_goes_on_bit_for_bit(name: str, num_tasks: int) -> None:
    if num_tasks == 2 and name in MANY_TASKS:
        pytest.skip("needs three tasks")
    toy = Toy(num_tasks)
    update = made(name, toy)
    optimizer = optimizer_of(toy, update)
    fresh_shapes = {key: tensor.shape for key, tensor in update.state_dict().items()}
    descend(toy, update, optimizer, range(5))
    file, moments = save(state_of(toy, update)), deepcopy(optimizer.state_dict())
    descend(toy, update, optimizer, range(5, 9))

    again = Toy(num_tasks)
    resumed = made(name, again)
    assert {key: tensor.shape for key, tensor in resumed.state_dict().items()} == fresh_shapes
    nn.ModuleList([again, resumed]).load_state_dict(load(file))
    optimizer_again = optimizer_of(again, resumed)
    optimizer_again.load_state_dict(moments)
    descend(again, resumed, optimizer_again, range(5, 9))
    unbroken = state_of(toy, update)
    assert all(torch.equal(tensor, unbroken[key]) for key, tensor in state_of(again, resumed).items())


def end_of(name: str) -> Tensor:
    toy = Toy(num_tasks=3)
    update = made(name, toy)
    descend(toy, update, torch.optim.SGD([*toy.parameters(), *update.parameters()], lr=1e-3))
    return torch.cat([parameter.detach().flatten() for parameter in toy.shared])


def test_no_two_weightings_are_the_same() -> None:
    ends = {name: end_of(name) for name in BUILT}
    alike = [
        (one, other)
        for one, other in combinations(BUILT, 2)
        if torch.allclose(ends[one], ends[other], rtol=1e-6, atol=1e-6)
    ]
    assert not alike


def test_no_two_gradient_methods_are_the_same_on_one_table() -> None:
    """Asked three times: GradVac is PCGrad until it knows which cosines are usual."""
    ends: dict[str, Tensor] = {}
    for name in PAIRS:
        rule = weightings.get(name)(**QUICK.get(name, {})).build(2)
        if isinstance(rule, GradientUpdate | GradNormUpdate):
            ends[name] = [combined(rule, APART) for _ in range(3)][-1]
    assert len(ends) >= 15
    assert not [
        (one, other)
        for one, other in combinations(ends, 2)
        if torch.allclose(ends[one], ends[other], rtol=1e-4)
    ]


@pytest.mark.parametrize("name", BUILT)
def test_beside_itself_a_task_learns_at_least_as_fast_as_alone(name: str) -> None:
    alone = toy_for(name)
    start = alone.losses()[0].item()
    descend(alone, made("fixed", alone, weight=0.0), optimizer_of(alone), range(20))
    beside = toy_for(name)
    with torch.no_grad():
        for task in range(1, len(beside.heads)):
            beside.heads[task].copy_(beside.heads[0])
            beside.targets[task] = beside.targets[0]
    update = made(name, beside)
    descend(beside, update, optimizer_of(beside, update), range(20))
    least = 0.95 if name in FALLING_WEIGHTS else 1 - 1e-6
    assert start - beside.losses()[0] >= least * (start - alone.losses()[0])


@pytest.mark.parametrize("name", PAIRS)
def test_a_task_without_loss_does_no_harm(name: str) -> None:
    toy = Toy()
    principal = gradient_rows(toy)[0]
    update = made(name, toy)
    update.prepare(ToyReplay(toy, 0))
    none = toy.losses() * torch.tensor([1.0, 0.0])
    update.backward(none, list(toy.shared), [[head] for head in toy.heads])
    found = gradient(toy.shared)
    share = (found @ principal / (principal @ principal)).item()
    assert share > 0 or name in NO_PROGRESS_WITHOUT_AUXILIARY
    torch.testing.assert_close(found, share * principal)


@pytest.mark.parametrize("name", BUILT)
def test_scores_are_numbers_by_name(name: str) -> None:
    toy = toy_for(name)
    update = made(name, toy)
    descend(toy, update, optimizer_of(toy, update), range(3))
    for key, value in update.scores().items():
        assert isinstance(value, float)
        assert key.startswith("weight_") or (key == "solver_failures_mean_taken" and value == 0)


@pytest.mark.parametrize("name", PAIRS)
def test_gradients_have_their_weights_layout_and_type(name: str) -> None:
    """Fused optimisers read weights and gradients in one order, whatever the layout of either."""
    shared = nn.Conv2d(3, 4, 3, dtype=torch.float64).to(memory_format=torch.channels_last)
    heads = [nn.Linear(4, 2, dtype=torch.float64) for _ in range(2)]
    update = weightings.get(name)().build(2)

    def losses() -> Tensor:
        features = shared(torch.linspace(-1, 1, 96, dtype=torch.float64).reshape(2, 3, 4, 4)).mean((2, 3))
        return torch.stack([(head(features) ** 2).sum() for head in heads])

    update.backward(losses(), list(shared.parameters()), [list(head.parameters()) for head in heads])
    for parameter in (*shared.parameters(), *heads[0].parameters()):
        assert parameter.grad is not None
        assert parameter.grad.stride() == parameter.stride()
        assert parameter.grad.dtype == parameter.dtype


def is_solved_on_the_cpu(name: str) -> bool:
    return any(isinstance(module, OnTheCPU) for module in made(name, Toy()).modules())


@pytest.mark.parametrize("name", [name for name in PAIRS if not is_solved_on_the_cpu(name)])
def test_a_rule_keeps_to_its_device(name: str) -> None:
    """On tensors that know a CUDA device but hold no data: one that is left on the CPU raises."""
    with FakeTensorMode(), torch.device("cuda"):
        update = weightings.get(name)().build(2)
        found = list(_applied(update))
    assert all(tensor.device.type == "cuda" for tensor in (*found, *update.buffers(), *update.parameters()))


def _applied(update: Update) -> Iterator[Tensor]:
    """Apply the part of a rule that needs no graph, which tensors without data cannot have."""
    if isinstance(update, ExcessUpdate):
        update.attach([nn.Parameter(torch.ones(4, 3))])
    if isinstance(update, WeighedUpdate):
        yield update.weigh(torch.ones(2))
    if isinstance(update, GradNormUpdate):
        update._learn(torch.ones(2), torch.ones(2))
    if isinstance(update, GradientUpdate):
        yield from update.combine([torch.ones(2, 4, 3)])


@pytest.mark.parametrize(
    "name", [name for name in PAIRS if getattr(weightings.get(name), "principal_first", False)]
)
@pytest.mark.parametrize("num_tasks", [2, 3])
def test_an_opposing_task_changes_nothing_for_a_principal_that_comes_first(name: str, num_tasks: int) -> None:
    ends = []
    for update in (
        weightings.get(name)().build(num_tasks),
        weightings.get("fixed")(weight=0.0).build(num_tasks),
    ):
        weights = nn.Parameter(torch.tensor([1.0, -2.0, 0.5]))
        optimizer = torch.optim.AdamW([weights], lr=0.1)
        for _ in range(10):
            optimizer.zero_grad()
            loss = (weights**2).sum()
            signs = torch.tensor([1.0, -3.0, -0.5][:num_tasks])
            update.backward(signs * loss, [weights], [[] for _ in signs])
            optimizer.step()
        ends.append(weights.detach().clone())
    assert torch.equal(*ends)
