from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from detaux.metrics import TooFewSamplesWarning
from detaux.metrics.inputs import draw
from detaux.metrics.scores.irs import irs
from tests.metrics import known_codes
from tests.metrics.known_codes import Floats, Ints, N

FACTORS = known_codes.factors()


def _percentile(distances: list[float]) -> float:
    ordered = sorted(distances)
    place = 0.99 * (len(ordered) - 1)
    low = int(place)
    return float(np.interp(place, [low, low + 1], [*ordered, ordered[-1]][low : low + 2]))


def _strays(points: Floats) -> list[float]:
    centre = sum(points) / len(points)
    return [float(np.sqrt(sum((point - centre) ** 2))) for point in points]


def _slow_score(blocks: Floats, factors: Ints) -> float:
    robust, reaches = [], []
    for block in np.moveaxis(blocks, 1, 0):
        reach, found = max(_strays(block)), []
        for factor in factors.T:
            groups = [block[factor == value] for value in sorted(set(factor.tolist()))]
            found.append(1 - sum(_percentile(_strays(group)) for group in groups) / len(groups) / reach)
        robust.append(max(found))
        reaches.append(reach)
    return sum(r * weight for r, weight in zip(robust, reaches, strict=True)) / sum(reaches)


@pytest.mark.filterwarnings("ignore::detaux.metrics.TooFewSamplesWarning")  # few samples: a loop is slow
def test_scores_are_those_of_a_literal_loop_on_the_same_samples() -> None:
    codes, factors = known_codes.mixed_blocks()[:300, :3], FACTORS[:300]
    sample = draw(300, 300, metric="irs", seed=4)
    assert irs(codes, factors, seed=4) == pytest.approx(
        {
            "irs": _slow_score(codes[sample].reshape(300, -1, 1), factors[sample]),
            "irs.block": _slow_score(codes[sample], factors[sample]),
        },
        abs=1e-9,
    )


def test_codes_that_are_the_factors_never_stray() -> None:
    assert irs(FACTORS.astype(float), FACTORS, seed=0)["irs"] == pytest.approx(1, abs=1e-12)
    assert irs(known_codes.identity(), FACTORS, seed=0)["irs"] > 0.95


def test_score_of_two_factors_in_one_subspace_is_that_of_a_right_triangle() -> None:
    factors = np.array(list(product((0, 1), repeat=2)) * 500)
    codes = np.stack([(factors - 0.5) * [6, 8], (factors - 0.5) * [6, 8]], axis=1)
    scores = irs(codes, factors, seed=0)
    assert scores["irs.block"] == pytest.approx(1 - 3 / 5)  # the first strays by 3 while the second stays
    assert scores["irs"] == pytest.approx(1)


def test_a_coordinate_of_two_factors_strays_by_the_finer() -> None:
    score = irs(known_codes.merged(), FACTORS, seed=0)["irs"]
    assert score == pytest.approx((30 + 20) / (34.5 + 23.5), abs=0.01)  # 1 - 4.5 / 34.5 and 1 - 3.5 / 23.5


def test_order_sign_offset_and_common_scale_do_not_matter() -> None:
    codes = known_codes.identity()
    changed = -1e3 * codes[:, known_codes.NEW_ORDER] + 1e6
    assert irs(changed, FACTORS, seed=0) == pytest.approx(irs(codes, FACTORS, seed=0), abs=1e-9)


def test_codes_that_reach_far_weigh_more() -> None:
    codes = np.column_stack([FACTORS[:, 0], 100 * known_codes.noise()[:, 1]])
    far, near = irs(codes, FACTORS, seed=0)["irs"], irs(codes * [1, 1e-4], FACTORS, seed=0)["irs"]
    assert far < 0.35
    assert near > 0.99


def test_turning_coordinates_into_each_other_and_noise_lower_the_score() -> None:
    assert irs(known_codes.rotated(), FACTORS, seed=0)["irs"] < 0.35
    assert irs(known_codes.noise(), FACTORS, seed=0)["irs"] < 0.35


def test_duplicated_codes_score_as_once_and_constant_ones_have_no_part() -> None:
    codes, expected = known_codes.identity(), irs(known_codes.identity(), FACTORS, seed=0)
    assert irs(known_codes.duplicated(), FACTORS, seed=0) == pytest.approx(expected)
    with_constant = np.column_stack([codes, np.full(N, 7.3)])
    assert irs(with_constant, FACTORS, seed=0) == pytest.approx(expected)
    assert irs(known_codes.constant(), FACTORS, seed=0) == {"irs": 0}
    assert irs(known_codes.constant_blocks(), FACTORS, seed=0) == {"irs": 0, "irs.block": 0}


def test_turning_subspaces_in_themselves_or_reordering_them_keeps_the_block_score() -> None:
    straight = irs(known_codes.blocks(), FACTORS, seed=0)["irs.block"]
    for codes in (known_codes.turned_blocks(), known_codes.permuted_blocks(), 1e3 * known_codes.blocks()):
        assert irs(codes, FACTORS, seed=0)["irs.block"] == pytest.approx(straight, abs=1e-9)
    assert irs(known_codes.mixed_blocks(), FACTORS, seed=0)["irs.block"] < straight - 0.1


def test_turning_a_subspace_lowers_the_coordinate_score() -> None:
    factors = np.array(list(product(range(4), repeat=4)) * 8)
    codes = np.stack([factors[:, :2], factors[:, 2:]], axis=1).astype(float)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    before, after = irs(codes, factors, seed=0), irs(codes @ turn, factors, seed=0)
    assert before["irs"] == pytest.approx(1)
    assert after["irs"] < 0.6
    assert after["irs.block"] == pytest.approx(before["irs.block"])


def test_subspaces_of_one_dimension_score_as_coordinates_do() -> None:
    codes = known_codes.rotated()
    scores = irs(codes[:, :, None], FACTORS, seed=0)
    assert scores["irs.block"] == scores["irs"] == irs(codes, FACTORS, seed=0)["irs"]


def test_single_precision_and_order_of_axes_in_memory_do_not_matter() -> None:
    single = np.asfortranarray(known_codes.blocks().astype(np.float32))
    expected = irs(known_codes.blocks(), FACTORS, seed=0)
    assert irs(single, FACTORS, seed=0) == pytest.approx(expected, abs=1e-5)


def test_values_seen_once_hold_nothing_still() -> None:
    noise = known_codes.noise()
    assert irs(noise, np.arange(N)[:, None], seed=0)["irs"] < 0.35  # cut into 20 bins
    rare = np.zeros((N, 1), dtype=np.int64)
    rare[7] = 1
    assert irs(noise, rare, seed=0)["irs"] < 0.35
    with pytest.warns(TooFewSamplesWarning):
        assert irs(noise[:5], np.arange(5)[:, None], seed=0) == {}


def test_few_samples_are_a_warning_of_their_own_and_bad_input_is_named() -> None:
    codes = known_codes.identity()
    with pytest.warns(TooFewSamplesWarning, match="irs: 999 samples, but under 1000"):
        irs(codes[:999], FACTORS[:999], seed=0)
    with pytest.raises(ValueError, match="'factors': 1999"):
        irs(codes, FACTORS[1:], seed=0)
    with pytest.raises(ValueError, match="none of the 4 factors takes more than one value"):
        irs(codes, np.zeros_like(FACTORS), seed=0)
