from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.discover.alignment import cosine, dot_product
from detaux.metrics import TooFewSamplesWarning
from detaux.metrics.scores.orthogonality import orthogonality
from tests.metrics.gaussian_codes import turned

Floats = NDArray[np.float64]

N = 1_000
MEANS, COSINES, DOTS = (
    f"orthogonality.block.{name}" for name in ("cosine_of_means", "mean_cosine", "mean_dot")
)


def _around(means: list[list[float]], noise: float = 0.01) -> Floats:
    """Return codes around these means of subspaces, shape (N, K, D)."""
    around = np.asarray(means)
    return np.asarray(around + noise * np.random.default_rng(0).normal(size=(N, *around.shape)))


def test_angles_between_means_are_found() -> None:
    for second, expected in (
        ([0.0, 2.0], 0.0),
        ([3.0, 0.0], 1.0),
        ([-3.0, 0.0], 1.0),
        ([1.0, 1.0], 0.5**0.5),
    ):
        scores = orthogonality(_around([[1.0, 0.0], second]))
        assert scores == pytest.approx({MEANS: expected, COSINES: expected, DOTS: expected}, abs=0.01)


def test_the_score_is_the_mean_over_pairs() -> None:
    scores = orthogonality(_around([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]))
    assert scores[MEANS] == pytest.approx(2 * 0.5**0.5 / 3, abs=0.01)


def test_of_two_subspaces_it_is_what_the_criteria_of_stage_two_see() -> None:
    codes = np.random.default_rng(1).normal(size=(N, 2, 4)) + 0.5
    squares = np.sqrt(np.prod(np.square(codes).sum(axis=2).mean(axis=0)))
    scores = orthogonality(codes)
    assert scores[COSINES] == pytest.approx(cosine(codes)[1], abs=1e-9)
    assert scores[DOTS] == pytest.approx(dot_product(codes)[1] / squares, abs=1e-9)
    first, second = codes.mean(axis=0)
    expected = abs(first @ second) / np.linalg.norm(first) / np.linalg.norm(second)
    assert scores[MEANS] == pytest.approx(expected, abs=1e-9)


def test_it_says_nothing_of_dependence() -> None:
    x = np.random.default_rng(2).normal(size=(N, 1)) + 3
    same_factor = np.stack([x * [1.0, 0.0], x * [0.0, 1.0]], axis=1)
    assert set(orthogonality(same_factor).values()) == {0}
    independent = _around([[5.0, 0.0], [5.0, 0.0]])
    assert min(orthogonality(independent).values()) > 0.99


def test_means_that_are_zero_but_for_sampling_have_random_directions() -> None:
    scores = orthogonality(np.random.default_rng(0).normal(size=(10_000, 10, 10)))
    assert scores[MEANS] == pytest.approx(0.25, abs=0.1)
    assert max(scores[COSINES], scores[DOTS]) < 0.01


def test_order_and_scale_of_subspaces_and_a_common_turn_do_not_matter() -> None:
    codes = np.random.default_rng(3).normal(size=(N, 4, 3)) + np.arange(12).reshape(4, 3)
    turn = np.linalg.qr(np.random.default_rng(4).normal(size=(3, 3)))[0]
    changed = (codes @ turn)[:, [2, 0, 3, 1]] * np.array([[1e3], [-1.0], [1e-3], [5.0]])
    assert orthogonality(changed) == pytest.approx(orthogonality(codes), abs=1e-9)


def test_turning_one_subspace_in_itself_or_moving_it_matters() -> None:
    codes = _around([[1.0, 0.0], [0.0, 1.0]])
    assert orthogonality(turned(codes))[MEANS] > 0.1
    assert orthogonality(codes + 1e6)[MEANS] == pytest.approx(1)


def test_a_subspace_without_direction_is_left_out_and_a_score_without_pairs_is_absent() -> None:
    codes = _around([[1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    codes[:, 2] = 0
    assert orthogonality(codes) == pytest.approx(orthogonality(codes[:, :2]))
    assert orthogonality(np.zeros((N, 3, 2))) == {}
    mirrored = np.concatenate([codes[:, :2], -codes[:, :2]])
    assert set(orthogonality(mirrored)) == {COSINES, DOTS}


def test_what_has_no_two_subspaces_of_several_dimensions_has_no_score() -> None:
    codes = _around([[1.0, 0.0], [1.0, 1.0]])
    assert orthogonality(codes[:, 0]) == orthogonality(codes[:, :1]) == orthogonality(codes[:, :, :1]) == {}


def test_single_precision_and_order_in_memory_do_not_matter() -> None:
    codes = _around([[1.0, 0.3], [0.5, 1.0]], noise=0.5)
    single = np.asfortranarray(codes.astype(np.float32))
    assert orthogonality(single) == pytest.approx(orthogonality(codes), abs=1e-5)


def test_too_few_samples_are_a_warning_of_their_own() -> None:
    with pytest.warns(TooFewSamplesWarning, match="orthogonality: 499 samples, but under 500"):
        orthogonality(_around([[1.0, 0.0], [1.0, 1.0]])[:499])
