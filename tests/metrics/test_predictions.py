"""Scores of predicted classes: accuracy and macro F1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score

from detaux.metrics import compute_metric

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=50)


@given(PAIRS)
def test_scores_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    predictions, labels = np.asarray(pairs).T
    accuracy = compute_metric("accuracy", predictions, labels)["accuracy"]
    macro_f1 = compute_metric("macro_f1", predictions, labels)["macro_f1"]
    assert accuracy == pytest.approx(accuracy_score(labels, predictions))
    assert macro_f1 == pytest.approx(f1_score(labels, predictions, average="macro"))


def test_macro_f1_weighs_a_rare_class_like_a_common_one() -> None:
    labels = np.array([0] * 98 + [1] * 2)
    always_common = np.zeros_like(labels)
    assert compute_metric("accuracy", always_common, labels)["accuracy"] == 0.98
    assert compute_metric("macro_f1", always_common, labels)["macro_f1"] == pytest.approx(98 / 99 / 2)


@pytest.mark.parametrize("metric", ["accuracy", "macro_f1"])
def test_bad_input_is_named(metric: str) -> None:
    with pytest.raises(ValueError, match="'predictions': 2, 'labels': 3"):
        compute_metric(metric, np.zeros(2, dtype=np.int64), np.zeros(3, dtype=np.int64))
    with pytest.raises(ValueError, match="non-zero"):
        compute_metric(metric, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
