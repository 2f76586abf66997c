from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.metrics import TooFewSamplesWarning
from detaux.metrics.scores.subspace_information import subspace_information
from tests.metrics.gaussian_codes import Floats, N, equal_correlations, of_covariance, turned

Ints = NDArray[np.int64]
NAME = "subspace_information"
COPY = -0.5 * np.log(1 - (1 / (1 + 1e-6)) ** 2)


def _mixed() -> Floats:
    mixing = np.random.default_rng(3).normal(size=(12, 12))
    return np.asarray(mixing @ mixing.T + np.eye(12))


def _of_pairs(covariance: Floats, size: int) -> list[float]:
    """Return the information of each pair of subspaces by log determinants of its covariance."""
    blocks = [np.arange(start, start + size) for start in range(0, len(covariance), size)]

    def log_det(rows: Ints) -> float:
        return float(np.linalg.slogdet(covariance[np.ix_(rows, rows)])[1])

    return [
        0.5 * (log_det(a) + log_det(b) - log_det(np.concatenate([a, b]))) for a, b in combinations(blocks, 2)
    ]


def test_scores_are_those_of_log_determinants_of_pairs() -> None:
    covariance = _mixed()
    scores = subspace_information(of_covariance(covariance).reshape(N, 4, 3))
    for prefix, size in ((NAME, 1), (f"{NAME}.block", 3)):
        expected = _of_pairs(covariance, size)
        assert scores[f"{prefix}.mean"] == pytest.approx(np.mean(expected), abs=1e-4)
        assert scores[f"{prefix}.largest"] == pytest.approx(max(expected), abs=1e-3)


def test_equal_correlations_have_the_closed_form() -> None:
    scores = subspace_information(of_covariance(equal_correlations(5, 0.5)))
    expected = -0.5 * np.log(1 - 0.25)
    assert scores == pytest.approx({f"{NAME}.mean": expected, f"{NAME}.largest": expected}, abs=1e-5)


def test_one_dependent_pair_is_the_largest() -> None:
    covariance = np.eye(4)
    covariance[0, 3] = covariance[3, 0] = 0.8
    scores, expected = subspace_information(of_covariance(covariance)), -0.5 * np.log(1 - 0.64)
    assert scores == pytest.approx({f"{NAME}.mean": expected / 6, f"{NAME}.largest": expected}, abs=1e-5)


def test_independent_subspaces_tell_nothing_but_the_bias() -> None:
    scores = subspace_information(np.random.default_rng(0).normal(size=(10_000, 5, 4)))
    assert scores[f"{NAME}.block.mean"] == pytest.approx(16 / 20_000, rel=0.3)
    assert scores[f"{NAME}.mean"] == pytest.approx(1 / 20_000, rel=0.3)


def test_turned_rescaled_and_reordered_subspaces_tell_as_much() -> None:
    codes = of_covariance(_mixed()).reshape(N, 4, 3)
    changed = turned(codes)[:, [2, 0, 3, 1]] * np.array([[1e3], [-1.0], [1e-3], [5.0]]) + 1e6
    before, after = subspace_information(codes), subspace_information(changed)
    for name in (f"{NAME}.block.mean", f"{NAME}.block.largest"):
        assert after[name] == pytest.approx(before[name], abs=1e-4)
    assert after[f"{NAME}.mean"] != pytest.approx(before[f"{NAME}.mean"], abs=1e-3)


def test_one_dimension_scores_as_coordinates_do() -> None:
    scores = subspace_information(of_covariance(_mixed())[:, :, None])
    assert scores[f"{NAME}.block.mean"] == pytest.approx(scores[f"{NAME}.mean"], abs=1e-12)
    assert scores[f"{NAME}.block.largest"] == pytest.approx(scores[f"{NAME}.largest"], abs=1e-12)


def test_copies_tell_the_most_that_the_noise_lets_through() -> None:
    codes = of_covariance(np.eye(3))
    scores = subspace_information(turned(np.stack([codes, codes], axis=1)))
    assert scores[f"{NAME}.block.largest"] == pytest.approx(3 * COPY, abs=1e-3)
    assert subspace_information(np.stack([codes, codes], axis=1))[f"{NAME}.largest"] == pytest.approx(
        COPY, abs=1e-3
    )


def test_constant_codes_tell_nothing() -> None:
    assert set(subspace_information(np.full((N, 3, 2), 0.1)).values()) == {0}


def test_what_cannot_be_paired_has_no_score() -> None:
    codes = of_covariance(np.eye(2))
    assert subspace_information(codes[:, :1]) == {}
    assert set(subspace_information(codes[:, None])) == {f"{NAME}.mean", f"{NAME}.largest"}


def test_single_precision_and_order_in_memory_do_not_matter() -> None:
    codes = of_covariance(_mixed()).reshape(N, 4, 3)
    single = np.asfortranarray(codes.astype(np.float32))
    assert subspace_information(single) == pytest.approx(subspace_information(codes), abs=1e-3)


def test_the_least_number_of_samples_grows_with_the_subspaces() -> None:
    with pytest.warns(TooFewSamplesWarning, match=f"{NAME}: 999 samples, but under 1000"):
        subspace_information(of_covariance(np.eye(2))[:999])
    with pytest.warns(TooFewSamplesWarning, match=f"{NAME}: 2000 samples, but under 4000"):
        subspace_information(np.random.default_rng(0).normal(size=(2_000, 2, 20)))
