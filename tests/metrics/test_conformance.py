"""What metrics of codes and factors must say of codes whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detaux.metrics import TooFewSamplesWarning, compute_metric

Floats = NDArray[np.float64]

SIZES = (10, 8, 4, 3)
N, F, D = 2_000, 4, 5
RNG = np.random.default_rng(0)
FACTORS = np.stack([RNG.integers(0, size, N) for size in SIZES], axis=1)
IDENTITY = FACTORS + 0.05 * RNG.normal(size=(N, F))
METRICS = pytest.mark.parametrize("metric", ["dci", "mig"])


def _blocks() -> Floats:
    """Return subspaces of one factor each: on a first coordinate, with four of noise beside it."""
    codes = 0.3 * np.random.default_rng(1).normal(size=(N, F, D))
    codes[:, :, 0] = 3 * (FACTORS / np.array(SIZES) - 0.5) + 0.02 * codes[:, :, 0]
    return codes


def _turned(codes: Floats) -> Floats:
    """Turn each subspace in itself, by another rotation each."""
    turns = [np.linalg.qr(np.random.default_rng(k).normal(size=(D, D)))[0] for k in range(F)]
    return np.stack([codes[:, k] @ turn for k, turn in enumerate(turns)], axis=1)


def _main_scores(metric: str, codes: Floats) -> dict[str, float]:
    scores = compute_metric(metric, codes, FACTORS)
    return {name: score for name, score in scores.items() if "informativeness" not in name}


@METRICS
def test_codes_that_are_the_factors_score_near_one(metric: str) -> None:
    assert min(compute_metric(metric, IDENTITY, FACTORS).values()) > 0.97
    assert min(compute_metric(metric, FACTORS.astype(float), FACTORS).values()) > 0.97


@METRICS
def test_order_scale_sign_and_offset_of_codes_do_not_matter(metric: str) -> None:
    changed = IDENTITY[:, [2, 0, 3, 1]] * np.array([1e3, -2.0, 1e-3, 5.0]) + 1e6
    before, after = compute_metric(metric, IDENTITY, FACTORS), compute_metric(metric, changed, FACTORS)
    assert after == pytest.approx(before, abs=0.01)


@METRICS
def test_names_of_factor_values_do_not_matter(metric: str) -> None:
    renamed = FACTORS * 7 - 3
    assert compute_metric(metric, IDENTITY, renamed) == compute_metric(metric, IDENTITY, FACTORS)


@METRICS
def test_constant_codes_score_zero(metric: str) -> None:
    assert set(_main_scores(metric, np.ones((N, 3))).values()) == {0}
    assert set(_main_scores(metric, np.ones((N, 3, 2))).values()) == {0}


@METRICS
def test_noise_scores_near_zero(metric: str) -> None:
    noise = np.random.default_rng(5).normal(size=(N, F, D))
    assert max(_main_scores(metric, noise).values()) < 0.02


def test_constant_codes_and_noise_inform_no_better_than_chance() -> None:
    chance = np.mean([1 / size for size in SIZES])
    for codes in (np.ones((N, 3)), np.random.default_rng(6).normal(size=(N, 3))):
        assert compute_metric("dci", codes, FACTORS)["dci.informativeness"] == pytest.approx(chance, abs=0.05)


def test_duplicated_codes_leave_no_gap_and_are_not_complete() -> None:
    twice = np.concatenate([IDENTITY, IDENTITY], axis=1)
    assert compute_metric("mig", twice, FACTORS)["mig"] == 0
    scores = compute_metric("dci", twice, FACTORS)
    assert scores["dci.disentanglement"] > 0.97
    assert scores["dci.completeness"] < 0.8


def test_a_coordinate_of_two_factors_is_complete_but_not_disentangled() -> None:
    merged = np.stack(
        [FACTORS[:, 0] + 20 * FACTORS[:, 2], FACTORS[:, 1] + 20 * FACTORS[:, 3]], axis=1
    ).astype(float)
    scores = compute_metric("dci", merged, FACTORS)
    assert scores["dci.completeness"] > 0.95
    assert scores["dci.disentanglement"] == pytest.approx(0.5, abs=0.03)  # 1 - log 2 / log 4


@METRICS
def test_subspaces_of_one_dimension_score_as_coordinates_do(metric: str) -> None:
    noisy = FACTORS + 0.8 * np.random.default_rng(7).normal(size=(N, F))
    noisy[:, 1] += noisy[:, 0]
    scores = compute_metric(metric, noisy[:, :, None], FACTORS)
    coordinates = compute_metric(metric, noisy, FACTORS)
    blocks = {name.replace(".block", ""): value for name, value in scores.items() if ".block" in name}
    assert blocks == pytest.approx(coordinates, abs=1e-12)
    assert {name: scores[name] for name in coordinates} == coordinates


@METRICS
def test_subspaces_that_hold_one_factor_each_score_near_one(metric: str) -> None:
    assert min(compute_metric(metric, _blocks(), FACTORS).values()) > 0.93


def test_turning_subspaces_in_themselves_lowers_coordinate_scores_but_not_block_scores() -> None:
    straight, turned = _blocks(), _turned(_blocks())
    before = compute_metric("mig", straight, FACTORS) | compute_metric("dci", straight, FACTORS)
    after = compute_metric("mig", turned, FACTORS) | compute_metric("dci", turned, FACTORS)
    assert {name: after[name] for name in after if ".block" in name} == pytest.approx(
        {name: before[name] for name in before if ".block" in name}, abs=0.01
    )
    for name in ("mig", "dci.completeness"):  # each coordinate still serves its factor, but no longer alone
        assert after[name] < before[name] - 0.1


@METRICS
def test_order_and_scale_of_subspaces_do_not_matter(metric: str) -> None:
    codes = _blocks()
    changed = codes[:, [3, 1, 0, 2]] * np.array([1e3, 1.0, 1e-3, 5.0])[:, None]
    assert compute_metric(metric, changed, FACTORS) == pytest.approx(
        compute_metric(metric, codes, FACTORS), abs=0.02
    )


@METRICS
def test_mixing_all_subspaces_lowers_the_block_scores(metric: str) -> None:
    mix = np.linalg.qr(np.random.default_rng(8).normal(size=(F * D, F * D)))[0]
    mixed = (_blocks().reshape(N, -1) @ mix).reshape(N, F, D)
    assert max(score for name, score in _main_scores(metric, mixed).items() if ".block" in name) < 0.25


@METRICS
def test_values_on_a_circle_of_a_subspace_count_as_held(metric: str) -> None:
    angles = 2 * np.pi * FACTORS / np.array(SIZES)
    codes = 0.3 * np.random.default_rng(9).normal(size=(N, F, D))
    codes[:, :, 0], codes[:, :, 1] = np.cos(angles), np.sin(angles)
    assert (
        min(score for name, score in compute_metric(metric, codes, FACTORS).items() if ".block" in name)
        > 0.93
    )


@METRICS
def test_equal_seeds_give_equal_scores(metric: str) -> None:
    assert compute_metric(metric, IDENTITY, FACTORS, seed=3) == compute_metric(
        metric, IDENTITY, FACTORS, seed=3
    )


@METRICS
def test_single_precision_and_order_of_axes_in_memory_do_not_matter(metric: str) -> None:
    single = np.asfortranarray(_blocks().astype(np.float32))
    assert compute_metric(metric, single, FACTORS) == pytest.approx(
        compute_metric(metric, _blocks(), FACTORS), abs=0.02
    )


@METRICS
def test_a_factor_of_one_value_has_no_part(metric: str) -> None:
    with_constant = np.concatenate([FACTORS, np.full((N, 1), 6)], axis=1)
    assert compute_metric(metric, IDENTITY, with_constant) == compute_metric(metric, IDENTITY, FACTORS)


@METRICS
def test_too_few_samples_are_a_warning_of_their_own(metric: str) -> None:
    with pytest.warns(TooFewSamplesWarning, match=f"{metric}: 999 samples, but under 1000"):
        compute_metric(metric, IDENTITY[:999], FACTORS[:999])


@METRICS
def test_a_value_seen_once_breaks_nothing(metric: str) -> None:
    rare = np.zeros((N, 2), dtype=np.int64)
    rare[7, 0], rare[:, 1] = 1, FACTORS[:, 0]
    scores = compute_metric(metric, _blocks(), rare)
    assert np.isfinite(list(scores.values())).all()


@METRICS
def test_bad_input_is_named(metric: str) -> None:
    with pytest.raises(ValueError, match=r"\(N, D\) or \(N, K, D\), but their shape is \(2000,\)"):
        compute_metric(metric, IDENTITY[:, 0], FACTORS)
    with pytest.raises(ValueError, match="factors must have 2 axes"):
        compute_metric(metric, IDENTITY, FACTORS[:, 0])
    with pytest.raises(ValueError, match="'factors': 1999"):
        compute_metric(metric, IDENTITY, FACTORS[1:])
    with pytest.raises(ValueError, match="1 values that are not finite"):
        compute_metric(metric, np.where(np.arange(N * F).reshape(N, F) == 9, np.nan, IDENTITY), FACTORS)
    with pytest.raises(ValueError, match="none of the 4 factors takes more than one value"):
        compute_metric(metric, IDENTITY, np.zeros_like(FACTORS))
