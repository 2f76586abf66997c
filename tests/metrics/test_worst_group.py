"""The accuracy of the worst group, against counts by hand and a slow reference."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detaux.metrics import compute_metric

ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(-1, 2), st.integers(-1, 1)),
    min_size=1,
    max_size=60,
)


def test_class_and_background_make_four_groups() -> None:
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    place = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    guesses = np.array([0, 0, 1, 1, 1, 1, 1, 1])
    assert compute_metric("worst_group", guesses, np.column_stack([labels, place])) == {
        "worst_group_accuracy": 0.0,
        "worst_group_size": 1.0,
        "num_groups": 4.0,
    }


def test_of_equally_bad_groups_the_largest_counts() -> None:
    labels = np.zeros(5, dtype=int)
    against = np.column_stack([labels, [0, 1, 1, 2, 2], [-1, -1, -1, -1, -1]])
    scores = compute_metric("worst_group", np.array([1, 1, 1, 0, 0]), against)
    assert scores == {"worst_group_accuracy": 0, "worst_group_size": 2, "num_groups": 3}


@pytest.mark.parametrize("columns", [[], [[-1, -1]]])
def test_without_groups_there_is_no_score(columns: list[list[int]]) -> None:
    against = np.column_stack([[0, 1], *columns])
    assert compute_metric("worst_group", np.array([0, 1]), against) == {}


@given(ROWS)
def test_it_is_the_least_over_all_groups(rows: list[tuple[int, ...]]) -> None:
    guesses, *against = np.asarray(rows).T
    labels, *columns = against
    accuracies = [
        np.mean(guesses[member] == label)
        for column in columns
        for value in range(3)
        for label in range(3)
        if (member := (column == value) & (labels == label)).any()
    ]
    scores = compute_metric("worst_group", guesses, np.column_stack(against))
    assert scores.get("worst_group_accuracy", 2) == pytest.approx(min(accuracies, default=2))
    assert scores.get("num_groups", 0) == len(accuracies)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="'predictions': 2, 'labels_and_groups': 3"):
        compute_metric("worst_group", np.zeros(2, int), np.zeros((3, 2), int))
    with pytest.raises(ValueError, match="labels_and_groups"):
        compute_metric("worst_group", np.zeros(2, int), np.zeros(2, int))
    with pytest.raises(ValueError, match="integers"):
        compute_metric("worst_group", np.zeros(2, int), np.zeros((2, 2)))
