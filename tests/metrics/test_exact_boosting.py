from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

from detaux.core.checks import Labels
from detaux.metrics.exact_boosting import exact_boosted_importance
from detaux.metrics.importance import Floats
from detaux.metrics.threads import granted_threads

SEEN = 400


def codes_and_factor(num_values: int, num_levels: int | None = None) -> tuple[Floats, Labels]:
    """Return three columns that hold a factor beside noise, and one that does not; cut into levels if told so.

    With four levels, cuts of two columns never part the samples of a node alike: there are no ties.
    """
    generator = np.random.default_rng(0)
    factor = generator.integers(0, num_values, SEEN + 100)
    held = np.stack([factor, -0.5 * factor, np.abs(factor - 1), 0 * factor], axis=1)
    codes = held + generator.normal(size=held.shape)
    if num_levels is None:
        return codes, factor
    edges = np.quantile(codes, np.arange(1, num_levels) / num_levels, axis=0)
    columns = zip(edges.T, codes.T, strict=True)
    return np.stack([np.searchsorted(edge, code) for edge, code in columns], axis=1).astype(float), factor


def reference(codes: Floats, factor: Labels, seed: int = 0) -> tuple[Floats, Labels]:
    trees = GradientBoostingClassifier(random_state=seed).fit(codes[:SEEN], factor[:SEEN])
    return trees.feature_importances_, trees.predict(codes[SEEN:])


def ours(codes: Floats, factor: Labels, seed: int = 0) -> tuple[Floats, Labels]:
    return exact_boosted_importance(codes[:SEEN], factor[:SEEN], codes[SEEN:], seed)


@pytest.mark.parametrize(("num_values", "constant"), [(2, False), (3, True), (5, False)])
def test_model_is_that_of_scikit_learn_where_nothing_ties(num_values: int, *, constant: bool) -> None:
    codes, factor = codes_and_factor(num_values, num_levels=4)
    if constant:
        codes[:, 1] = 7
    importance, predicted = reference(codes, factor)
    assert reference(codes, factor, seed=1)[0] == pytest.approx(importance, abs=1e-9), "nothing ties"
    found = ours(codes, factor)
    assert found[0] == pytest.approx(importance, abs=1e-9)
    assert found[1].tolist() == predicted.tolist()
    assert found[0].max() < 0.9
    assert bool(found[0][1] == 0) == constant


@pytest.mark.parametrize(("num_values", "num_levels"), [(2, None), (5, None), (3, 16)])
def test_where_columns_tie_the_model_is_as_near_as_that_of_another_seed(
    num_values: int, num_levels: int | None
) -> None:
    codes, factor = codes_and_factor(num_values, num_levels)
    importance, predicted = reference(codes, factor)
    found = ours(codes, factor)
    assert found[0] == pytest.approx(importance, abs=0.01)
    assert np.mean(found[1] == predicted) > 0.95


def test_columns_that_are_the_same_share_and_take_nothing_from_others() -> None:
    codes, factor = codes_and_factor(3, num_levels=4)
    once, predicted = reference(codes, factor)
    twice, found = ours(codes[:, [0, 1, 2, 3, 0]], factor)
    assert [twice[0] + twice[4], *twice[1:4]] == pytest.approx(once.tolist(), abs=1e-9)
    assert 0.3 < twice[0] / (twice[0] + twice[4]) < 0.7
    assert found.tolist() == predicted.tolist()


@pytest.mark.parametrize("num_values", [2, 3])
def test_constant_columns_tell_nothing_and_names_of_classes_are_kept(num_values: int) -> None:
    factor = 5 + 4 * (np.arange(SEEN + 9) % num_values)
    codes = np.ones((SEEN + 9, 2))
    found, expected = ours(codes, factor), reference(codes, factor)
    assert found[0].tolist() == expected[0].tolist() == [0, 0]
    assert found[1].tolist() == expected[1].tolist()


def test_classes_that_one_column_tells_whole_end_in_sure_predictions() -> None:
    factor = np.arange(SEEN + 30) % 3
    importance, predicted = ours(np.stack([10.0 * factor, np.ones(SEEN + 30)], axis=1), factor)
    assert importance.tolist() == [1, 0]
    assert predicted.tolist() == factor[SEEN:].tolist()


def test_orders_follow_the_seed() -> None:
    codes, factor = codes_and_factor(3, num_levels=4)
    first, again, other = (ours(codes[:, [0, 0]], factor, seed)[0].tolist() for seed in (0, 0, 1))
    assert first == again != other


def test_the_number_of_threads_changes_nothing() -> None:
    codes, factor = codes_and_factor(5)
    found = []
    for limit in (1, 2):
        with threadpool_limits(limit):
            found.append(ours(codes, factor))
    assert found[0][0].tolist() == found[1][0].tolist()
    assert found[0][1].tolist() == found[1][1].tolist()


def test_trees_are_grown_by_no_more_threads_than_granted_or_of_use() -> None:
    with threadpool_limits(1):
        assert granted_threads(8) == 1
    assert granted_threads(1) == 1
