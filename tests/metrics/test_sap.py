from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from detaux.metrics import TooFewSamplesWarning
from detaux.metrics.inputs import draw
from detaux.metrics.scores.sap import sap
from tests.metrics import known_codes
from tests.metrics.known_codes import D, Floats, Ints, N

FACTORS = known_codes.factors()


def _margins(block: Floats, signs: Floats, weights: Floats) -> Floats:
    """Fit one value against the rest by a general minimiser; return weights of the coordinates and of 1."""
    inputs = np.concatenate([block, np.ones((len(block), 1))], axis=1)

    def loss(plane: Floats) -> tuple[float, Floats]:
        short = np.maximum(1 - signs * (inputs @ plane), 0)
        slope = plane - 2 * (weights * short * signs) @ inputs
        return 0.5 * float(plane @ plane) + float(weights @ short**2), slope

    return np.asarray(minimize(loss, np.zeros(inputs.shape[1]), jac=True, options={"gtol": 1e-10}).x)


def _slow_accuracy(block: Floats, factor: Ints, end: int) -> float:
    values, counts = np.unique(factor[:end], return_counts=True)
    planes = []
    for value, count in zip(values, counts, strict=True):
        is_value = factor[:end] == value
        weights = np.where(is_value, end / len(values) / count, 1)  # liblinear balances the one, not the rest
        planes.append(_margins(block[:end], np.where(is_value, 1.0, -1.0), 0.01 * weights))
    right = 0
    for point, value in zip(block[end:], factor[end:], strict=True):
        margins = [float(point @ plane[:-1] + plane[-1]) for plane in planes]
        right += values[margins.index(max(margins))] == value
    return float(right / (len(block) - end))


def _slow_gap(blocks: Floats, factors: Ints) -> float:
    gaps, end = [], 2 * len(blocks) // 3
    for factor in factors.T:
        found = sorted(_slow_accuracy(blocks[:, k], factor, end) for k in range(blocks.shape[1]))
        gaps.append(found[-1] - found[-2])
    return sum(gaps) / len(gaps)


def _whitened_by_svd(block: Floats) -> Floats:
    centred = block - block.mean(axis=0)
    return np.asarray(np.linalg.svd(centred, full_matrices=False)[0] * np.sqrt(len(block)))


@pytest.mark.filterwarnings("ignore::detaux.metrics.TooFewSamplesWarning")  # few samples: a loop is slow
def test_scores_are_those_of_a_general_minimiser_on_the_same_samples() -> None:
    codes, factors = known_codes.blocks()[:450, 1:, :2], FACTORS[:450, 2:]
    sample = draw(450, 450, metric="sap", seed=2)
    scores = sap(codes, factors, seed=2)
    coordinates = [_whitened_by_svd(code[:, None]) for code in codes[sample].reshape(450, -1).T]
    blocks = [_whitened_by_svd(block) for block in np.moveaxis(codes[sample], 1, 0)]
    assert scores["sap"] == pytest.approx(_slow_gap(np.stack(coordinates, axis=1), factors[sample]), abs=1e-6)
    assert scores["sap.block"] == pytest.approx(
        _slow_gap(np.stack(blocks, axis=1), factors[sample]), abs=1e-6
    )


def test_a_code_of_two_values_is_predicted_wholly_and_the_gap_is_to_guessing() -> None:
    factors = np.random.default_rng(0).integers(0, 2, size=(N, 3))
    assert sap(factors + 0.05 * known_codes.noise()[:, :3], factors)["sap"] == pytest.approx(0.5, abs=0.05)


def test_values_inside_a_range_are_not_found_by_a_line_but_by_a_circle() -> None:
    assert sap(known_codes.identity(), FACTORS)["sap"] == pytest.approx(0.39, abs=0.05)
    guessing = np.mean([1 / size for size in known_codes.SIZES])
    assert sap(known_codes.circles(), FACTORS)["sap.block"] == pytest.approx(1 - guessing, abs=0.05)


def test_order_scale_sign_and_offset_of_codes_do_not_matter() -> None:
    before = sap(known_codes.identity(), FACTORS)["sap"]
    for codes in (known_codes.permuted(), known_codes.rescaled()):
        assert sap(codes, FACTORS)["sap"] == pytest.approx(before, abs=0.001)


