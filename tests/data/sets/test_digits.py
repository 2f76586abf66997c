from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits

from detaux.data import load_dataset


def test_at_8_pixels_they_are_the_librarys_digits() -> None:
    digits = load_dataset("digits", image_size=8)
    index = np.arange(1797)
    original = load_digits()
    images = digits.images(index)
    np.testing.assert_allclose(images[..., 0], original.images * 255 / 16, atol=0.5)
    assert (images == images[..., :1]).all()
    np.testing.assert_array_equal(digits.factors(index)[:, 0], original.target)


def test_enlarging_keeps_brightness() -> None:
    index = np.arange(100)
    small, large = (load_dataset("digits", image_size=size).images(index) for size in (8, 32))
    assert large.shape == (100, 32, 32, 3)
    np.testing.assert_allclose(large.mean((1, 2, 3)), small.mean((1, 2, 3)), rtol=0.03)


def test_the_fingerprint_goes_with_the_images() -> None:
    prints = [load_dataset("digits", image_size=size).fingerprint for size in (8, 8, 16)]
    assert prints[0] == prints[1] != prints[2]


def test_it_is_a_labelled_set() -> None:
    digits = load_dataset("digits")
    assert (digits.factor_names, digits.factor_sizes, digits.rendered) == (("class",), (10,), False)
    assert digits.value_names["class"][7] == "7"


def test_a_size_below_the_originals_or_beyond_any_use_is_refused() -> None:
    with pytest.raises(ValueError, match="image_size must be at most 1024, found 100000"):
        load_dataset("digits", image_size=100_000)
    with pytest.raises(ValueError, match="at least 8, found 4"):
        load_dataset("digits", image_size=4)
