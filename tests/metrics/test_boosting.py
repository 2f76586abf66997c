from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier

from detaux.metrics.boosting import boosted_importance

RNG = np.random.default_rng(0)


def test_importance_and_predictions_are_near_those_of_exact_trees() -> None:
    factor = RNG.integers(0, 4, 900)
    codes = np.stack([factor + 0.8 * RNG.normal(size=900), -0.5 * factor + RNG.normal(size=900)], axis=1)
    codes = np.concatenate([codes, RNG.normal(size=(900, 2))], axis=1)
    importance, predicted = boosted_importance(codes[:600], factor[:600], codes[600:], 0)
    exact = GradientBoostingClassifier(random_state=0).fit(codes[:600], factor[:600])
    assert importance == pytest.approx(exact.feature_importances_, abs=0.05)
    share_right = np.mean(predicted == factor[600:])
    assert share_right == pytest.approx(exact.score(codes[600:], factor[600:]), abs=0.1)


def test_of_columns_that_tell_the_same_none_is_preferred() -> None:
    factor = RNG.integers(0, 3, 600)
    code = factor + 0.4 * RNG.normal(size=600)
    importance, _ = boosted_importance(np.stack([code, code], axis=1), factor, np.zeros((1, 2)), 0)
    assert importance == pytest.approx([0.5, 0.5], abs=0.3)


def test_two_columns_that_tell_only_together_are_found_by_deep_trees() -> None:
    codes = RNG.normal(size=(1_500, 3))
    factor = (codes[:, 0] > 0) ^ (codes[:, 1] > 0.3)
    importance, predicted = boosted_importance(codes[:1_000], factor[:1_000] * 1, codes[1_000:], 0)
    assert np.mean(predicted == factor[1_000:]) > 0.9
    assert importance[2] < 0.1


def test_names_of_classes_are_kept_and_constant_columns_tell_nothing() -> None:
    factor = np.where(RNG.random(200) < 0.7, 5, 9)
    importance, predicted = boosted_importance(np.ones((200, 3)), factor, np.ones((4, 3)), 0)
    assert importance.tolist() == [0, 0, 0]
    assert predicted.tolist() == [5, 5, 5, 5]


def test_orders_follow_the_seed() -> None:
    factor = RNG.integers(0, 3, 300)
    codes = np.repeat(factor[:, None] + RNG.normal(size=(300, 1)), 3, axis=1)
    first, again, other = (boosted_importance(codes, factor, codes, seed)[0].tolist() for seed in (0, 0, 1))
    assert first == again != other
