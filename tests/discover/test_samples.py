from __future__ import annotations

import numpy as np
import pytest

from detaux.discover import pick_samples

LABELS = np.array([0, 1, -1, 0, 1, 0, 2, 0])


def test_samples_are_members_of_their_cluster_without_repeats() -> None:
    picked = pick_samples(LABELS, per_cluster=2, seed=0)
    assert {label: len(positions) for label, positions in picked.items()} == {0: 2, 1: 2, 2: 1}
    for label, positions in picked.items():
        assert (LABELS[positions] == label).all()
        assert (np.diff(positions) > 0).all()


def test_samples_of_a_cluster_depend_on_the_seed_but_not_on_other_clusters() -> None:
    labels = np.zeros(1_000, dtype=np.int64)
    first = pick_samples(labels, per_cluster=5, seed=0)[0]
    np.testing.assert_array_equal(pick_samples(np.append(labels, 1), per_cluster=5, seed=0)[0], first)
    assert (pick_samples(labels, per_cluster=5, seed=1)[0] != first).any()


def test_at_least_one_must_be_wanted() -> None:
    with pytest.raises(ValueError, match="found 0"):
        pick_samples(LABELS, per_cluster=0, seed=0)
