"""Each term against a literal reference: plain Python loops over numbers, straight from the method's description."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from detaux.disentangle import losses

B, K, D = 5, 4, 3
Numbers = list[list[list[float]]]
"""Codes as nested lists: sample, subspace, coordinate."""


def draw_codes(seed: int = 0, scale: float = 1.0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return scale * torch.randn(2 * B, K, D, generator=generator, dtype=torch.float64)


def numbers(codes: Tensor) -> Numbers:
    result: Numbers = codes.tolist()
    return result


def euclidean(first: list[float], second: list[float]) -> float:
    return math.sqrt(sum((a - b) ** 2 for a, b in zip(first, second, strict=True)))


def softmax(values: list[float]) -> list[float]:
    powers = [math.exp(value - max(values)) for value in values]
    return [power / sum(powers) for power in powers]


def slow_change(codes: Numbers) -> list[list[float]]:
    return [[euclidean(codes[pair][k], codes[B + pair][k]) ** 2 for k in range(K)] for pair in range(B)]


def slow_normalised(codes: Numbers) -> list[list[float]]:
    mean_apart = []
    for k in range(K):
        apart = [euclidean(codes[m][k], codes[n][k]) for m in range(2 * B) for n in range(2 * B)]
        mean_apart.append(sum(apart) / (2 * B) ** 2)
    return [[row[k] / (mean_apart[k] + 1e-8) for k in range(K)] for row in slow_change(codes)]


def slow_oracle(codes: Numbers, differ: list[bool]) -> list[list[float]]:
    oracle = []
    for row, principal_differs in zip(slow_normalised(codes), differ, strict=True):
        if principal_differs:
            oracle.append([1.0] + [0.0] * (K - 1))
        else:
            oracle.append([0.0, *softmax([1e6 * value for value in row[1:]])])
    return oracle


def assert_equal(actual: Tensor, expected: object) -> None:
    torch.testing.assert_close(actual, torch.tensor(expected, dtype=actual.dtype), rtol=1e-5, atol=1e-7)


def test_reconstruction_is_the_mean_squared_error_over_both_images() -> None:
    decoded, images = torch.rand(2, 3, 2, 2), torch.rand(2, 3, 2, 2)
    squares = [
        (a - b) ** 2 for a, b in zip(decoded.flatten().tolist(), images.flatten().tolist(), strict=True)
    ]
    assert_equal(losses.reconstruction(decoded, images, images.numel()), sum(squares) / len(squares))


@pytest.mark.parametrize("scale", [0.02, 1.0, 30.0])
def test_sparsity(scale: float) -> None:
    codes = numbers(draw_codes(scale=scale))
    total = 0.0
    for sample in codes:
        for d in range(D):
            for k in range(K):
                total += abs(sample[k][d] * sum(sample[j][d] for j in range(K) if j != k))
    assert_equal(losses.sparsity(draw_codes(scale=scale)), total / (2 * B * D))


def test_sparsity_is_zero_where_each_coordinate_has_one_subspace() -> None:
    codes = torch.zeros(2, 3, 3)
    codes[:, [0, 1, 2], [0, 1, 2]] = torch.tensor([1.0, -2.0, 3.0])
    assert losses.sparsity(codes) == 0


def test_squared_change() -> None:
    assert_equal(losses.squared_change(draw_codes()), slow_change(numbers(draw_codes())))


@pytest.mark.parametrize("scale", [1e-3, 1.0, 30.0])
def test_normalised_change_counts_each_code_with_itself_too(scale: float) -> None:
    codes = draw_codes(scale=scale)
    normalised = losses.normalised_change(losses.squared_change(codes), codes)
    assert_equal(normalised, slow_normalised(numbers(codes)))


def test_normalised_change_is_exact_for_many_codes_far_from_zero() -> None:
    codes = torch.randn(400, 2, 3, generator=torch.Generator().manual_seed(1)) + 100
    exact = losses.normalised_change(losses.squared_change(codes.double()), codes.double())
    torch.testing.assert_close(
        losses.normalised_change(losses.squared_change(codes), codes).double(), exact, rtol=1e-4, atol=0
    )


def test_a_subspace_without_variance_does_not_divide_by_zero() -> None:
    codes = draw_codes()
    codes[:, 2] = 1.5
    assert torch.isfinite(losses.normalised_change(losses.squared_change(codes), codes)).all()


def test_the_plain_oracle_names_the_subspace_that_changed_most() -> None:
    normalised = torch.tensor([[0.1, 0.5, 0.2, 0.4999], [3.0, 0.5, 0.2, 0.1]])
    assert_equal(losses.plain_oracle(normalised), [[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]])


def test_the_plain_oracle_shares_between_near_equals() -> None:
    row = [0.5, 0.5 + 1e-6, 0.1]
    assert_equal(
        losses.plain_oracle(torch.tensor([row], dtype=torch.float64)),
        [softmax([1e6 * value for value in row])],
    )


@given(seed=st.integers(0, 1000), differ=st.lists(st.booleans(), min_size=B, max_size=B))
@settings(max_examples=25, deadline=None)
def test_the_forced_oracle(seed: int, differ: list[bool]) -> None:
    codes = draw_codes(seed)
    normalised = losses.normalised_change(losses.squared_change(codes), codes)
    assert_equal(losses.forced_oracle(normalised, torch.tensor(differ)), slow_oracle(numbers(codes), differ))


def test_the_forced_oracle_keeps_subspace_0_still_even_if_it_changed_most() -> None:
    normalised = torch.tensor([[9.0, 0.1, 0.2]])
    assert_equal(losses.forced_oracle(normalised, torch.tensor([False])), [[0.0, 0.0, 1.0]])


def test_oracles_pass_no_gradient() -> None:
    codes = draw_codes().requires_grad_()
    normalised = losses.normalised_change(losses.squared_change(codes), codes)
    assert not losses.plain_oracle(normalised).requires_grad
    assert not losses.forced_oracle(normalised, torch.zeros(B, dtype=torch.bool)).requires_grad


@pytest.mark.parametrize("scale", [0.05, 1.0])
def test_distance(scale: float) -> None:
    codes = draw_codes(scale=scale)
    differ = [True, False, False, True, False]
    change, oracle = slow_change(numbers(codes)), slow_oracle(numbers(codes), differ)
    still = sum(change[b][k] * (1 - oracle[b][k]) for b in range(B) for k in range(K)) / (B * K)
    moving = sum(max(0.05 - change[b][k] * oracle[b][k], 0) for b in range(B) for k in range(K)) / (B * K)
    fast_change = losses.squared_change(codes)
    fast_oracle = losses.forced_oracle(losses.normalised_change(fast_change, codes), torch.tensor(differ))
    by_subspace = losses.distance(fast_change, fast_oracle, fast_change, margin=0.05, margin_weight=10)
    assert by_subspace.shape == (K,)
    assert_equal(by_subspace.mean(), still + 10 * moving)


def test_relative_change_divides_by_the_mean_squared_distance() -> None:
    codes = numbers(draw_codes())
    expected = slow_change(codes)
    for k in range(K):
        apart = [euclidean(codes[m][k], codes[n][k]) ** 2 for m in range(2 * B) for n in range(2 * B)]
        for row in expected:
            row[k] /= sum(apart) / (2 * B) ** 2
    assert_equal(losses.relative_change(losses.squared_change(draw_codes()), draw_codes()), expected)


def test_a_softer_oracle_is_less_sure() -> None:
    row = [0.5, 0.6, 0.1]
    assert_equal(losses.plain_oracle(torch.tensor([row]), 3.0), [softmax([3 * value for value in row])])


def test_mixtures_are_the_second_image_with_one_subspace_of_the_first() -> None:
    codes = numbers(draw_codes())
    expected = []
    for k in range(K):
        for pair in range(B):
            mixed = list(codes[B + pair])
            mixed[k] = codes[pair][k]
            expected.append(mixed)
    assert_equal(losses.mixtures(draw_codes(), torch.arange(K * B)), expected)


def test_only_the_drawn_mixtures_are_made() -> None:
    drawn = torch.tensor([7, 0, 19])
    assert torch.equal(
        losses.mixtures(draw_codes(), drawn), losses.mixtures(draw_codes(), torch.arange(K * B))[drawn]
    )


def test_consistency() -> None:
    mixed, recovered = draw_codes(1), draw_codes(2)
    squares = [
        (a - b) ** 2 for a, b in zip(mixed.flatten().tolist(), recovered.flatten().tolist(), strict=True)
    ]
    assert_equal(losses.consistency(mixed, recovered), sum(squares) / len(squares))


def test_usage_is_the_mean_of_soft_oracles_on_raw_changes() -> None:
    codes = draw_codes(scale=0.02)
    rows = [softmax([1e3 * value for value in row]) for row in slow_change(numbers(codes))]
    assert_equal(
        losses.usage(losses.squared_change(codes)), [sum(column) / B for column in zip(*rows, strict=True)]
    )


def test_usage_passes_a_gradient() -> None:
    codes = draw_codes(scale=0.02).requires_grad_()
    torch.autograd.backward(losses.regularisation(losses.usage(losses.squared_change(codes))))
    assert codes.grad is not None
    assert codes.grad.abs().max() > 0


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=12))
@settings(max_examples=25, deadline=None)
def test_regularisation(weights: list[float]) -> None:
    shares = [weight / sum(weights) for weight in weights]
    expected = 100 * sum((1 / len(shares) - share) ** 2 for share in shares) / len(shares)
    assert_equal(losses.regularisation(torch.tensor(shares, dtype=torch.float64)), expected)


def test_regularisation_is_zero_for_equal_use() -> None:
    assert losses.regularisation(torch.full((4,), 0.25)) == 0
