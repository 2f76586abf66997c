from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import Lasso, LinearRegression

from detaux.metrics.correlations import whitened_blocks
from detaux.metrics.similarity import correlations, explained_variance, lasso_weights

N = 500
RNG = np.random.default_rng(0)
OTHERS = RNG.normal(size=(N, 3, 4))
JUDGED = RNG.normal(size=(N, 2, 5)) + OTHERS[:, [0, 2]] @ RNG.normal(size=(4, 5))


def _unit(codes: NDArray[np.float64]) -> NDArray[np.float64]:
    moved = codes - codes.mean(axis=0)
    return np.asarray(moved / np.sqrt(moved.var(axis=0).sum(axis=1))[:, None])


def test_explained_variance_is_that_of_linear_regression() -> None:
    found = explained_variance(whitened_blocks(OTHERS), _unit(JUDGED))
    for a in range(3):
        for b in range(2):
            seen, wanted = OTHERS[:, a], JUDGED[:, b]
            rest = wanted - LinearRegression().fit(seen, wanted).predict(seen)
            assert found[a, b] == pytest.approx(
                1 - rest.var(axis=0).sum() / wanted.var(axis=0).sum(), abs=1e-9
            )


def test_correlations_are_numpys() -> None:
    a, b = OTHERS[:, :, 0], JUDGED[:, :, 0]
    found = correlations(whitened_blocks(a[:, :, None]), _unit(b[:, :, None]))
    np.testing.assert_allclose(found, np.abs(np.corrcoef(a.T, b.T)[:3, 3:]), atol=1e-9)


def test_lasso_weights_are_those_of_one_fit_a_coordinate() -> None:
    a, b = OTHERS[:, :, 0], JUDGED[:, :, 0]
    found = lasso_weights(whitened_blocks(a[:, :, None]), _unit(b[:, :, None]))
    standard = (a - a.mean(axis=0)) / a.std(axis=0)
    for column in range(2):
        wanted = (b[:, column] - b[:, column].mean()) / b[:, column].std()
        weights = Lasso(alpha=0.1, tol=1e-10).fit(standard, wanted).coef_
        np.testing.assert_allclose(found[:, column], np.abs(weights), atol=1e-4)
