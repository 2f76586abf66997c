from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from detaux.metrics import TooFewSamplesWarning
from detaux.metrics.fixed_factor import BATCH_SIZE, NUM_TRAIN, draw_points, find_peers
from detaux.metrics.inputs import draw
from detaux.metrics.scores.factor_vae import factor_vae
from tests.metrics import known_codes
from tests.metrics.known_codes import D, F, Floats, Ints, N

FACTORS = known_codes.factors()
CHANCE = 1 / F
Vote = tuple[int, int]


def _half_mixed(factors: Ints) -> Floats:
    """Return the factors at unit variance, turned by an angle that leaves some to be mistaken."""
    spread = (factors - FACTORS.mean(axis=0)) / FACTORS.std(axis=0)
    cos, sin = np.cos(0.6), np.sin(0.6)
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.asarray(spread @ np.kron(np.eye(2), turn) @ np.kron(turn, np.eye(2)))


def _share_right(votes: list[Vote], num_train: int) -> float:
    ballots: dict[int, Counter[int]] = {}
    for winner, fixed in votes[:num_train]:
        ballots.setdefault(winner, Counter())[fixed] += 1
    means = {winner: ballot.most_common(1)[0][0] for winner, ballot in ballots.items()}
    right = [means[winner] == fixed for winner, fixed in votes[num_train:]]
    return sum(right) / len(right)


def _winner(batch: Floats) -> int:
    squares: list[float] = ((batch - batch.mean(axis=0)) ** 2).sum(axis=0).tolist()
    return squares.index(min(squares))


def test_score_is_that_of_a_literal_loop_over_the_same_batches() -> None:
    sample = draw(N, N, metric="factor_vae", seed=3)
    codes, peers = _half_mixed(FACTORS)[sample], find_peers(FACTORS[sample])
    codes /= codes.std(axis=0)
    fixed, batches = draw_points(
        peers, lambda of, count, rng: of.batches(count, rng), metric="factor_vae", seed=3
    )
    votes = [(_winner(codes[batch]), int(factor)) for batch, factor in zip(batches, fixed, strict=True)]
    score = factor_vae(_half_mixed(FACTORS), FACTORS, seed=3)["factor_vae"]
    assert score == pytest.approx(_share_right(votes, NUM_TRAIN), abs=1e-6)
    assert 0.4 < score < 0.95


def test_score_is_that_of_fresh_images_from_a_generator() -> None:
    generator = np.random.default_rng(4)
    fixed = generator.integers(F, size=4_000)
    fresh = generator.integers(0, known_codes.SIZES, size=(4_000, BATCH_SIZE, F))
    fresh[np.arange(4_000), :, fixed] = fresh[np.arange(4_000), :1, fixed]
    votes = list(zip(_half_mixed(fresh).var(axis=1).argmin(axis=1).tolist(), fixed.tolist(), strict=True))
    factors = generator.integers(0, known_codes.SIZES, size=(10_000, F))
    score = factor_vae(_half_mixed(factors), factors)["factor_vae"]
    assert score == pytest.approx(_share_right(votes, 2_000), abs=0.03)


def test_codes_that_are_the_factors_score_one_in_any_order_and_scale() -> None:
    for codes in (
        FACTORS.astype(float),
        known_codes.identity(),
        known_codes.permuted(),
        known_codes.rescaled(),
        known_codes.duplicated(),
    ):
        assert factor_vae(codes, FACTORS) == {"factor_vae": pytest.approx(1, abs=0.002)}


def test_codes_that_mix_all_factors_alike_or_hold_none_score_as_guesses_do() -> None:
    for codes in (known_codes.rotated(), known_codes.noise()):
        assert factor_vae(codes, FACTORS)["factor_vae"] == pytest.approx(CHANCE, abs=0.06)


def test_a_coordinate_of_two_factors_is_right_for_one_of_them() -> None:
    assert factor_vae(known_codes.merged(), FACTORS)["factor_vae"] == pytest.approx(0.5, abs=0.02)