def test_codes_that_mix_hold_twice_or_hold_nothing_leave_no_gap() -> None:
    assert sap(known_codes.duplicated(), FACTORS) == {"sap": 0}
    assert sap(known_codes.constant(), FACTORS) == {"sap": 0}
    assert set(sap(known_codes.constant_blocks(), FACTORS).values()) == {0}
    assert sap(known_codes.rotated(), FACTORS)["sap"] < 0.03
    assert sap(known_codes.noise(), FACTORS)["sap"] < 0.03


def test_turning_subspaces_in_themselves_lowers_the_coordinate_score_but_not_the_block_score() -> None:
    before, after = sap(known_codes.blocks(), FACTORS), sap(known_codes.turned_blocks(), FACTORS)
    assert after["sap.block"] == pytest.approx(before["sap.block"], abs=0.001)
    assert after["sap"] < before["sap"] - 0.1


def test_order_scale_and_shear_of_subspaces_do_not_matter() -> None:
    before = sap(known_codes.blocks(), FACTORS)["sap.block"]
    sheared = known_codes.blocks() @ np.random.default_rng(3).normal(size=(D, D)) + 10
    for codes in (known_codes.permuted_blocks(), known_codes.rescaled_blocks(), sheared):
        assert sap(codes, FACTORS)["sap.block"] == pytest.approx(before, abs=0.001)


def test_mixing_all_subspaces_or_noise_leaves_no_block_gap() -> None:
    for codes in (known_codes.mixed_blocks(), known_codes.noise_blocks()):
        assert sap(codes, FACTORS)["sap.block"] < 0.05


def test_subspaces_of_one_dimension_score_as_coordinates_do() -> None:
    codes = known_codes.identity(noise=0.8)
    scores = sap(codes[:, :, None], FACTORS)
    assert scores["sap.block"] == pytest.approx(scores["sap"], abs=1e-12)
    assert scores["sap"] == sap(codes, FACTORS)["sap"]


def test_block_scores_need_two_subspaces() -> None:
    assert set(sap(known_codes.identity()[:, None], FACTORS)) == {"sap"}


def test_names_of_values_precision_and_order_in_memory_do_not_matter() -> None:
    codes = known_codes.blocks()
    before = sap(codes, FACTORS, seed=3)
    assert sap(codes, FACTORS * 7 - 3, seed=3) == before
    single = np.asfortranarray(codes.astype(np.float32))
    assert sap(single, FACTORS, seed=3) == pytest.approx(before, abs=0.002)


def test_a_factor_that_does_not_vary_has_no_part_and_a_value_seen_once_breaks_nothing() -> None:
    codes, constant = known_codes.identity(), np.full((N, 1), 6)
    assert sap(codes, np.concatenate([FACTORS, constant], axis=1)) == sap(codes, FACTORS)
    for position in draw(N, N, metric="sap", seed=0)[[0, -1]]:  # to fit on, to judge on
        rare = np.arange(N)[:, None] == position
        both = sap(codes, np.concatenate([FACTORS, rare], axis=1))["sap"]
        assert 0 <= both <= 1
    assert sap(codes, rare) == {}


def test_a_factor_of_almost_as_many_values_as_samples_leaves_no_gap() -> None:
    many = np.random.default_rng(0).permutation(np.arange(N) // 2 * 2)[:, None]
    many[: N // 2] += 1
    assert sap(known_codes.noise()[:, :2], many)["sap"] < 0.01


def test_too_few_samples_are_a_warning_of_their_own() -> None:
    with pytest.warns(TooFewSamplesWarning, match="sap: 1999 samples, but under 2000"):
        sap(known_codes.identity()[:1_999], FACTORS[:1_999])


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match=r"at least 2 coordinates, but the codes' shape is \(2000, 1\)"):
        sap(known_codes.identity()[:, :1], FACTORS)
    with pytest.raises(ValueError, match="factors must have 2 axes"):
        sap(known_codes.identity(), FACTORS[:, 0])
    with pytest.raises(ValueError, match="none of the 4 factors takes more than one value"):
        sap(known_codes.identity(), np.zeros_like(FACTORS))
