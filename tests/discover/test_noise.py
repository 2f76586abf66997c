from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.discover import NoisePolicy
from detaux.discover.noise import Classes, check_policy, classes_of

CODES_TRAIN = np.array([[0.0], [1.0], [10.0], [11.0], [8.0]])
TRAIN = np.array([0, 0, 1, 1, -1])
CODES_VALIDATION = np.array([[2.0], [12.0], [0.5]])
VALIDATION = np.array([-1, 1, 0])


def _classes(policy: NoisePolicy, train: NDArray[np.int64] = TRAIN) -> Classes:
    return classes_of(
        policy,
        train=train,
        validation=VALIDATION,
        codes_train=CODES_TRAIN,
        codes_validation=CODES_VALIDATION,
        num_clusters=2,
    )


def test_own_class_puts_noise_at_zero_and_shifts_clusters() -> None:
    classes = _classes("own_class")
    assert classes.train.tolist() == [1, 1, 2, 2, 0]
    assert classes.validation.tolist() == [0, 2, 1]
    assert (classes.num_classes, classes.noise_class) == (3, 0)


def test_own_class_makes_no_class_that_training_never_shows() -> None:
    classes = _classes("own_class", np.array([0, 0, 1, 1, 1]))
    assert classes.train.tolist() == [0, 0, 1, 1, 1]
    assert classes.validation.tolist() == [-1, 1, 0]
    assert (classes.num_classes, classes.noise_class) == (2, None)


def test_nearest_takes_the_cluster_of_the_nearest_clustered_training_code() -> None:
    classes = _classes("nearest")
    assert classes.train.tolist() == [0, 0, 1, 1, 1]
    assert classes.validation.tolist() == [0, 1, 0]
    assert (classes.num_classes, classes.noise_class) == (2, None)


def test_ignore_leaves_noise_out() -> None:
    classes = _classes("ignore")
    assert classes.train.tolist() == TRAIN.tolist()
    assert classes.validation.tolist() == VALIDATION.tolist()
    assert (classes.num_classes, classes.noise_class) == (2, None)


def test_the_clusters_given_are_left_alone() -> None:
    before = TRAIN.copy()
    _classes("nearest")
    np.testing.assert_array_equal(TRAIN, before)


def test_an_unknown_policy_is_named() -> None:
    with pytest.raises(ValueError, match="own_class, nearest, ignore, but found 'drop'"):
        check_policy("drop")