def test_constant_codes_score_zero_and_are_no_code_beside_others() -> None:
    assert factor_vae(np.full((N, 3), 0.1), FACTORS) == {"factor_vae": 0}
    assert set(factor_vae(known_codes.constant_blocks(), FACTORS).values()) == {0}
    beside = np.concatenate([known_codes.constant(), known_codes.identity()], axis=1)
    assert factor_vae(beside, FACTORS) == factor_vae(known_codes.identity(), FACTORS)


def test_subspaces_of_one_factor_score_one_turned_rescaled_or_in_another_order() -> None:
    changed = known_codes.rescaled_blocks()[:, known_codes.NEW_ORDER]
    for codes in (known_codes.turned_blocks(), changed, known_codes.circles()):
        assert factor_vae(codes, FACTORS)["factor_vae.block"] == pytest.approx(1, abs=0.002)


def test_turning_rescaling_and_reordering_mixed_subspaces_changes_no_block_score() -> None:
    codes = known_codes.mixed_blocks()
    before = factor_vae(codes, FACTORS)["factor_vae.block"]
    assert CHANCE + 0.1 < before < 0.8
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(D, D)))[0]
    changed = ((codes @ turn) * np.array([1e3, 1.0, 1e-3, 5.0])[:, None] + 10)[:, ::-1]
    assert factor_vae(changed, FACTORS)["factor_vae.block"] == pytest.approx(before, abs=0.001)


def test_noise_in_subspaces_scores_as_guesses_do() -> None:
    scores = factor_vae(known_codes.noise_blocks(), FACTORS)
    assert list(scores.values()) == pytest.approx([CHANCE, CHANCE], abs=0.06)


def test_subspaces_of_one_dimension_score_as_coordinates_do() -> None:
    codes = _half_mixed(FACTORS)
    scores = factor_vae(codes[:, :, None], FACTORS)
    assert scores["factor_vae.block"] == pytest.approx(scores["factor_vae"], abs=1e-12)
    assert scores["factor_vae"] == factor_vae(codes, FACTORS)["factor_vae"]


def test_block_scores_need_two_subspaces() -> None:
    assert set(factor_vae(known_codes.identity()[:, None], FACTORS)) == {"factor_vae"}
    assert set(factor_vae(known_codes.identity()[:, :, None], FACTORS)) == {"factor_vae", "factor_vae.block"}


def test_names_of_values_do_not_matter_and_seeds_do() -> None:
    codes = _half_mixed(FACTORS)
    before = factor_vae(codes, FACTORS, seed=3)
    assert factor_vae(codes, FACTORS * 7 - 3, seed=3) == before
    assert factor_vae(codes, FACTORS, seed=4) != before


def test_single_precision_and_order_of_axes_in_memory_do_not_matter() -> None:
    codes = known_codes.mixed_blocks()[:, :, :2]
    single = np.asfortranarray(codes.astype(np.float32))
    assert factor_vae(single, FACTORS) == pytest.approx(factor_vae(codes, FACTORS), abs=0.002)


def test_a_factor_that_cannot_be_fixed_has_no_part() -> None:
    once, constant = np.arange(N)[:, None], np.full((N, 1), 6)
    more = np.concatenate([FACTORS, once, constant, once == 7], axis=1)
    codes = known_codes.identity()
    assert factor_vae(codes, more) == factor_vae(codes, FACTORS)
    assert factor_vae(codes, np.concatenate([FACTORS[:, :1], once == 7], axis=1)) == {}


def test_too_few_samples_are_a_warning_of_their_own() -> None:
    with pytest.warns(TooFewSamplesWarning, match="factor_vae: 999 samples, but under 1000"):
        factor_vae(known_codes.identity()[:999], FACTORS[:999])


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"\(N, D\) or \(N, K, D\), but their shape is \(2000,\)"):
        factor_vae(known_codes.identity()[:, 0], FACTORS)
    with pytest.raises(ValueError, match="'factors': 1999"):
        factor_vae(known_codes.identity(), FACTORS[1:])
    with pytest.raises(ValueError, match="none of the 4 factors takes more than one value"):
        factor_vae(known_codes.identity(), np.zeros_like(FACTORS))
