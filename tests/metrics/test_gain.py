from __future__ import annotations

import numpy as np
import pytest

from detaux.metrics.gain import paired_gain, relative_gain


def test_arms_are_paired_by_repetition_not_by_order() -> None:
    gain = paired_gain({2: 0.9, 0: 0.7, 1: 0.5}, {0: 0.6, 1: 0.6, 2: 0.6})
    assert gain.repetitions == (2, 0, 1)
    np.testing.assert_allclose(gain.differences, [0.3, 0.1, -0.1])
    assert (gain.missing_in_arm, gain.missing_in_stl) == ((), ())


def test_what_has_no_partner_is_listed() -> None:
    gain = paired_gain({0: 0.7, 1: float("nan"), 3: 0.5}, {0: 0.6, 1: 0.6, 2: 0.6})
    assert gain.repetitions == (0,)
    assert gain.missing_in_arm == (1, 2)
    assert gain.missing_in_stl == (3,)


def test_without_pairs_there_is_no_difference() -> None:
    gain = paired_gain({}, {"a": 0.5})
    assert gain.differences.shape == (0,)
    assert gain.missing_in_arm == ("a",)


def test_relative_gain_is_a_signed_mean_over_tasks() -> None:
    arm, stl = np.array([0.88, 0.2]), np.array([0.8, 0.25])
    assert relative_gain(arm, stl) == pytest.approx((0.1 - 0.2) / 2)
    assert relative_gain(arm, stl, higher_is_better=[True, False]) == pytest.approx((0.1 + 0.2) / 2)


def test_relative_gain_rises_with_a_score_that_is_negative() -> None:
    assert relative_gain(np.array([-1.0]), np.array([-2.0])) == pytest.approx(0.5)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"STL score of 0 is undefined, but found \[0\.0\]"):
        relative_gain(np.array([0.5]), np.array([0.0]))
    with pytest.raises(ValueError, match="'arm': 1, 'stl': 2"):
        relative_gain(np.ones(1), np.ones(2))
    with pytest.raises(ValueError, match="not finite"):
        relative_gain(np.array([np.nan]), np.ones(1))
