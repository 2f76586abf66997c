from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from detaux.metrics import TooFewSamplesWarning
from detaux.metrics.inputs import draw
from detaux.metrics.scores.modularity import modularity
from tests.metrics import known_codes
from tests.metrics.known_codes import Floats, Ints, N

FACTORS = known_codes.factors()


def _slow_score(codes: Floats, factors: Ints) -> float:
    """Follow the paper: a code's ideal template is its best factor alone."""
    scores = []
    for code in codes.T:
        bins = np.digitize(code, np.histogram(code, 20)[1][:-1])
        told = [float(mutual_info_score(factor, bins)) for factor in factors.T]
        best = max(told)
        template = [nats if nats == best else 0.0 for nats in told]
        away = sum((nats - ideal) ** 2 for nats, ideal in zip(told, template, strict=True))
        scores.append(1 - away / (best**2 * (len(told) - 1)))
    return sum(scores) / len(scores)


def test_score_is_that_of_a_literal_loop_on_the_same_samples() -> None:
    generator = np.random.default_rng(0)
    codes = FACTORS @ generator.normal(size=(4, 6)) + generator.normal(size=(N, 6))
    sample = draw(N, N, metric="modularity", seed=5)
    expected = _slow_score(codes[sample], FACTORS[sample])
    assert modularity(codes, FACTORS, seed=5) == {"modularity": pytest.approx(expected, abs=1e-9)}


def test_codes_that_are_the_factors_score_near_one_in_any_order_and_scale() -> None:
    for codes in (known_codes.identity(), known_codes.permuted(), known_codes.rescaled()):
        assert modularity(codes, FACTORS, seed=0)["modularity"] > 0.99
    assert modularity(known_codes.duplicated(), FACTORS, seed=0)["modularity"] > 0.99


def test_a_coordinate_of_two_equal_factors_of_three_scores_one_half() -> None:
    factors = np.array(list(product((0, 1), repeat=3)) * 200)
    codes = np.stack([factors[:, 0] + 2.0 * factors[:, 1], factors[:, 2]], axis=1)
    assert modularity(codes[:, :1], factors, seed=0)["modularity"] == pytest.approx(1 / 2)
    assert modularity(codes, factors, seed=0)["modularity"] == pytest.approx(3 / 4)
    joined = np.stack([factors[:, :2], factors[:, 1:]], axis=1).astype(float)
    scores = modularity(joined, factors, seed=0)
    assert scores == {"modularity": pytest.approx(1), "modularity.block": pytest.approx(1 / 2)}


def test_constant_codes_count_zero_and_noise_counts_as_its_bias() -> None:
    assert modularity(known_codes.constant(), FACTORS, seed=0) == {"modularity": 0}
    assert set(modularity(known_codes.constant_blocks(), FACTORS, seed=0).values()) == {0}
    uneven = np.random.default_rng(4).integers(0, 7, size=(1_003, 2))  # shares whose sum is not quite 1
    assert modularity(np.ones((1_003, 2)), uneven, seed=0) == {"modularity": 0}
    half = np.column_stack([known_codes.identity(), known_codes.constant()])
    assert modularity(half, FACTORS, seed=0)["modularity"] == pytest.approx(1 / 2, abs=0.01)
    noise = np.random.default_rng(0).normal(size=(10_000, 100))
    factors = np.stack([np.random.default_rng(s).integers(0, s, 10_000) for s in (10, 8, 4, 3)], axis=1)
    biased = 1 - (7**2 + 3**2 + 2**2) / (9**2 * 3)  # information in proportion to values - 1
    assert modularity(noise, factors, seed=0)["modularity"] == pytest.approx(biased, abs=0.06)


def test_turning_coordinates_into_each_other_lowers_the_score() -> None:
    assert modularity(known_codes.rotated(), FACTORS, seed=0)["modularity"] < 0.3


def test_turning_subspaces_in_themselves_keeps_the_block_score() -> None:
    straight = modularity(known_codes.blocks(), FACTORS, seed=0)["modularity.block"]
    assert straight > 0.99
    for codes in (
        known_codes.turned_blocks(),
        known_codes.rescaled_blocks(),
        known_codes.permuted_blocks(),
        np.asfortranarray(known_codes.blocks().astype(np.float32)),
    ):
        score = modularity(codes, FACTORS, seed=0)["modularity.block"]
        assert score == pytest.approx(straight, abs=0.001)
    assert modularity(known_codes.mixed_blocks(), FACTORS, seed=0)["modularity.block"] < 0.6


def test_turning_a_subspace_lowers_the_coordinate_score() -> None:
    factors = np.array(list(product(range(4), repeat=4)) * 8)
    codes = np.stack([factors[:, :2], factors[:, 2:]], axis=1).astype(float)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    before, after = modularity(codes, factors, seed=0), modularity(codes @ turn, factors, seed=0)
    assert before["modularity"] == pytest.approx(1)
    assert after["modularity"] < 0.95
    assert after["modularity.block"] == pytest.approx(before["modularity.block"])


def test_subspaces_of_one_dimension_score_as_coordinates_do() -> None:
    codes = known_codes.rotated()
    scores = modularity(codes[:, :, None], FACTORS, seed=0)
    assert scores["modularity.block"] == scores["modularity"]
    assert scores["modularity"] == modularity(codes, FACTORS, seed=0)["modularity"]


def test_one_factor_has_no_modularity_and_one_subspace_no_block_score() -> None:
    assert modularity(known_codes.identity(), FACTORS[:, :1], seed=0) == {}
    assert set(modularity(known_codes.blocks()[:, :1], FACTORS, seed=0)) == {"modularity"}


def test_a_value_seen_once_breaks_nothing_and_equal_seeds_agree() -> None:
    rare = np.zeros((N, 2), dtype=np.int64)
    rare[7, 0], rare[:, 1] = 1, FACTORS[:, 0]
    scores = modularity(known_codes.blocks(), rare, seed=1)
    assert all(0 <= score <= 1 for score in scores.values())
    assert scores == modularity(known_codes.blocks(), rare, seed=1)


def test_few_samples_are_a_warning_of_their_own_and_bad_input_is_named() -> None:
    codes = known_codes.identity()
    with pytest.warns(TooFewSamplesWarning, match="modularity: 999 samples, but under 1000"):
        modularity(codes[:999], FACTORS[:999], seed=0)
    with pytest.raises(ValueError, match="'factors': 1999"):
        modularity(codes, FACTORS[1:], seed=0)
    with pytest.raises(ValueError, match="none of the 4 factors takes more than one value"):
        modularity(codes, np.zeros_like(FACTORS), seed=0)
