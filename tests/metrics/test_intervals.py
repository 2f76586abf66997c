from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detaux.metrics.intervals import Interval, mean_interval, spearman_interval

RNG = np.random.default_rng(0)


def _width(interval: Interval) -> float:
    assert interval.low is not None
    assert interval.high is not None
    return interval.high - interval.low


@settings(max_examples=25)
@given(st.lists(st.floats(-100, 100), min_size=3, max_size=20))
def test_an_interval_holds_its_estimate_and_stays_within_the_values(values: list[float]) -> None:
    interval = mean_interval(np.asarray(values), seed=0)
    assert interval.estimate == pytest.approx(np.mean(values))
    assert interval.low is not None
    assert interval.high is not None
    assert min(values) - 1e-9 <= interval.low <= interval.high <= max(values) + 1e-9


def test_width_is_that_of_the_standard_error_where_values_are_many() -> None:
    values = RNG.normal(size=400)
    expected = 2 * 1.96 * values.std() / math.sqrt(400)
    assert _width(mean_interval(values, seed=0)) == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("count", [1, 2])
def test_under_three_runs_there_is_no_interval(count: int) -> None:
    interval = mean_interval(np.arange(count, dtype=float), seed=0)
    assert (interval.low, interval.high, interval.n) == (None, None, count)
    assert interval.estimate == (count - 1) / 2
    assert interval.method == "no interval: under 3 runs"


def test_equal_values_have_an_interval_of_no_width() -> None:
    interval = mean_interval(np.full(5, 0.3), seed=0)
    assert (interval.low, interval.high) == pytest.approx((0.3, 0.3))


def test_equal_seeds_give_equal_intervals() -> None:
    values = RNG.normal(size=6)
    assert mean_interval(values, seed=1) == mean_interval(values, seed=1)
    assert mean_interval(values, seed=1) != mean_interval(values, seed=2)


def test_clusters_of_one_run_are_no_clusters() -> None:
    values = RNG.normal(size=6)
    assert mean_interval(values, clusters=list("abcdef"), seed=0) == mean_interval(values, seed=0)


def test_clusters_that_differ_widen_the_interval() -> None:
    clusters = np.repeat(np.arange(6), 10)
    values = clusters + 0.01 * RNG.normal(size=60)
    clustered = mean_interval(values, clusters=clusters.tolist(), seed=0)
    assert _width(clustered) > 2 * _width(mean_interval(values, seed=0))
    assert (clustered.n, clustered.clusters, clustered.conditional) == (60, 6, False)
    assert clustered.method == "95 % percentile bootstrap over 6 clusters of 60 runs, then runs within"
    expected = 2 * 1.96 * np.std(np.arange(6)) / math.sqrt(6)  # as of six values
    assert _width(clustered) == pytest.approx(expected, rel=0.1)


def test_two_draws_carry_the_variance_of_clusters_and_of_runs() -> None:
    effects, clusters = RNG.normal(size=30), np.repeat(np.arange(30), 4)
    values = effects[clusters] + RNG.normal(size=120)
    means, inside = values.reshape(30, 4).mean(axis=1), values.reshape(30, 4).var(axis=1)
    expected = 2 * 1.96 * math.sqrt(means.var() / 30 + inside.mean() / 120)
    assert _width(mean_interval(values, clusters=clusters.tolist(), seed=0)) == pytest.approx(
        expected, rel=0.06
    )


def test_one_cluster_gives_an_interval_that_owns_up() -> None:
    values = RNG.normal(size=5)
    interval = mean_interval(values, clusters=["only"] * 5, seed=0)
    assert (interval.clusters, interval.conditional) == (1, True)
    assert "given this one cluster: says nothing of others" in interval.method
    assert _width(interval) == pytest.approx(_width(mean_interval(values, seed=0)), rel=0.05)


def test_two_clusters_are_kept_and_only_runs_are_drawn() -> None:
    values = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    interval = mean_interval(values, clusters=["a"] * 3 + ["b"] * 3, seed=0)
    assert interval.conditional
    assert (interval.low, interval.high) == (0.5, 0.5)


def test_two_clusters_of_too_few_runs_give_none() -> None:
    interval = mean_interval(np.arange(5.0), clusters=["a", "a", "b", "b", "b"], seed=0)
    assert (interval.low, interval.conditional) == (None, False)
    assert "under 3 clusters, and under 3 runs in one" in interval.method


def test_clusters_of_unequal_size_weigh_by_their_runs() -> None:
    values = np.array([0.0] * 8 + [1.0, 2.0])
    interval = mean_interval(values, clusters=["a"] * 8 + ["b", "c"], seed=0)
    assert interval.estimate == pytest.approx(0.3)
    assert interval.low == 0
    assert interval.high is not None
    assert interval.high > 1


def test_spearman_without_ties_is_the_textbook_formula() -> None:
    x, y = RNG.permutation(12).astype(float), RNG.permutation(12).astype(float)
    expected = 1 - 6 * np.sum((x - y) ** 2) / (12 * (12**2 - 1))
    assert spearman_interval(np.exp(x), y**3, seed=0).estimate == pytest.approx(expected)


def test_spearman_gives_ties_their_mean_rank() -> None:
    interval = spearman_interval(np.array([1.0, 2.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0, 4.0]), seed=0)
    ranks_x, ranks_y = [1, 2.5, 2.5, 4], [1, 2, 3, 4]
    assert interval.estimate == pytest.approx(np.corrcoef(ranks_x, ranks_y)[0, 1])


def test_spearman_of_one_order_is_one_with_certainty() -> None:
    interval = spearman_interval(np.arange(8.0), np.arange(8.0) ** 3, seed=0)
    assert (interval.estimate, interval.low, interval.high) == pytest.approx((1, 1, 1))


def test_spearman_stands_on_clusters_not_on_their_runs() -> None:
    scores = RNG.normal(size=6)
    gains = scores + RNG.normal(size=6)
    x, y = np.repeat(scores, 8), np.repeat(gains, 8) + 0.01 * RNG.normal(size=48)
    clusters = np.repeat(np.arange(6), 8).tolist()
    assert _width(spearman_interval(x, y, clusters=clusters, seed=0)) > 1.5 * _width(
        spearman_interval(x, y, seed=0)
    )


@pytest.mark.parametrize("clusters", [None, ["a"] * 4])
def test_spearman_of_a_constant_is_undefined(clusters: list[str] | None) -> None:
    interval = spearman_interval(np.ones(4), np.arange(4.0), clusters=clusters, seed=0)
    assert math.isnan(interval.estimate)
    assert (interval.low, interval.high, interval.conditional) == (None, None, False)
    assert interval.method == "no interval: undefined in more than half of the draws"


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="not finite"):
        mean_interval(np.array([1.0, np.nan]), seed=0)
    with pytest.raises(ValueError, match="at least one, but found 0 and 0"):
        mean_interval(np.array([]), seed=0)
    with pytest.raises(ValueError, match="found 2 and 3"):
        mean_interval(np.ones(3), clusters=["a", "b"], seed=0)
    with pytest.raises(ValueError, match="'x': 3, 'y': 2"):
        spearman_interval(np.ones(3), np.ones(2), seed=0)
