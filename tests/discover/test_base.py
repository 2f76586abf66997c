from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detaux.core.checks import Codes
from detaux.discover.base import Clusters


def _first_coordinate(codes: Codes) -> np.ndarray:
    return np.asarray(codes[:, 0].astype(np.int64))


@given(st.lists(st.integers(-1, 5), min_size=1, max_size=60))
def test_clusters_are_renumbered_by_size_and_never_mixed(raw: list[int]) -> None:
    clusters = Clusters(np.asarray(raw), _first_coordinate)
    sizes = [int(np.sum(clusters.labels == number)) for number in range(clusters.num_clusters)]
    assert sizes == sorted(sizes, reverse=True)
    assert all(sizes)
    assert len({*zip(raw, clusters.labels.tolist(), strict=True)}) == len(set(raw))
    np.testing.assert_array_equal(clusters.labels == -1, np.asarray(raw) == -1)


def test_equal_sizes_keep_the_order_of_the_clustering() -> None:
    assert Clusters(np.array([2, 2, 0, 0, 1]), _first_coordinate).labels.tolist() == [1, 1, 0, 0, 2]


def test_prediction_speaks_the_same_numbers_as_the_labels() -> None:
    clusters = Clusters(np.array([0, 1, 1, -1]), _first_coordinate)
    assert clusters.predict(np.array([[0.0], [1.0], [-1.0]])).tolist() == [1, 0, -1]
    assert clusters.predict(np.empty((0, 1))).shape == (0,)


def test_no_clusters_means_all_is_noise_and_will_be() -> None:
    clusters = Clusters.none(3)
    assert clusters.num_clusters == 0
    assert clusters.labels.tolist() == [-1, -1, -1]
    assert clusters.predict(np.zeros((2, 4))).tolist() == [-1, -1]


def test_prediction_wants_codes_of_one_subspace() -> None:
    with pytest.raises(ValueError, match="2 axes"):
        Clusters.none(1).predict(np.zeros((2, 3, 4)))
