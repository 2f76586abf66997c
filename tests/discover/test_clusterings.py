"""What both clusterings promise, and what each promises alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.discover import Clustering
from detaux.discover.clusterings import hdbscan as hdbscan_module
from detaux.discover.clusterings.hdbscan import Hdbscan
from detaux.discover.clusterings.kmeans import Kmeans

SIZES = (120, 300, 180)
BOTH = pytest.mark.parametrize(
    "clustering",
    [
        Hdbscan(min_cluster_size=40),
        Hdbscan(min_cluster_size=40, min_samples=5),
        Kmeans(num_clusters=3),
        Kmeans(),
    ],
    ids=str,
)


def _blobs(seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return three far groups in 4 dimensions, shuffled, with their true groups."""
    generator = np.random.default_rng(seed)
    truth = generator.permutation(np.repeat(np.arange(3), SIZES))
    centres = 10 * np.eye(3, 4)
    return (centres[truth] + generator.normal(size=(len(truth), 4))).astype(np.float32), truth


@BOTH
def test_far_groups_are_found_and_numbered_by_size(clustering: Clustering) -> None:
    codes, truth = _blobs(0)
    clusters = clustering.fit(codes, seed=0)
    assert clusters.num_clusters == 3
    by_size = np.array([2, 0, 1])  # of sizes 120, 300, 180
    clustered = clusters.labels != -1
    assert clustered.mean() > 0.95
    np.testing.assert_array_equal(clusters.labels[clustered], by_size[truth[clustered]])


@BOTH
def test_new_codes_get_the_cluster_of_their_group(clustering: Clustering) -> None:
    clusters = clustering.fit(_blobs(0)[0], seed=0)
    new_codes, new_truth = _blobs(1)
    predicted = clusters.predict(new_codes)
    assert predicted.dtype == np.int64
    known = predicted != -1
    assert known.mean() > 0.9
    np.testing.assert_array_equal(predicted[known], np.array([2, 0, 1])[new_truth[known]])


@BOTH
def test_equal_seeds_give_equal_clusters(clustering: Clustering) -> None:
    codes = np.random.default_rng(3).normal(size=(400, 4))
    first, second = (clustering.fit(codes, seed=2**62) for _ in range(2))
    np.testing.assert_array_equal(first.labels, second.labels)
    np.testing.assert_array_equal(first.predict(codes), second.predict(codes))


@BOTH
def test_codes_that_never_vary_hold_no_two_clusters(clustering: Clustering) -> None:
    assert clustering.fit(np.ones((300, 4)), seed=0).num_clusters < 2


@BOTH
def test_codes_of_few_distinct_values_are_clustered_without_a_warning(clustering: Clustering) -> None:
    codes = np.repeat(10 * np.eye(3), 100, axis=0)
    clusters = clustering.fit(codes, seed=0)
    assert clusters.num_clusters == 3
    assert np.unique(clusters.predict(10 * np.eye(3))).tolist() == [0, 1, 2]


@BOTH
def test_codes_of_all_subspaces_are_refused(clustering: Clustering) -> None:
    with pytest.raises(ValueError, match="2 axes"):
        clustering.fit(np.zeros((10, 2, 3)), seed=0)


def test_hdbscan_finds_nothing_in_one_gaussian_and_predicts_noise_without_a_warning() -> None:
    codes = np.random.default_rng(0).normal(size=(600, 10))
    clusters = Hdbscan(min_cluster_size=100).fit(codes, seed=0)
    assert clusters.num_clusters == 0
    assert (clusters.predict(codes[:20]) == -1).all()


@pytest.mark.parametrize(
    "clustering", [Hdbscan(min_cluster_size=200), Hdbscan(min_cluster_size=5, min_samples=200)]
)
def test_hdbscan_of_too_few_codes_is_all_noise(clustering: Clustering) -> None:
    codes, _ = _blobs(0)
    clusters = clustering.fit(codes[:399], seed=0)
    assert clusters.num_clusters == 0
    assert (clusters.predict(codes) == -1).all()


def test_hdbscan_calls_a_far_code_noise() -> None:
    codes, _ = _blobs(0)
    far = np.full((1, 4), 1_000.0)
    assert Hdbscan(min_cluster_size=40).fit(codes, seed=0).predict(far).tolist() == [-1]


def test_hdbscan_predicts_the_same_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    codes, _ = _blobs(0)
    clusters = Hdbscan(min_cluster_size=40).fit(codes, seed=0)
    whole = clusters.predict(codes)
    monkeypatch.setattr(hdbscan_module, "_PREDICT_AT_ONCE", 101)
    np.testing.assert_array_equal(clusters.predict(codes), whole)


def test_kmeans_makes_as_many_clusters_as_told_and_no_noise() -> None:
    clusters = Kmeans(num_clusters=7).fit(_blobs(0)[0], seed=0)
    assert np.unique(clusters.labels).tolist() == list(range(7))


def test_kmeans_chooses_no_more_clusters_than_allowed() -> None:
    assert Kmeans(max_clusters=2).fit(_blobs(0)[0], seed=0).num_clusters == 2


@pytest.mark.parametrize("count", [1, 2, 3])
def test_kmeans_of_a_handful_of_codes(count: int) -> None:
    codes = np.arange(count, dtype=float)[:, None]
    assert Kmeans().fit(codes, seed=0).num_clusters <= count
    assert Kmeans(num_clusters=5).fit(codes, seed=0).num_clusters == count


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"num_clusters": 1}, "num_clusters must be at least 2, but found 1"),
        ({"max_clusters": 1}, "max_clusters must be at least 2, but found 1"),
        ({"num_starts": 0}, "num_starts must be at least 1, but found 0"),
        ({"silhouette_samples": 2}, "silhouette_samples must be at least 3, but found 2"),
    ],
)
def test_kmeans_names_an_impossible_option(options: dict[str, int], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Kmeans(**options)


def test_hdbscan_names_an_impossible_option() -> None:
    with pytest.raises(ValueError, match="min_cluster_size must be at least 2, but found 1"):
        Hdbscan(min_cluster_size=1)
    with pytest.raises(ValueError, match="min_samples must be at least 1, but found 0"):
        Hdbscan(min_samples=0)
