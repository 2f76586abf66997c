"""Information of a subspace by boxes, against what is known of it."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.metrics.boxes import block_information
from detaux.metrics.information import entropy

RNG = np.random.default_rng(0)


def _slow_bins(code: NDArray[np.float64]) -> list[int]:
    edges = np.histogram(code, 20)[1]
    return [int(bin_) for bin_ in np.digitize(code, edges[:-1])]


def _slow_information(a: list[int], b: list[int]) -> float:
    total, joint, first, second = len(a), Counter(zip(a, b, strict=True)), Counter(a), Counter(b)
    return sum(n / total * math.log(n * total / (first[x] * second[y])) for (x, y), n in joint.items())


@pytest.mark.parametrize("skew", [1, 3])
def test_block_information_of_one_dimension_is_that_of_its_bins(skew: int) -> None:
    factor = RNG.integers(0, 10, 1_200)
    code = (factor + RNG.normal(size=1_200)) ** skew
    expected = _slow_information(_slow_bins(code), factor.tolist())
    assert block_information(code[:, None], factor) == pytest.approx(expected, abs=1e-9)


def test_block_information_does_not_change_under_invertible_linear_maps() -> None:
    factor = RNG.integers(0, 5, 1_500)
    block = RNG.normal(size=(1_500, 4))
    block[:, 0] += 3 * factor
    block[:, 1] += 3 * (factor == 2)
    mapped = block @ (RNG.normal(size=(4, 4)) + 2 * np.eye(4)) + 100
    assert block_information(mapped, factor) == pytest.approx(block_information(block, factor), abs=1e-6)


def test_block_information_joins_what_coordinates_know_apart() -> None:
    block = RNG.integers(0, 3, size=(2_000, 2))
    factor = block[:, 0] * 3 + block[:, 1]
    assert block_information(block.astype(float), factor) == pytest.approx(entropy(factor), abs=1e-6)


def test_block_information_is_at_most_the_entropy_and_small_for_noise() -> None:
    factor = RNG.integers(0, 10, 10_000)
    information = block_information(RNG.normal(size=(10_000, 10)), factor)
    assert 0 < information < 0.03  # nats of 2.3; the bias that the docstring tells of


def test_dead_coordinates_and_dead_blocks_tell_nothing_and_break_nothing() -> None:
    factor = RNG.integers(0, 4, 1_000)
    block = np.zeros((1_000, 3))
    assert block_information(block, factor) == 0
    block[:, 1] = factor
    assert block_information(block, factor) == pytest.approx(entropy(factor))
