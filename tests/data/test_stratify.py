from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detaux.core.errors import DataError
from detaux.data.stratify import part_off, stratified_sample


@given(
    labels=st.lists(st.integers(0, 6), min_size=1, max_size=200),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**62),
)
def test_each_class_is_within_one_of_its_share(labels: list[int], share: float, seed: int) -> None:
    array = np.array(labels)
    size = int(share * len(labels))
    positions = stratified_sample(array, size, seed=seed)
    assert len(positions) == size == len(np.unique(positions))
    for label in np.unique(array):
        exact = (array == label).sum() * size / len(labels)
        assert abs((array[positions] == label).sum() - exact) < 1


def test_the_draw_depends_on_the_seed_alone() -> None:
    labels = np.arange(1000) % 7
    np.testing.assert_array_equal(
        stratified_sample(labels, 50, seed=3), stratified_sample(labels, 50, seed=3)
    )
    assert not np.array_equal(stratified_sample(labels, 50, seed=3), stratified_sample(labels, 50, seed=4))


def test_each_member_of_a_class_is_as_likely_as_another() -> None:
    labels = np.array([0, 0, 0, 0, 1, 1])
    times = sum(np.bincount(stratified_sample(labels, 3, seed=seed), minlength=6) for seed in range(2000))
    np.testing.assert_allclose(times, 1000, atol=3 * np.sqrt(2000 / 4))


def test_more_than_there_are_is_refused() -> None:
    with pytest.raises(DataError, match=r"7 images.*only 6"):
        stratified_sample(np.zeros(6, dtype=np.int64), 7, seed=0)


def test_the_two_parts_make_the_pool() -> None:
    pool = np.arange(10, 60)
    one, other = part_off(pool, np.arange(60) % 2, 0.3, seed=0)
    assert len(one) == 15
    np.testing.assert_array_equal(np.sort(np.concatenate([one, other])), pool)
