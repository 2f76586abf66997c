from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from detaux.metrics import compute_metric
from detaux.metrics.information import entropy, equal_width_bins, mutual_information

RNG = np.random.default_rng(0)


def _slow_bins(code: NDArray[np.float64]) -> list[int]:
    edges = np.histogram(code, 20)[1]
    return [int(bin_) for bin_ in np.digitize(code, edges[:-1])]


def _slow_information(a: list[int], b: list[int]) -> float:
    total, joint, first, second = len(a), Counter(zip(a, b, strict=True)), Counter(a), Counter(b)
    return sum(n / total * math.log(n * total / (first[x] * second[y])) for (x, y), n in joint.items())


def _slow_gap(codes: NDArray[np.float64], factors: NDArray[np.int64]) -> float:
    gaps = []
    for factor in factors.T.tolist():
        told = sorted(_slow_information(_slow_bins(code), factor) for code in codes.T)
        gaps.append((told[-1] - told[-2]) / _slow_information(factor, factor))
    return sum(gaps) / len(gaps)


def test_score_is_that_of_a_literal_loop() -> None:
    factors = RNG.integers(0, 6, size=(1_500, 3))
    codes = factors @ RNG.normal(size=(3, 5)) + RNG.normal(size=(1_500, 5)) * [0.1, 0.5, 1, 2, 4]
    assert compute_metric("mig", codes, factors)["mig"] == pytest.approx(_slow_gap(codes, factors), abs=1e-9)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
def test_information_is_bounded_and_symmetric(seed: int, values: int) -> None:
    generator = np.random.default_rng(seed)
    a, b = generator.integers(0, values, 50), generator.integers(0, 3, 50)
    there, back = mutual_information(a[:, None], b)[0], mutual_information(b[:, None], a)[0]
    assert there == pytest.approx(back, abs=1e-12)
    assert -1e-12 <= there <= min(entropy(a), entropy(b)) + 1e-12
    assert mutual_information(a[:, None], a)[0] == pytest.approx(entropy(a), abs=1e-12)


def test_entropy_of_equal_shares_is_the_log_of_their_number() -> None:
    assert entropy(np.array([0, 1, 2, 3])) == pytest.approx(math.log(4))
    assert entropy(np.array([2, 2])) == 0


def test_bins_are_of_equal_width_and_include_both_ends() -> None:
    codes = np.array([[0.0, 5.0], [0.49, 5.0], [0.51, 5.0], [1.0, 5.0]])
    assert equal_width_bins(codes, 2).tolist() == [[0, 0], [0, 0], [1, 0], [1, 0]]


def test_a_gap_needs_two_coordinates() -> None:
    with pytest.raises(ValueError, match=r"at least 2 coordinates, but the codes' shape is \(1000, 1\)"):
        compute_metric("mig", np.zeros((1_000, 1)), RNG.integers(0, 3, size=(1_000, 1)))


def test_one_subspace_has_no_block_score() -> None:
    codes, factors = RNG.normal(size=(1_000, 1, 4)), RNG.integers(0, 3, size=(1_000, 2))
    assert set(compute_metric("mig", codes, factors)) == {"mig"}
