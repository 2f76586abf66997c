from __future__ import annotations

import numpy as np
import pytest

from detaux.metrics import compute_metric

CODES = np.array([[0.0], [1.0], [10.0], [11.0]])


def test_known_answer() -> None:
    own, other = 1.0, np.array([10.5, 9.5, 9.5, 10.5])
    expected = np.mean((other - own) / other)
    assert compute_metric("silhouette", CODES, np.array([0, 0, 1, 1]))["silhouette"] == pytest.approx(
        expected
    )


def test_noise_is_left_out() -> None:
    codes, clusters = np.append(CODES, [[5.0]], axis=0), np.array([0, 0, 1, 1, -1])
    assert compute_metric("silhouette", codes, clusters) == compute_metric("silhouette", CODES, clusters[:4])


@pytest.mark.parametrize("clusters", [[0, 0, 0, 0], [0, 0, -1, -1], [-1, -1, -1, -1], [0, 1, 2, 3]])
def test_what_is_undefined_is_absent(clusters: list[int]) -> None:
    assert compute_metric("silhouette", CODES, np.array(clusters)) == {}


def test_a_sample_stands_for_many() -> None:
    generator = np.random.default_rng(0)
    clusters = generator.integers(0, 2, 6_000)
    codes = generator.normal(size=(6_000, 2)) + 10 * clusters[:, None]
    first, second = (
        compute_metric("silhouette", codes, clusters, seed=seed)["silhouette"] for seed in (0, 1)
    )
    assert first != second
    assert first == pytest.approx(second, abs=0.01)


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="'clusters': 3"):
        compute_metric("silhouette", CODES, np.array([0, 1, 1]))
    with pytest.raises(ValueError, match="not finite"):
        compute_metric("silhouette", CODES * np.nan, np.array([0, 0, 1, 1]))
