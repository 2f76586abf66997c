from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from detaux.data.text.embeddings import Floats, Scale, draw_sample, write_rows

MADE = np.random.default_rng(0).normal(5, [[1e-3, 1, 1e3, 1]], (4000, 4)).astype(np.float32)


class Made:
    """Embeddings in two uneven chunks, the first 3000 of them for training."""

    shape = MADE.shape

    def training_sample(self) -> Floats:
        return MADE[:3000]

    def chunks(self) -> Iterator[Floats]:
        yield MADE[:2500]
        yield MADE[2500:]


@pytest.fixture
def levels(tmp_path: Path) -> np.ndarray:
    """What was written, without the two numbers that fill the second pixel."""
    told: list[float] = []
    write_rows(tmp_path / "rows.npy", Made(), lambda share, _: told.append(share))
    rows = np.load(tmp_path / "rows.npy")
    assert (rows.shape, rows.dtype) == ((4000, 1, 2, 3), np.uint8)
    assert not rows[:, 0, 1, 1:].any()
    assert told == [0.625, 1.0]
    return np.asarray(rows.reshape(4000, 6)[:, :4])


def test_inside_the_range_a_number_is_off_by_half_a_step_at_most(levels: np.ndarray) -> None:
    low, high = np.percentile(MADE[:3000], (0.1, 99.9), axis=0)
    step = (high - low) / 255
    inside = (low <= MADE) & (high >= MADE)
    assert 0.99 < inside.mean() < 1
    error = np.abs(low + levels * step - MADE) / step
    assert error[inside].max() < 0.501  # of a step; the rest is float32
    assert abs(error[inside].mean() - 0.25) < 0.01


def test_outside_the_range_numbers_are_clipped(levels: np.ndarray) -> None:
    low, high = np.percentile(MADE[:3000], (0.1, 99.9), axis=0)
    assert set(levels[low > MADE]) == {0}
    assert set(levels[high < MADE]) == {255}


def test_a_coordinate_that_never_changes_has_one_level() -> None:
    scale = Scale.of(np.full((5, 3), 7, np.float32))
    assert scale.rows(np.full((2, 3), 7, np.float32)).tolist() == [[[[0, 0, 0]]]] * 2


@pytest.mark.parametrize(("width", "size"), [(192, 65_536), (1024, 65_536), (4096, 16_384), (1 << 30, 1)])
def test_a_sample_of_wide_embeddings_is_smaller(width: int, size: int) -> None:
    train = np.arange(10, 70_010)
    sample = draw_sample(train, width)
    assert len(sample) == size
    assert (np.diff(sample) > 0).all()
    assert np.isin(sample, train).all()
    np.testing.assert_array_equal(sample, draw_sample(train, width))


def test_few_training_rows_are_all_drawn() -> None:
    assert draw_sample(np.array([3, 5, 9]), 192).tolist() == [3, 5, 9]
