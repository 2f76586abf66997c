from __future__ import annotations

import numpy as np
import pytest

from detaux.metrics.axes import discriminant_axes

RNG = np.random.default_rng(0)


def test_the_first_axis_sets_the_means_apart_against_the_spread() -> None:
    factor = RNG.integers(0, 2, 20_000)
    block = RNG.normal(size=(20_000, 2)) @ np.array([[2.0, 1.0], [0.0, 1.0]])
    block += factor[:, None] * np.array([1.0, -1.0])
    axis = discriminant_axes(block, factor)[:, 0]
    within = np.array([[4.0, 2.0], [2.0, 2.0]])
    fisher = np.linalg.solve(within, np.array([1.0, -1.0]))
    cosine = abs(axis @ fisher) / np.linalg.norm(axis) / np.linalg.norm(fisher)
    assert cosine == pytest.approx(1, abs=1e-3)


def test_codes_have_unit_variance_along_the_axes_and_no_correlation() -> None:
    factor = RNG.integers(0, 4, 2_000)
    block = RNG.normal(size=(2_000, 5)) @ RNG.normal(size=(5, 5)) + factor[:, None]
    seen = block @ discriminant_axes(block, factor)
    assert seen.shape[1] == 3
    np.testing.assert_allclose(np.cov(seen.T, bias=True), np.eye(3), atol=1e-9)


@pytest.mark.parametrize(("dim", "values", "axes"), [(1, 9, 1), (2, 9, 2), (5, 2, 1), (5, 1, 1)])
def test_number_of_axes(dim: int, values: int, axes: int) -> None:
    factor = np.arange(500) % values
    assert discriminant_axes(RNG.normal(size=(500, dim)), factor).shape == (dim, axes)


def test_a_block_of_one_dimension_is_left_as_it_is() -> None:
    assert discriminant_axes(RNG.normal(size=(10, 1)), np.arange(10)).tolist() == [[1]]


def test_dead_blocks_and_dead_directions_give_finite_axes() -> None:
    factor = np.arange(100) % 4
    assert discriminant_axes(np.ones((100, 3)), factor).shape == (3, 1)
    block = np.stack([RNG.normal(size=100), np.ones(100), np.zeros(100)], axis=1)
    assert np.isfinite(discriminant_axes(block, factor)).all()
