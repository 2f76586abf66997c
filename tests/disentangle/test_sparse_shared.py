from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn import functional

from detaux.core.errors import DataError
from detaux.data.labelled import LabelledImages
from detaux.data.split import Split
from detaux.disentangle.base import StageOneData
from detaux.disentangle.batches import Batch
from detaux.disentangle.factor_tasks import draw_tasks
from detaux.disentangle.methods.sparse_shared import SparseShared, standardised
from detaux.disentangle.sparse_heads import safe_rate, sparse_heads, usage_entropy
from detaux.train.policy import Policy

TINY: dict[str, Any] = {"preset": "fast", "subspaces": 4}
FACTORS = np.stack(np.unravel_index(np.arange(75), (5, 5, 3)), axis=1)


def problem(samples: int = 40, width: int = 5, tasks: int = 3) -> tuple[Tensor, Tensor]:
    """Return standardised features (S, M) and noisy linear labels (S, T), float64."""
    generator = torch.Generator().manual_seed(0)
    features = standardised(torch.randn(samples, width, generator=generator, dtype=torch.float64))
    plane = torch.randn(width, tasks, generator=generator, dtype=torch.float64)
    noise = torch.randn(samples, tasks, generator=generator, dtype=torch.float64)
    return features, (features @ plane + noise > 0.2).double()


def plain_loop(
    features: NDArray[np.float64], labels: NDArray[np.float64], penalty: float
) -> tuple[NDArray[np.float64], float]:
    """Solve one task by many proximal steps, coordinate by coordinate: weights (M,) and bias."""
    samples, width = features.shape
    weights, bias = np.zeros(width), 0.0
    for _ in range(2000):
        slope = (1 / (1 + np.exp(-(features @ weights + bias))) - labels) / samples
        for place in range(width):
            moved = weights[place] - 0.2 * float(features[:, place] @ slope)
            weights[place] = math.copysign(max(abs(moved) - 0.2 * penalty, 0.0), moved)
        bias -= 0.2 * slope.sum()
    return weights, bias


def test_heads_solve_the_problem_that_a_plain_loop_solves() -> None:
    features, labels = problem()
    heads = sparse_heads(features, labels, alpha=0.4, steps=2000, rate=safe_rate(features))
    for task in range(3):
        weights, bias = plain_loop(features.numpy(), labels[:, task].numpy(), 0.4 / 5)
        np.testing.assert_allclose(heads.weights[:, task], weights, atol=1e-8)
        np.testing.assert_allclose(heads.bias[task], bias, atol=1e-8)
    assert (heads.weights == 0).any()
    assert (heads.weights != 0).any()


def test_each_step_lowers_the_objective() -> None:
    features, labels = problem()
    found = []
    for steps in range(1, 30):
        heads = sparse_heads(features, labels, alpha=0.2, steps=steps, rate=safe_rate(features))
        entropy = functional.binary_cross_entropy_with_logits(heads(features), labels, reduction="none")
        found.append(entropy.mean(0) + 0.2 * heads.weights.abs().mean(0))
    assert (torch.stack(found).diff(dim=0) <= 1e-12).all()


def test_a_large_alpha_leaves_the_share_of_each_class_alone() -> None:
    features, labels = problem()
    heads = sparse_heads(features, labels, alpha=5.0, steps=2000, rate=safe_rate(features))
    assert (heads.weights == 0).all()
    torch.testing.assert_close(heads.bias.sigmoid(), labels.mean(0))


def test_entropy_counts_the_features_in_use() -> None:
    weights = torch.tensor([[1.0, -2.0], [-3.0, 0.0], [0.0, 0.0]])
    half = usage_entropy(weights)
    torch.testing.assert_close(half, torch.tensor(math.log(2)))
    torch.testing.assert_close(usage_entropy(torch.full((7, 3), -0.2)), torch.tensor(math.log(7)))
    torch.testing.assert_close(usage_entropy(torch.tensor([[0.0], [4.0]])), torch.tensor(0.0))
    torch.testing.assert_close(usage_entropy(torch.zeros(4, 2)), torch.tensor(0.0), atol=1e-9, rtol=0)
    torch.testing.assert_close(usage_entropy(9 * weights), half)


def test_entropy_of_unused_features_has_a_finite_gradient() -> None:
    weights = torch.tensor([[1.0, -2.0], [0.0, 0.0]], requires_grad=True)
    (gradient,) = torch.autograd.grad(usage_entropy(weights), weights)
    assert gradient.isfinite().all()


@pytest.mark.parametrize("steps", [1, 12])
def test_the_gradient_passes_through_the_steps(steps: int) -> None:
    features, labels = problem(samples=20, width=3, tasks=2)
    rate = safe_rate(features[:10])

    def outer(both: Tensor) -> Tensor:
        support, query = standardised(both).chunk(2)
        heads = sparse_heads(support, labels[:10], alpha=0.05, steps=steps, rate=rate)
        entropy = functional.binary_cross_entropy_with_logits(heads(query), labels[10:])
        return entropy + 0.3 * usage_entropy(heads.weights)

    given = features.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(outer(given), given)
    for place in range(features.numel()):
        step = torch.zeros(features.numel(), dtype=torch.float64)
        step[place] = 1e-6
        moved = step.view_as(features)
        difference = (outer(features + moved) - outer(features - moved)) / 2e-6
        torch.testing.assert_close(gradient.flatten()[place], difference, atol=1e-6, rtol=1e-4)
    assert gradient[:10].any()


