from __future__ import annotations

import numpy as np

from detaux.metrics.correlations import correlations, whitened_blocks
from tests.metrics.gaussian_codes import N, equal_correlations, of_covariance

CODES = of_covariance(equal_correlations(6, 0.5)).reshape(N, 3, 2) * [[2.0], [1e-3], [1e3]] + 1e6


def test_whitened_subspaces_are_uncorrelated_within_at_unit_variance() -> None:
    blocks = whitened_blocks(CODES)
    for block in np.moveaxis(blocks, 1, 0):
        np.testing.assert_allclose(np.cov(block.T, bias=True), np.eye(2), atol=1e-6)
    assert whitened_blocks(CODES[:, :0]).shape == (N, 0, 2)


def test_correlations_are_those_of_coordinates_where_subspaces_have_one_dimension() -> None:
    coordinates = CODES.reshape(N, 6, 1)
    found = correlations(coordinates, noise=0.0)
    np.testing.assert_allclose(np.abs(found), np.abs(np.corrcoef(coordinates[:, :, 0].T)), atol=1e-9)


def test_noise_keeps_copies_from_being_singular() -> None:
    copied = np.stack([CODES[:, 0], CODES[:, 0]], axis=1)
    assert np.linalg.eigvalsh(correlations(copied, noise=1e-3))[0] > 0.9e-3


def test_constant_subspaces_correlate_with_nothing() -> None:
    constant = np.concatenate([CODES, np.full((N, 2, 2), 0.1)], axis=1)
    found = correlations(constant, noise=1e-6)
    np.testing.assert_array_equal(found[6:], np.eye(10)[6:])
