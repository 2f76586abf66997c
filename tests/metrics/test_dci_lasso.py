from __future__ import annotations

import numpy as np
import pytest

from detaux.metrics import compute_metric
from detaux.metrics.importance import entropy_scores
from tests.metrics import known_codes

RNG = np.random.default_rng(0)


def test_weights_of_independent_codes_are_their_correlations_less_the_penalty() -> None:
    codes = RNG.normal(size=(1_500, 3))
    codes = np.linalg.qr(codes - codes.mean(axis=0))[0]
    factors = (
        np.stack([codes @ [1, 0.5, 0], codes @ [0, 0.2, 1]], axis=1).argsort(axis=0).argsort(axis=0) // 300
    )
    spread = (factors - factors.mean(axis=0)) / factors.std(axis=0)
    weights = np.maximum(np.abs(codes.T @ spread) / np.sqrt(1_500) - 0.02, 0)
    scores = compute_metric("dci_lasso", codes, factors)
    for name, score in entropy_scores(weights).items():
        assert scores[f"dci_lasso.{name}"] == pytest.approx(score, abs=0.06)  # two thirds are fitted


def test_of_two_codes_that_tell_the_same_one_is_kept() -> None:
    scores = compute_metric("dci_lasso", known_codes.duplicated(), known_codes.factors())
    assert scores["dci_lasso.completeness"] > 0.97


def test_predictions_are_the_nearest_index() -> None:
    factors = RNG.integers(0, 5, size=(2_000, 1))
    codes = np.concatenate([factors, RNG.normal(size=(2_000, 2))], axis=1)
    assert compute_metric("dci_lasso", codes, factors)["dci_lasso.informativeness"] == 1
    assert compute_metric("dci_lasso", codes[:, 1:], factors)["dci_lasso.informativeness"] == pytest.approx(
        0.2, abs=0.05
    )
