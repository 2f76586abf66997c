from __future__ import annotations

import numpy as np
import pytest

from detaux.metrics import TooFewSamplesWarning
from detaux.metrics.fixed_factor import BATCH_SIZE, NUM_TRAIN, Ints, draw_points, find_peers
from detaux.metrics.inputs import draw
from detaux.metrics.scores.beta_vae import beta_vae
from tests.metrics import known_codes
from tests.metrics.known_codes import D, F, Floats, N

FACTORS = known_codes.factors()
CHANCE = 1 / F


def _half_mixed(factors: Ints) -> Floats:
    """Return the factors at unit variance, turned by an angle that leaves some to be mistaken."""
    spread = (factors - FACTORS.mean(axis=0)) / FACTORS.std(axis=0)
    cos, sin = np.cos(0.65), np.sin(0.65)
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.asarray(spread @ np.kron(np.eye(2), turn) @ np.kron(turn, np.eye(2)))


def _share_right(features: Floats, fixed: Ints, num_train: int) -> float:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(solver="newton-cg"))
    model.fit(features[:num_train], fixed[:num_train])
    return float(model.score(features[num_train:], fixed[num_train:]))


def test_score_is_that_of_a_literal_loop_over_the_same_pairs() -> None:
    sample = draw(N, N, metric="beta_vae", seed=3)
    codes, peers = _half_mixed(FACTORS)[sample], find_peers(FACTORS[sample])
    fixed, pairs = draw_points(
        peers, lambda of, count, rng: np.stack(of.pairs(count, rng), axis=1), metric="beta_vae", seed=3
    )
    features = np.stack([np.mean(np.abs(codes[one] - codes[other]), axis=0) for one, other in pairs])
    score = beta_vae(_half_mixed(FACTORS), FACTORS, seed=3)["beta_vae"]
    reference = _share_right(features, fixed, NUM_TRAIN)
    assert score == pytest.approx(reference, abs=0.0005)  # solvers differ on few points
    assert 0.4 < score < 0.95


def test_score_is_that_of_fresh_images_from_a_generator() -> None:
    generator = np.random.default_rng(4)
    fixed = generator.integers(F, size=8_000)
    one, other = generator.integers(0, known_codes.SIZES, size=(2, 8_000, BATCH_SIZE, F))
    other[np.arange(8_000), :, fixed] = one[np.arange(8_000), :, fixed]
    features = np.abs(_half_mixed(one) - _half_mixed(other)).mean(axis=1)
    factors = generator.integers(0, known_codes.SIZES, size=(10_000, F))
    score = beta_vae(_half_mixed(factors), factors)["beta_vae"]
    assert score == pytest.approx(_share_right(features, fixed, 4_000), abs=0.03)


def test_codes_that_are_the_factors_score_one_in_any_order_and_scale() -> None:
    for codes in (
        FACTORS.astype(float),
        known_codes.identity(),
        known_codes.permuted(),
        known_codes.rescaled(),
        known_codes.duplicated(),
    ):
        assert beta_vae(codes, FACTORS) == {"beta_vae": pytest.approx(1, abs=0.002)}


def test_codes_that_mix_all_factors_alike_or_hold_none_score_as_guesses_do() -> None:
    for codes in (known_codes.rotated(), known_codes.noise(), known_codes.constant(), np.full((N, 3), 0.1)):
        assert beta_vae(codes, FACTORS)["beta_vae"] == pytest.approx(CHANCE, abs=0.05)


def test_two_coordinates_of_two_factors_each_do_not_tell_all_four() -> None:
    assert 0.5 < beta_vae(known_codes.merged(), FACTORS)["beta_vae"] < 0.9


def test_subspaces_of_one_factor_score_one_turned_rescaled_or_in_another_order() -> None:
    changed = known_codes.rescaled_blocks()[:, known_codes.NEW_ORDER]
    for codes in (known_codes.turned_blocks(), changed, known_codes.circles()):
        assert beta_vae(codes, FACTORS)["beta_vae.block"] == pytest.approx(1, abs=0.002)


def test_turning_rescaling_and_reordering_mixed_subspaces_changes_no_block_score() -> None:
    codes = known_codes.mixed_blocks()
    before = beta_vae(codes, FACTORS)["beta_vae.block"]
    assert CHANCE + 0.1 < before < 0.9
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(D, D)))[0]
    changed = ((codes @ turn) * np.array([1e3, 1.0, 1e-3, 5.0])[:, None] + 10)[:, ::-1]
    assert beta_vae(changed, FACTORS)["beta_vae.block"] == pytest.approx(before, abs=0.001)


def test_noise_and_constants_in_subspaces_score_as_guesses_do() -> None:
    for codes in (known_codes.noise_blocks(), known_codes.constant_blocks()):
        assert list(beta_vae(codes, FACTORS).values()) == pytest.approx([CHANCE, CHANCE], abs=0.05)


def test_subspaces_of_one_dimension_score_as_coordinates_do() -> None:
    codes = _half_mixed(FACTORS)
    scores = beta_vae(codes[:, :, None], FACTORS)
    assert scores["beta_vae.block"] == pytest.approx(scores["beta_vae"], abs=1e-12)
    assert scores["beta_vae"] == beta_vae(codes, FACTORS)["beta_vae"]


def test_block_scores_need_two_subspaces() -> None:
    assert set(beta_vae(known_codes.identity()[:, None], FACTORS)) == {"beta_vae"}


def test_names_of_values_do_not_matter_and_seeds_do() -> None:
    codes = _half_mixed(FACTORS)
    before = beta_vae(codes, FACTORS, seed=3)
    assert beta_vae(codes, FACTORS * 7 - 3, seed=3) == before
    assert beta_vae(codes, FACTORS, seed=4) != before


def test_single_precision_and_order_of_axes_in_memory_do_not_matter() -> None:
    codes = known_codes.mixed_blocks()[:, :, :2]
    single = np.asfortranarray(codes.astype(np.float32))
    assert beta_vae(single, FACTORS) == pytest.approx(beta_vae(codes, FACTORS), abs=0.002)


def test_a_factor_that_cannot_be_fixed_has_no_part() -> None:
    once, constant = np.arange(N)[:, None], np.full((N, 1), 6)
    more = np.concatenate([FACTORS, once, constant, once == 7], axis=1)
    codes = known_codes.identity()
    assert beta_vae(codes, more) == beta_vae(codes, FACTORS)
    assert beta_vae(codes, np.concatenate([FACTORS[:, :1], once == 7], axis=1)) == {}


def test_too_few_samples_are_a_warning_of_their_own() -> None:
    with pytest.warns(TooFewSamplesWarning, match="beta_vae: 999 samples, but under 1000"):
        beta_vae(known_codes.identity()[:999], FACTORS[:999])


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"\(N, D\) or \(N, K, D\), but their shape is \(2000,\)"):
        beta_vae(known_codes.identity()[:, 0], FACTORS)
    with pytest.raises(ValueError, match="'factors': 1999"):
        beta_vae(known_codes.identity(), FACTORS[1:])
    with pytest.raises(ValueError, match="none of the 4 factors takes more than one value"):
        beta_vae(known_codes.identity(), np.zeros_like(FACTORS))
