from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.tree import DecisionTreeRegressor

from detaux.metrics.sorted_tree import Floats, Node, grow

RNG = np.random.default_rng(0)
SEEN = 300


def both(codes: Floats, residual: Floats) -> tuple[Any, list[list[int]], Floats]:
    """Return scikit-learn's tree of the first rows, and leaves and gains of ours."""
    reference = DecisionTreeRegressor(max_depth=3, random_state=0).fit(codes[:SEEN], residual)
    columns = codes.T.astype(np.float32, order="C")
    leaves, gains = grow(columns, Node.root(columns, SEEN), residual, np.random.default_rng(0))
    return reference, sorted(leaf.tolist() for leaf in leaves), gains


def leaves_of(reference: Any, codes: Floats) -> list[list[int]]:
    leaf = reference.apply(codes)
    return sorted(np.flatnonzero(leaf == one).tolist() for one in set(leaf.tolist()))


@pytest.mark.parametrize("step", [0, 0.2, 1], ids=["continuous", "some equal values", "many equal values"])
def test_tree_is_that_of_scikit_learn(step: float) -> None:
    drawn = np.random.default_rng(0).normal(size=(400, 6))
    codes = (drawn[:, :5] / step).round() if step else drawn[:, :5]
    residual = drawn[:SEEN] @ np.array([1.0, 0.8, 0.6, 0, 0, 1]) + drawn[:SEEN, 1] * drawn[:SEEN, 2]
    reference, leaves, gains = both(codes, residual)
    assert leaves == leaves_of(reference, codes)
    importance = reference.tree_.compute_feature_importances(normalize=False)
    assert gains / SEEN == pytest.approx(importance, abs=1e-12)
    assert len(leaves) == 8
    assert np.count_nonzero(gains) >= 3


def test_values_too_near_are_told_apart_only_where_those_between_are_missing() -> None:
    codes = np.stack([RNG.integers(0, 6, 400) * 6e-8, RNG.integers(0, 2, 400)], axis=1)
    codes[codes[:, 1] == 1, 0] = RNG.integers(0, 3, np.sum(codes[:, 1] == 1)) * 12e-8
    residual = codes[:SEEN, 0] * 1e7 + 5 * codes[:SEEN, 1] + 0.1 * RNG.normal(size=SEEN)
    reference, leaves, gains = both(codes, residual)
    assert leaves == leaves_of(reference, codes)
    assert len(leaves) == 4  # the second column, then the first where it goes by two steps
    assert gains[0] > 0


def test_of_columns_that_tell_the_same_each_is_taken_at_times() -> None:
    column = RNG.normal(size=SEEN).astype(np.float32)
    columns, generator = np.stack([column, column]), np.random.default_rng(0)
    root, residual = Node.root(columns, SEEN), np.sin(5 * column.astype(np.float64))
    gains = sum(grow(columns, root, residual, generator)[1] for _ in range(20))
    assert gains / np.sum(gains) == pytest.approx([0.5, 0.5], abs=0.3)


@pytest.mark.parametrize(
    "residual", [np.full(SEEN, 0.3), RNG.normal(size=SEEN)], ids=["pure", "constant column"]
)
def test_what_cannot_be_told_apart_is_one_leaf(residual: Floats) -> None:
    columns = np.ones((1, 400), np.float32)
    if not residual.std():
        columns[0] = RNG.normal(size=400)
    leaves, gains = grow(columns, Node.root(columns, SEEN), residual, np.random.default_rng(0))
    assert [leaf.tolist() for leaf in leaves] == [list(range(400))]
    assert gains.tolist() == [0]
