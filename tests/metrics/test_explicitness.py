from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from detaux.metrics import TooFewSamplesWarning
from detaux.metrics.inputs import draw
from detaux.metrics.scores.explicitness import explicitness
from tests.metrics import known_codes
from tests.metrics.known_codes import Floats, Ints, N

FACTORS = known_codes.factors()


def _slow_auc(codes: Floats, factor: Ints, split: int) -> float:
    """Fit a softmax with a quadratic penalty by a general minimiser; count pairs in the right order."""
    inputs = np.column_stack([(codes - codes.mean(axis=0)) / codes.std(axis=0), np.ones(len(codes))])
    truth = np.eye(factor.max() + 1)[factor]

    def chances(flat: Floats) -> Floats:
        heights = np.exp(inputs @ flat.reshape(inputs.shape[1], -1))
        return np.asarray(heights / heights.sum(axis=1, keepdims=True))

    def loss(flat: Floats) -> tuple[float, Floats]:
        slopes = flat.reshape(inputs.shape[1], -1) * (np.arange(inputs.shape[1]) < codes.shape[1])[:, None]
        found = chances(flat)
        fault = -np.log((found * truth).sum(axis=1))[:split].sum()
        gradient = inputs[:split].T @ (found - truth)[:split] + slopes
        return float(fault + (slopes**2).sum() / 2), gradient.ravel()

    start = np.zeros(inputs.shape[1] * truth.shape[1])
    found = chances(np.asarray(minimize(loss, start, jac=True, method="BFGS").x))[split:]
    areas = []
    for value, chance in enumerate(found.T):
        own, others = chance[factor[split:] == value], chance[factor[split:] != value]
        right = sum((one > others).mean() + (one == others).mean() / 2 for one in own)
        areas.append(right / len(own))
    return float(np.mean(areas))


def test_scores_are_those_of_an_independent_reference_on_the_same_samples() -> None:
    generator = np.random.default_rng(0)
    factors = FACTORS[:1_200, 1:]
    codes = factors @ generator.normal(size=(3, 3)) + generator.normal(size=(1_200, 3))
    sample = draw(1_200, 1_200, metric="explicitness", seed=2)
    drawn, labels = codes[sample], factors[sample]
    expected = np.mean([_slow_auc(drawn, factor, 800) for factor in labels.T])
    alone = [max(_slow_auc(code[:, None], factor, 800) for code in drawn.T) for factor in labels.T]
    scores = explicitness(codes, factors, seed=2)
    assert scores["explicitness"] == pytest.approx(expected, abs=1e-4)
    assert scores["explicitness.best"] == pytest.approx(np.mean(alone), abs=1e-4)


def test_codes_that_are_the_factors_score_near_one_in_any_order_and_scale() -> None:
    for codes in (known_codes.identity(), known_codes.permuted(), known_codes.rescaled()):
        assert min(explicitness(codes, FACTORS, seed=0).values()) > 0.99
    assert min(explicitness(FACTORS.astype(float), FACTORS, seed=0).values()) > 0.99


def test_constant_codes_and_noise_score_one_half() -> None:
    assert set(explicitness(known_codes.constant(), FACTORS, seed=0).values()) == {0.5}
    assert set(explicitness(known_codes.constant_blocks(), FACTORS, seed=0).values()) == {0.5}
    for score in explicitness(known_codes.noise_blocks(), FACTORS, seed=0).values():
        assert score == pytest.approx(0.5, abs=0.03)


def test_turning_coordinates_into_each_other_lowers_the_best_coordinate_alone() -> None:
    scores = explicitness(known_codes.rotated(), FACTORS, seed=0)
    assert scores["explicitness"] > 0.99
    assert scores["explicitness.best"] < 0.75


def test_values_around_a_circle_are_held_by_a_subspace_but_by_no_coordinate() -> None:
    scores = explicitness(known_codes.circles(), FACTORS, seed=0)
    assert scores["explicitness.block.best"] > 0.99
    assert scores["explicitness.best"] < 0.97


def test_turning_subspaces_in_themselves_keeps_the_score_of_the_best() -> None:
    straight = explicitness(known_codes.blocks(), FACTORS, seed=0)["explicitness.block.best"]
    assert straight > 0.99
    for codes in (
        known_codes.turned_blocks(),
        known_codes.rescaled_blocks(),
        known_codes.permuted_blocks(),
        np.asfortranarray(known_codes.blocks().astype(np.float32)),
    ):
        score = explicitness(codes, FACTORS, seed=0)["explicitness.block.best"]
        assert score == pytest.approx(straight, abs=1e-4)
    mixed = explicitness(known_codes.mixed_blocks(), FACTORS, seed=0)
    assert mixed["explicitness.block.best"] < 0.9 < mixed["explicitness"]


def test_subspaces_of_one_dimension_score_as_coordinates_do() -> None:
    codes = known_codes.identity(noise=0.8)
    scores = explicitness(codes[:, :, None], FACTORS, seed=0)
    assert scores["explicitness.block.best"] == scores["explicitness.best"]
    assert explicitness(codes, FACTORS, seed=0) == {
        name: scores[name] for name in ("explicitness", "explicitness.best")
    }


def test_one_subspace_has_no_block_score() -> None:
    scores = explicitness(known_codes.blocks()[:, :1], FACTORS, seed=0)
    assert set(scores) == {"explicitness", "explicitness.best"}


def test_values_not_seen_on_both_sides_have_no_part() -> None:
    rare = FACTORS[:, 2:].copy()
    rare[7, 0] = 9
    codes, expected = known_codes.identity()[:, 2:], explicitness(known_codes.identity()[:, 2:], rare, seed=1)
    assert min(expected.values()) > 0.99
    assert expected == explicitness(codes, rare, seed=1)
    rare[:, 0] = np.arange(N) == 7
    assert min(explicitness(codes, rare, seed=1).values()) > 0.99
    assert explicitness(codes, rare[:, :1], seed=1) == {}


def test_few_samples_are_a_warning_of_their_own_and_bad_input_is_named() -> None:
    codes = known_codes.identity()
    with pytest.warns(TooFewSamplesWarning, match="explicitness: 999 samples, but under 1000"):
        explicitness(codes[:999], FACTORS[:999], seed=0)
    with pytest.raises(ValueError, match="'factors': 1999"):
        explicitness(codes, FACTORS[1:], seed=0)
    with pytest.raises(ValueError, match="none of the 4 factors takes more than one value"):
        explicitness(codes, np.zeros_like(FACTORS), seed=0)
