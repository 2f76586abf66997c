from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detaux.metrics import compute_metric

REFERENCE = np.repeat([0, 1, 2], 20)


def test_renamed_clusters_agree_fully() -> None:
    scores = compute_metric("agreement", np.array([5, -1, 3])[REFERENCE], REFERENCE)
    assert scores == pytest.approx({"nmi": 1, "ari": 1, "homogeneity": 1, "completeness": 1})


def test_split_clusters_are_homogeneous_but_not_complete() -> None:
    halves = REFERENCE * 2 + np.arange(60) % 2
    scores = compute_metric("agreement", halves, REFERENCE)
    completeness = math.log(3) / math.log(6)
    assert scores["homogeneity"] == pytest.approx(1)
    assert scores["completeness"] == pytest.approx(completeness)
    assert scores["nmi"] == pytest.approx(2 * completeness / (1 + completeness))


def test_one_cluster_says_nothing() -> None:
    scores = compute_metric("agreement", np.zeros_like(REFERENCE), REFERENCE)
    assert scores == pytest.approx({"nmi": 0, "ari": 0, "homogeneity": 0, "completeness": 1})


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 3)), min_size=2, max_size=40))
def test_turning_the_sides_round_swaps_homogeneity_and_completeness(pairs: list[tuple[int, int]]) -> None:
    a, b = np.asarray(pairs).T
    there, back = compute_metric("agreement", a, b), compute_metric("agreement", b, a)
    assert there["homogeneity"] == pytest.approx(back["completeness"], abs=1e-9)
    assert there["nmi"] == pytest.approx(back["nmi"], abs=1e-9)
    assert there["ari"] == pytest.approx(back["ari"], abs=1e-9)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="'reference': 59"):
        compute_metric("agreement", REFERENCE, REFERENCE[1:])
    with pytest.raises(ValueError, match="clusters must have 1 axes"):
        compute_metric("agreement", REFERENCE[:, None], REFERENCE)
