from __future__ import annotations

import numpy as np
import pytest

from detaux.metrics.whitening import whitened

RNG = np.random.default_rng(0)


def test_coordinates_are_uncorrelated_and_of_unit_variance() -> None:
    white = whitened(RNG.normal(5, size=(1_000, 4)) @ RNG.normal(size=(4, 4)))
    np.testing.assert_allclose(np.cov(white.T, bias=True), np.eye(4), atol=1e-9)
    np.testing.assert_allclose(white.mean(axis=0), 0, atol=1e-9)


def test_distances_do_not_change_when_the_subspace_is_sheared() -> None:
    block = RNG.normal(size=(200, 3))
    before, after = whitened(block), whitened(block @ RNG.normal(size=(3, 3)) * 1e3 - 7)
    np.testing.assert_allclose(after @ after.T, before @ before.T, atol=1e-8)


def test_one_coordinate_is_standardised() -> None:
    code = RNG.normal(3, 2, size=(100, 1))
    np.testing.assert_allclose(whitened(code), (code - code.mean()) / code.std())


@pytest.mark.parametrize("value", [0.1, 1e6, 0.0])
def test_what_is_constant_becomes_0(value: float) -> None:
    assert not whitened(np.full((1_001, 3), value)).any()
    turned = np.stack([RNG.normal(size=300), np.full(300, value)], axis=1) @ np.array(
        [[0.6, 0.8], [-0.8, 0.6]]
    )
    white = whitened(turned)
    np.testing.assert_allclose(np.sort(white.std(axis=0)), [0, 1], atol=1e-9)
