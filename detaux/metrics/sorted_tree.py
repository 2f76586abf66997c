"""Regression trees of depth 3 as scikit-learn's, but on columns that are sorted once for many trees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Ints = NDArray[np.int64]

_DEPTH = 3
_GAP = np.float32(1e-7)  # values of a column no further apart are not told apart
_PURE = np.finfo(np.float64).eps  # a node whose residuals have no larger variance is not split


@dataclass(frozen=True, slots=True)
class Node:
    """Rows of a node, fitted or not, and for each column the fitted ones of them, sorted by it."""

    rows: Ints
    orders: list[Ints]

    @classmethod
    def root(cls, columns: Singles, num_seen: int) -> Node:
        """Hold all rows, of which the first `num_seen` are fitted.

        Args:
            columns: Shape (C, N): trees walk a column at a time.
            num_seen: How many rows are fitted.
        """
        return cls(np.arange(columns.shape[1]), list(columns[:, :num_seen].argsort(axis=1, kind="stable")))

    def within(self, rows: Ints) -> Node:
        """Leave out all other rows: what is sorted stays sorted."""
        if len(rows) == len(self.rows):
            return self
        is_within = np.zeros(self.rows[-1] + 1, np.bool_)
        is_within[rows] = True
        return Node(rows, [order.compress(is_within.take(order)) for order in self.orders])


@dataclass(frozen=True, slots=True)
class _Split:
    column: int
    threshold: np.float64
    gain: float


def grow(
    columns: Singles, root: Node, residual: Floats, generator: np.random.Generator
) -> tuple[list[Ints], Floats]:
    """Fit a tree to the residuals by the fall of their squared error.

    Args:
        columns: Shape (C, N).
        root: All rows, sorted by each column.
        residual: Of the fitted rows, shape (num_seen,).
        generator: Draws the order in which each node tries columns: of splits that gain the same the first is taken.

    Returns:
        Rows of each leaf, fitted or not, ascending, and the gain of each column, shape (C,).

    Source: Breiman et al. 1984, Chapter 8; thresholds, sums and what is not split as in scikit-learn's
    `DecisionTreeRegressor`. Differs from it in: the draws of the orders.
    """
    leaves, gains, parts = list[Ints](), np.zeros(len(columns)), [(root, root.rows)]
    for _ in range(_DEPTH):
        children = []
        for parent, rows in parts:
            node = parent.within(rows)
            split = _best_split(columns, node.orders, residual, generator.permutation(len(columns)))
            if split is None:
                leaves.append(rows)
                continue
            gains[split.column] += split.gain
            is_left = columns[split.column].take(rows) <= split.threshold
            children += [(node, rows.compress(is_left)), (node, rows.compress(~is_left))]
        parts = children
    return leaves + [rows for _, rows in parts], gains


def _best_split(columns: Singles, orders: list[Ints], residual: Floats, tried: Ints) -> _Split | None:
    """Return the split that leaves the least squared error, or none where nothing can be told apart."""
    held = residual.take(orders[0])
    count, total = len(held), held.sum()
    if count == 1 or (held * held).sum() / count - (total / count) ** 2 <= _PURE:
        return None
    best, highest, left, right = None, -1.0, np.arange(1.0, count), np.arange(count - 1.0, 0, -1)
    for column in tried:
        sums = residual.take(orders[column]).cumsum()[:-1]
        fit = _fit(sums, total, left, right)
        cut = fit.argmax()
        if fit[cut] <= highest:
            continue
        values = columns[column].take(orders[column])
        if values[cut + 1] <= values[cut] + _GAP:
            fit[values[1:] <= values[:-1] + _GAP] = -1
            cut = fit.argmax()
        if fit[cut] > highest:
            highest, threshold = fit[cut], values[cut : cut + 2].mean(dtype=np.float64)
            apart = sums[cut] / left[cut] - (total - sums[cut]) / right[cut]
            best = _Split(int(column), threshold, float(apart**2 * left[cut] * right[cut] / count))
    return best


def _fit(sums: Floats, total: float, left: Floats, right: Floats) -> Floats:
    """Return what each cut takes off the squares, step for step as scikit-learn, so that rounding breaks ties alike."""
    fit, others = sums * sums, total - sums
    fit /= left
    others *= others
    others /= right
    fit += others
    return np.asarray(fit)
