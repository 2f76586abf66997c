from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detaux.metrics.significance import holm, sign_flip_test, smallest_p

RNG = np.random.default_rng(0)


@settings(max_examples=50)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=8))
def test_exact_p_value_is_that_of_all_patterns(differences: list[int]) -> None:
    observed = abs(sum(differences))
    patterns = list(itertools.product([1, -1], repeat=len(differences)))
    far = sum(
        abs(sum(s * d for s, d in zip(signs, differences, strict=True))) >= observed for signs in patterns
    )
    assert sign_flip_test(np.asarray(differences) / 7, seed=0) == far / len(patterns)


@pytest.mark.parametrize(("count", "p_value"), [(1, 1), (3, 0.25), (5, 0.0625), (10, 2 / 1024)])
def test_differences_of_one_sign_are_as_rare_as_two_patterns(count: int, p_value: float) -> None:
    assert sign_flip_test(np.linspace(0.1, 0.3, count), seed=0) == p_value


@pytest.mark.parametrize("count", [1, 3, 14, 40])
def test_no_differences_give_less_than_the_smallest_p(count: int) -> None:
    assert sign_flip_test(np.linspace(0.1, 0.3, count), seed=0) == pytest.approx(smallest_p(count))


def test_no_difference_is_no_surprise() -> None:
    assert sign_flip_test(np.zeros(6), seed=0) == 1
    assert sign_flip_test(np.array([0.1, 0.2, -0.3]), seed=0) == 1  # their sum is 0 but for rounding


def test_many_differences_are_judged_by_drawn_patterns() -> None:
    differences = RNG.normal(0.4, 1, size=30)
    z = differences.sum() / np.sqrt(np.sum(differences**2))
    normal = math.erfc(abs(z) / math.sqrt(2))
    assert sign_flip_test(differences, seed=0) == pytest.approx(normal, abs=0.01)
    assert sign_flip_test(np.ones(60), seed=0) == 1 / 20_001


def test_drawn_patterns_come_from_the_seed() -> None:
    differences = RNG.normal(size=20)
    assert sign_flip_test(differences, seed=1) == sign_flip_test(differences, seed=1)
    assert sign_flip_test(differences, seed=1) != sign_flip_test(differences, seed=2)


def test_runs_of_one_cluster_flip_together() -> None:
    differences = np.linspace(0.1, 0.3, 12)
    assert sign_flip_test(differences, clusters=["only"] * 12, seed=0) == 1
    assert sign_flip_test(differences, clusters=list("aaaabbbbcccc"), seed=0) == 0.25


def test_false_alarms_keep_their_level() -> None:
    p_values = [sign_flip_test(RNG.normal(size=8), seed=0) for _ in range(500)]
    assert np.mean(np.asarray(p_values) <= 0.05) == pytest.approx(0.05, abs=0.025)


def test_holm_known_answer() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]).tolist() == [1, 1]
    assert holm([]).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=10))
def test_holm_lies_between_the_raw_value_and_bonferroni_and_keeps_the_order(p_values: list[float]) -> None:
    raw, corrected = np.asarray(p_values), holm(p_values)
    assert (raw <= corrected).all()
    assert (corrected <= np.minimum(raw * len(raw), 1) + 1e-12).all()
    assert (np.diff(corrected[np.argsort(raw, kind="stable")]) >= 0).all()


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="at least one"):
        sign_flip_test(np.array([]), seed=0)
    with pytest.raises(ValueError, match="found 1 and 2"):
        sign_flip_test(np.ones(2), clusters=["a"], seed=0)
    with pytest.raises(ValueError, match="not finite"):
        sign_flip_test(np.array([np.nan]), seed=0)
    with pytest.raises(ValueError, match=r"found \[0\.5, nan\]"):
        holm([0.5, float("nan")])