def test_standardised_features_forget_their_scale_and_dead_ones_are_0() -> None:
    features = torch.randn(16, 3, generator=torch.Generator().manual_seed(0))
    features[:, 2] = 4
    found = standardised(features)
    torch.testing.assert_close(found[:, :2].square().mean(0), torch.ones(2))
    torch.testing.assert_close(standardised(30 * features - 8), found, atol=1e-5, rtol=0)
    assert not found[:, 2].any()


def drawn(seed: int, factors: NDArray[np.int64] = FACTORS, most: int = 2) -> NDArray[np.bool_]:
    return draw_tasks(factors, tasks=30, factors_per_task=most, rng=np.random.default_rng(seed))


def test_tasks_are_functions_of_the_factors_and_the_seed_alone() -> None:
    tasks = drawn(0)
    assert tasks.shape == (75, 30)
    assert np.array_equal(tasks, drawn(0))
    assert not np.array_equal(tasks, drawn(1))
    twice = drawn(0, np.tile(FACTORS, (2, 1)))
    assert np.array_equal(twice[:75], twice[75:])
    assert np.array_equal(twice[:75], tasks)


def test_both_classes_of_a_task_are_common_and_tasks_differ() -> None:
    tasks = drawn(0)
    assert (np.abs(tasks.mean(0) - 0.5) < 0.35).all()
    assert len(np.unique(tasks, axis=1).T) > 20


@pytest.mark.parametrize("most", [1, 2, 9])
def test_a_task_depends_on_so_many_factors_at_most(most: int) -> None:
    """A task depends on a factor if two images that differ in it alone have other labels."""
    cube = drawn(0, most=most).reshape(5, 5, 3, 30)
    depends = np.stack([(cube.any(axis) != cube.all(axis)).any((0, 1)) for axis in range(3)])
    assert depends.sum(0).min() >= 1
    assert depends.sum(0).max() == min(most, 3)


def test_factors_that_do_not_vary_are_left_out() -> None:
    fixed = np.concatenate([np.full((75, 1), 4), FACTORS], axis=1)
    assert np.array_equal(drawn(0, fixed), drawn(0))


def test_training_lowers_the_cross_entropy_and_follows_from_the_seed(
    data: StageOneData, policy: Policy
) -> None:
    method = SparseShared(steps=30, alpha=0.1, **TINY)
    first, history = method.fit(data, seed=0, policy=policy)
    torch.manual_seed(99)
    again, again_history = method.fit(data, seed=0, policy=policy)
    other, _ = SparseShared(steps=4, alpha=0.1, **TINY).fit(data, seed=1, policy=policy)
    weights = first.state_dict()
    assert all(torch.equal(weights[name], value) for name, value in again.state_dict().items())
    assert not torch.equal(next(first.parameters()), next(other.parameters()))
    assert again_history == history
    losses = [row["cross_entropy"] for row in history.losses]
    assert np.mean(losses[-5:]) < 0.8 * losses[0]
    assert history.losses[-1].keys() == {"step", "loss", "reconstruction", "cross_entropy", "entropy"}


def labelled(data: StageOneData) -> StageOneData:
    """Return the squares with their colour as the one factor."""
    everything = np.arange(75)
    dataset = LabelledImages(
        name="colours",
        pixels=data.dataset.images(everything),
        rows=everything,
        labels=data.labels,
        class_names=("red", "green", "blue"),
        licence="none",
        source="this test",
        fingerprint="0" * 64,
        official_parts={},
    )
    return StageOneData(dataset=dataset, split=data.split, labels=data.labels, principal=("class",))


def test_a_set_of_one_factor_is_refused_before_anything_is_trained(
    data: StageOneData, policy: Policy
) -> None:
    colours, method = labelled(data), SparseShared(steps=2, **TINY)
    method.check_pairs(data.dataset, data.split.train, data.labels, data.principal)
    with pytest.raises(DataError, match=r"at least 2 factors that vary .* but colours has 1; choose"):
        method.check_pairs(colours.dataset, data.split.train, data.labels, colours.principal)
    with pytest.raises(DataError, match="colours has 1"):
        method.fit(colours, seed=0, policy=policy)
    SparseShared(strength=0, steps=2, **TINY).fit(colours, seed=0, policy=policy)


def test_a_pool_in_which_one_factor_varies_is_refused(data: StageOneData, policy: Policy) -> None:
    rows = np.arange(0, 75, 15)
    same = StageOneData(
        dataset=data.dataset,
        split=Split(train=rows, validation=rows + 1, test=rows + 2),
        labels=data.labels,
        principal=data.principal,
    )
    with pytest.raises(DataError, match="squares has 1"):
        SparseShared(steps=2, **TINY).fit(same, seed=0, policy=policy)


def test_the_loss_keeps_every_tensor_on_its_device() -> None:
    """On tensors that know a CUDA device but hold no data: one that is left on the CPU raises."""
    method = SparseShared(subspaces=4)
    with FakeTensorMode(), torch.device("cuda"):
        batch = Batch(
            images=torch.rand(16, 3, 16, 16),
            positions=torch.arange(16),
            labels=torch.zeros(16, dtype=torch.long),
            drawn=torch.empty(0, dtype=torch.long),
        )
        labels = torch.zeros(45, 40, dtype=torch.bool)
        loss, terms = method._supervise(labels, torch.rand(16, 4, 1), batch)
    assert {term.device.type for term in (loss, *terms.values())} == {"cuda"}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("strength", 1.1),
        ("alpha", -0.1),
        ("alpha", math.nan),
        ("beta", -0.1),
        ("tasks", 0),
        ("tasks", 1_001),
        ("factors_per_task", 0),
        ("tasks_per_step", 0),
        ("inner_steps", 0),
        ("inner_steps", 1_001),
        ("latent_dim", 0),
    ],
)
def test_impossible_options_are_refused_by_name(option: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{option} must"):
        SparseShared(**{option: value})
