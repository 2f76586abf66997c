from __future__ import annotations

import numpy as np
import pytest

from detaux.metrics import TooFewSamplesWarning
from detaux.metrics.scores.total_correlation import total_correlation
from tests.metrics.gaussian_codes import Floats, N, equal_correlations, of_covariance, turned

COORDINATES, BLOCKS = "total_correlation", "total_correlation.block"
COPY = -0.5 * np.log(1 - (1 / (1 + 1e-6)) ** 2)


def _log_det(covariance: Floats) -> float:
    return float(np.linalg.slogdet(covariance)[1])


def _mixed() -> Floats:
    """Return a covariance of 12 coordinates without structure."""
    mixing = np.random.default_rng(3).normal(size=(12, 12))
    return np.asarray(mixing @ mixing.T + np.eye(12))


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.9])
def test_two_coordinates_have_the_information_of_their_correlation(correlation: float) -> None:
    codes = of_covariance(equal_correlations(2, correlation))
    expected = -0.5 * np.log(1 - correlation**2)
    assert total_correlation(codes) == {COORDINATES: pytest.approx(expected, abs=1e-5)}


def test_coordinates_that_all_correlate_alike_have_the_closed_form() -> None:
    expected = -0.5 * (9 * np.log(1 - 0.5) + np.log(1 + 9 * 0.5))
    codes = of_covariance(equal_correlations(10, 0.5))
    assert total_correlation(codes)[COORDINATES] == pytest.approx(expected, abs=1e-4)


def test_both_forms_are_the_plain_difference_of_log_determinants() -> None:
    covariance = _mixed()
    scores = total_correlation(of_covariance(covariance).reshape(N, 4, 3))
    whole = _log_det(covariance)
    blocks = sum(_log_det(covariance[k : k + 3, k : k + 3]) for k in range(0, 12, 3))
    assert scores[COORDINATES] == pytest.approx(0.5 * (np.log(np.diag(covariance)).sum() - whole), abs=1e-3)
    assert scores[BLOCKS] == pytest.approx(0.5 * (blocks - whole), abs=1e-3)


def test_what_is_within_subspaces_is_all_that_blocks_leave_out() -> None:
    codes = of_covariance(_mixed()).reshape(N, 4, 3)
    within = sum(total_correlation(codes[:, k])[COORDINATES] for k in range(4))
    scores = total_correlation(codes)
    assert scores[COORDINATES] == pytest.approx(scores[BLOCKS] + within, abs=1e-3)


def test_independent_codes_have_none_but_the_bias() -> None:
    codes = np.random.default_rng(0).normal(size=(10_000, 5, 4))
    scores = total_correlation(codes)
    assert scores[COORDINATES] == pytest.approx(20 * 19 / 40_000, rel=0.3)
    assert scores[BLOCKS] == pytest.approx((400 - 80) / 40_000, rel=0.3)


def test_rotation_counts_between_coordinates_and_not_within_subspaces() -> None:
    straight = of_covariance(np.diag([9.0, 1.0] * 3)).reshape(N, 3, 2)
    before, after = total_correlation(straight), total_correlation(turned(straight))
    assert before == pytest.approx({COORDINATES: 0, BLOCKS: 0}, abs=1e-6)
    assert after[COORDINATES] > 0.1
    assert after[BLOCKS] == pytest.approx(0, abs=1e-6)


def test_order_scale_and_offset_do_not_matter() -> None:
    codes = of_covariance(_mixed()).reshape(N, 4, 3)
    changed = codes[:, [2, 0, 3, 1]] * np.array([[1e3], [-1.0], [1e-3], [5.0]]) + 1e6
    assert total_correlation(changed) == pytest.approx(total_correlation(codes), abs=1e-4)


def test_one_dimension_scores_as_coordinates_do() -> None:
    codes = of_covariance(_mixed())
    scores = total_correlation(codes[:, :, None])
    assert scores[BLOCKS] == pytest.approx(scores[COORDINATES], abs=1e-12)
    assert scores[COORDINATES] == total_correlation(codes)[COORDINATES]


def test_copies_have_the_most_that_the_noise_lets_through() -> None:
    codes = of_covariance(np.eye(3))
    twice = np.concatenate([codes, codes], axis=1)
    assert total_correlation(twice)[COORDINATES] == pytest.approx(3 * COPY, abs=1e-3)
    blocks = np.stack([codes, codes], axis=1)
    assert total_correlation(blocks)[BLOCKS] == pytest.approx(3 * COPY, abs=1e-3)
    assert total_correlation(turned(blocks))[BLOCKS] == pytest.approx(3 * COPY, abs=1e-3)


@pytest.mark.parametrize("constant", [1.0, 0.1, 1e6 + 0.1])
def test_constant_codes_have_none_and_change_nothing(constant: float) -> None:
    assert set(total_correlation(np.full((N, 3, 2), constant)).values()) == {0}
    codes = of_covariance(_mixed()).reshape(N, 4, 3)
    more = np.concatenate([codes, np.full((N, 2, 3), constant)], axis=1)
    assert total_correlation(more) == pytest.approx(total_correlation(codes), abs=1e-9)


def test_a_flat_subspace_counts_by_the_axes_that_it_has() -> None:
    covariance = equal_correlations(2, 0.6)
    flat = of_covariance(covariance)[:, :, None] * np.array([1.0, -2.0, 0.5])
    assert total_correlation(flat)[BLOCKS] == pytest.approx(-0.5 * np.log(1 - 0.36), abs=1e-5)


def test_fewer_samples_than_coordinates_break_nothing() -> None:
    with pytest.warns(TooFewSamplesWarning, match="total_correlation: 20 samples, but under 300"):
        scores = total_correlation(np.random.default_rng(0).normal(size=(20, 10, 3)))
    assert np.isfinite(list(scores.values())).all()


def test_dependence_that_is_not_linear_is_not_seen() -> None:
    x = np.random.default_rng(0).normal(size=10_000)
    assert total_correlation(np.stack([x, x**2], axis=1))[COORDINATES] < 0.01


def test_single_precision_and_order_in_memory_do_not_matter() -> None:
    codes = of_covariance(_mixed()).reshape(N, 4, 3)
    single = np.asfortranarray(codes.astype(np.float32))
    assert total_correlation(single) == pytest.approx(total_correlation(codes), abs=1e-3)


def test_more_than_ten_thousand_samples_are_drawn_from_by_seed() -> None:
    codes = np.random.default_rng(0).normal(size=(10_001, 3))
    assert total_correlation(codes, seed=1) == total_correlation(codes, seed=1)
    assert total_correlation(codes, seed=1) != total_correlation(codes, seed=2)
