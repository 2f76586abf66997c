from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import eigh
from scipy.special import digamma

from detaux.metrics.information import entropy
from detaux.metrics.neighbours import _inside_on_a_line, neighbour_information
from tests.metrics.known_codes import Floats, Ints

RNG = np.random.default_rng(0)


def _slow_information(points: Floats, factor: Ints) -> float:
    """Follow Ross 2014 point by point; a value seen once has no neighbour and is left out."""
    counts = np.bincount(factor)
    kept = [i for i, value in enumerate(factor) if counts[value] > 1]
    terms = []
    for i in kept:
        distances = [math.dist(points[i], points[j]) for j in kept]
        own = sorted(d for d, j in zip(distances, kept, strict=True) if factor[j] == factor[i])
        nearest = min(10, len(own) - 1)
        inside = sum(d < own[nearest] for d in distances)
        terms.append(digamma(nearest) - digamma(len(own)) - digamma(inside))
    return max(0.0, float(digamma(len(kept)) + np.mean(terms)))


def _slow_axes(block: Floats, factor: Ints) -> Floats:
    """Solve Fisher's problem as a generalised one of scatter between against scatter within values."""
    groups = [block[factor == value] for value in np.unique(factor)]
    scatters = [len(group) / len(block) * np.cov(group.T, bias=True) for group in groups]
    within = np.sum(scatters, axis=0)
    between = np.cov(block.T, bias=True) - within
    ratios, axes = eigh(between, within)
    chance = (np.sqrt(block.shape[1]) + np.sqrt(len(groups) - 1)) ** 2 / len(block)
    kept = ratios / (1 + ratios) > chance
    kept[-1] = True
    return np.asarray(block @ axes[:, kept])


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.floats(0, 3))
def test_information_of_a_coordinate_is_that_of_a_literal_loop(seed: int, values: int, step: float) -> None:
    generator = np.random.default_rng(seed)
    factor = generator.integers(0, values, 80)
    code = step * factor[:, None] + generator.normal(size=(80, 1))
    assert neighbour_information(code, factor) == pytest.approx(_slow_information(code, factor), abs=1e-9)


def test_information_of_a_coordinate_is_that_of_scikit_learn() -> None:
    from sklearn.feature_selection import mutual_info_classif

    factor = RNG.integers(0, 6, 3_000)
    codes = factor[:, None] + RNG.normal(size=(3_000, 3)) * [0.05, 1, 5]
    expected = mutual_info_classif(codes, factor, n_neighbors=10, random_state=0)
    found = [neighbour_information(code[:, None], factor) for code in codes.T]
    assert found == pytest.approx(list(expected), abs=1e-9)


@pytest.mark.parametrize(("dim", "values"), [(2, 5), (4, 8)])
def test_information_of_a_subspace_is_that_of_a_literal_loop_along_fishers_axes(
    dim: int, values: int
) -> None:
    factor = RNG.integers(0, values, 200)
    block = RNG.normal(size=(200, dim))
    block += 1.5 * RNG.normal(size=(values, dim))[factor]
    expected = _slow_information(_slow_axes(block, factor), factor)
    assert neighbour_information(block, factor) == pytest.approx(expected, abs=1e-9)


def test_information_does_not_change_under_invertible_linear_maps() -> None:
    factor = RNG.integers(0, 5, 1_500)
    block = RNG.normal(size=(1_500, 4))
    block[:, 0] += 2 * factor
    block[:, 1] += 2 * (factor == 2)
    mapped = block @ (RNG.normal(size=(4, 4)) + 2 * np.eye(4)) + 100
    assert neighbour_information(mapped, factor) == pytest.approx(
        neighbour_information(block, factor), abs=1e-9
    )


def test_information_of_two_normal_values_is_that_of_the_integral() -> None:
    factor = np.arange(10_000) % 2
    block = RNG.normal(size=(10_000, 3))
    block[:, 1] += 2 * factor
    grid = np.linspace(-10, 12, 20_001)
    one, two = (np.exp(-0.5 * (grid - mean) ** 2) / np.sqrt(2 * np.pi) for mean in (0, 2))
    mixed = (one + two) / 2
    truth = np.trapezoid(0.5 * one * np.log(one / mixed) + 0.5 * two * np.log(two / mixed), grid)
    assert neighbour_information(block, factor) == pytest.approx(truth, abs=0.02)
    assert neighbour_information(block[:, 1:2], factor) == pytest.approx(truth, abs=0.02)


def test_noise_beside_a_value_does_not_hide_it() -> None:
    factor = RNG.integers(0, 10, 2_000)
    block = RNG.normal(size=(2_000, 10))
    block[:, 3] += factor
    alone = neighbour_information(block[:, 3:4], factor)
    assert neighbour_information(block, factor) == pytest.approx(alone, abs=0.03)  # of 1.1 nats


def test_block_joins_what_coordinates_know_apart() -> None:
    block = RNG.integers(0, 3, size=(2_000, 2))
    factor = block[:, 0] * 3 + block[:, 1]
    assert neighbour_information(block.astype(float), factor) == pytest.approx(entropy(factor), abs=0.01)


@pytest.mark.parametrize("dim", [1, 3])
def test_codes_without_noise_tell_the_whole_entropy(dim: int) -> None:
    factor = RNG.integers(0, 4, 1_000)
    codes = np.zeros((1_000, dim))
    codes[:, 0] = 1e6 + 1e3 * factor
    assert neighbour_information(codes, factor) == pytest.approx(entropy(factor), abs=0.005)


@pytest.mark.parametrize("dim", [1, 5])
def test_noise_tells_about_nothing_and_never_less(dim: int) -> None:
    factor = RNG.integers(0, 10, 5_000)
    assert 0 <= neighbour_information(RNG.normal(size=(5_000, dim)), factor) < 0.02
    assert 0 <= neighbour_information(np.ones((5_000, dim)), factor) < 0.02


def test_points_in_one_place_are_all_inside() -> None:
    factor = np.array([0, 0, 1, 1])
    inside = _inside_on_a_line(np.ones((4, 1)), factor, np.array([1, 1]))
    assert inside.tolist() == [4, 4, 4, 4]


def test_values_seen_once_tell_nothing() -> None:
    assert neighbour_information(RNG.normal(size=(20, 2)), np.arange(20)) == 0
