import numpy as np
import pytest

from detaux.core.checks import check_finite, check_rank, check_same_length


def test_rank_names_the_shape_found() -> None:
    with pytest.raises(ValueError, match=r"codes must have 2 axes, but its shape is \(3,\)"):
        check_rank("codes", np.zeros(3), 2)


def test_lengths_must_agree_and_not_be_zero() -> None:
    assert check_same_length(a=np.zeros(3), b=np.zeros((3, 2))) == 3
    with pytest.raises(ValueError, match="'a': 3, 'b': 2"):
        check_same_length(a=np.zeros(3), b=np.zeros(2))
    with pytest.raises(ValueError, match="non-zero"):
        check_same_length(a=np.zeros(0), b=np.zeros(0))


def test_values_that_are_not_finite_are_counted() -> None:
    with pytest.raises(ValueError, match="2 values that are not finite, of 3"):
        check_finite("codes", np.array([0.0, np.nan, np.inf]))
