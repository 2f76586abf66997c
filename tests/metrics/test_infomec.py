from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.feature_selection import mutual_info_classif

from detaux.metrics import TooFewSamplesWarning
from detaux.metrics.inputs import draw
from detaux.metrics.scores.infomec import infomec
from tests.metrics import known_codes
from tests.metrics.known_codes import F, Floats, Ints, N

FACTORS = known_codes.factors()
PARTS = ("infomec.modularity", "infomec.compactness")


def _slow_loss(codes: Floats, factor: Ints) -> float:
    """Fit a softmax of balanced classes by a general minimiser; return its loss with all samples alike."""
    inputs = np.column_stack([(codes - codes.mean(axis=0)) / codes.std(axis=0), np.ones(len(codes))])
    truth = np.eye(factor.max() + 1)[factor]
    weights = len(factor) / truth.shape[1] / truth.sum(axis=0)[factor]

    def chances(flat: Floats) -> Floats:
        heights = np.exp(inputs @ flat.reshape(inputs.shape[1], -1))
        return np.asarray(heights / heights.sum(axis=1, keepdims=True))

    def loss(flat: Floats) -> tuple[float, Floats]:
        found = chances(flat)
        slope = inputs.T @ (weights[:, None] * (found - truth)) / len(factor)
        return float(-np.mean(weights * np.log((found * truth).sum(axis=1)))), slope.ravel()

    start = np.zeros(inputs.shape[1] * truth.shape[1])
    best = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-9}).x
    return float(-np.mean(np.log((chances(best) * truth).sum(axis=1))))


def _slow_scores(codes: Floats, factors: Ints) -> dict[str, float]:
    """Follow the authors' definitions, with scikit-learn's estimate of the information."""
    reach = [max(code) - min(code) for code in codes.T.tolist()]
    active = [j for j in range(len(reach)) if reach[j] > max(reach) / 20]
    told = np.empty((len(active), factors.shape[1]))
    explicit = []
    for i, factor in enumerate(factors.T):
        shares = np.unique(factor, return_counts=True)[1] / len(factor)
        for row, j in enumerate(active):
            nats = mutual_info_classif(codes[:, j : j + 1], factor, n_neighbors=10, random_state=0)[0]
            told[row, i] = nats / -sum(shares * np.log(shares))
        explicit.append(1 - _slow_loss(codes, factor) / np.log(len(shares)))
    by_code = np.mean([max(row) / sum(row) for row in told])
    by_factor = np.mean([max(row) / sum(row) for row in told.T])
    chance_of_factor, chance_of_code = 1 / told.shape[1], 1 / len(active)
    return {
        "infomec.modularity": float((by_code - chance_of_factor) / (1 - chance_of_factor)),
        "infomec.compactness": float((by_factor - chance_of_code) / (1 - chance_of_code)),
        "infomec.explicitness": float(np.mean(explicit)),
    }


def test_scores_are_those_of_an_independent_reference_on_the_same_samples() -> None:
    generator = np.random.default_rng(0)
    factors = np.stack([generator.integers(0, size, 1_000) for size in (3, 4, 2)], axis=1)
    codes = factors @ generator.normal(size=(3, 4)) + generator.normal(size=(1_000, 4))
    codes[:, 3] /= 100  # pruned from the first two scores
    sample = draw(1_000, 1_000, metric="infomec", seed=3)
    assert infomec(codes, factors, seed=3) == pytest.approx(
        _slow_scores(codes[sample], factors[sample]), abs=1e-6
    )


def test_codes_that_are_the_factors_score_near_one() -> None:
    for codes in (known_codes.identity(), FACTORS.astype(float), known_codes.blocks(), known_codes.circles()):
        scores = infomec(codes, FACTORS, seed=0)
        held = [score for name, score in scores.items() if codes.ndim == 2 or ".block" in name]
        assert min(held) > 0.97
        assert scores["infomec.explicitness"] > 0.99


def test_order_sign_and_common_scale_of_codes_do_not_matter() -> None:
    codes = known_codes.identity()
    changed = codes[:, known_codes.NEW_ORDER] * [-1e3, 2e3, 1e3, 3e3] + 1e6
    assert infomec(changed, FACTORS, seed=0) == pytest.approx(infomec(codes, FACTORS, seed=0), abs=1e-4)


@pytest.mark.parametrize(("divisor", "is_left_out"), [(19, False), (21, True)])
def test_codes_of_a_small_range_are_left_out(divisor: float, is_left_out: bool) -> None:  # noqa: FBT001 - a table
    codes = known_codes.identity()
    merged = codes[:, :2] @ [1.0, 1.0]
    small = merged / np.ptp(merged) * np.ptp(codes, axis=0).max() / divisor
    before = infomec(codes, FACTORS, seed=0)
    after = infomec(np.column_stack([codes, small]), FACTORS, seed=0)
    for name in PARTS:
        assert (after[name] == before[name]) == is_left_out


def test_one_code_of_a_range_far_above_all_others_is_left_alone() -> None:
    assert set(infomec(known_codes.rescaled(), FACTORS, seed=0)) == {PARTS[0], "infomec.explicitness"}


def test_subspaces_of_a_small_range_are_left_out_however_turned() -> None:
    codes = known_codes.turned_blocks()
    before = infomec(codes, FACTORS, seed=0)
    small = 0.01 * (codes[:, :1] + codes[:, 1:2])
    after = infomec(np.concatenate([codes, small], axis=1), FACTORS, seed=0)
    for part in ("infomec.block.modularity", "infomec.block.compactness"):
        assert after[part] == before[part]


def test_turning_coordinates_into_each_other_lowers_all_but_explicitness() -> None:
    scores = infomec(known_codes.rotated(), FACTORS, seed=0)
    assert scores["infomec.modularity"] < 0.15
    assert scores["infomec.compactness"] < 0.05
    assert scores["infomec.explicitness"] > 0.99


def test_duplicated_codes_are_modular_but_not_compact() -> None:
    scores = infomec(known_codes.duplicated(), FACTORS, seed=0)
    assert scores["infomec.modularity"] > 0.98
    assert scores["infomec.compactness"] == pytest.approx(3 / 7, abs=0.01)  # (1/2 - 1/8) / (1 - 1/8)


def test_a_coordinate_of_two_factors_is_compact_but_not_modular() -> None:
    scores = infomec(known_codes.merged(), FACTORS, seed=0)
    assert scores["infomec.modularity"] == pytest.approx(1 / 3, abs=0.01)  # (1/2 - 1/4) / (1 - 1/4)
    assert scores["infomec.compactness"] > 0.98


def test_constant_codes_have_no_share_and_make_nothing_explicit() -> None:
    nothing = pytest.approx({"infomec.explicitness": 0}, abs=1e-12)
    assert infomec(known_codes.constant(), FACTORS, seed=0) == nothing
    assert infomec(known_codes.constant_blocks(), FACTORS, seed=0) == nothing


def test_noise_makes_nothing_explicit() -> None:
    assert infomec(known_codes.noise(), FACTORS, seed=0)["infomec.explicitness"] == pytest.approx(0, abs=0.01)


def test_subspaces_of_one_dimension_score_as_coordinates_do() -> None:
    codes = known_codes.identity(noise=0.8)
    codes[:, 1] += codes[:, 0]
    scores = infomec(codes[:, :, None], FACTORS, seed=0)
    blocks = {name.replace(".block", ""): score for name, score in scores.items() if ".block" in name}
    assert blocks == {name: scores[name] for name in PARTS}
    assert infomec(codes, FACTORS, seed=0) == {name: scores[name] for name in scores if ".block" not in name}


def test_turning_subspaces_in_themselves_lowers_coordinate_scores_but_not_block_scores() -> None:
    straight = infomec(known_codes.blocks(), FACTORS, seed=0)
    turned = infomec(known_codes.turned_blocks(), FACTORS, seed=0)
    reordered = infomec(known_codes.permuted_blocks(), FACTORS, seed=0)
    for name in straight:
        assert reordered[name] == pytest.approx(straight[name], abs=1e-6)
        if ".block" in name:
            assert turned[name] == pytest.approx(straight[name], abs=1e-6)
    assert turned["infomec.compactness"] < straight["infomec.compactness"] - 0.3


def test_mixing_all_subspaces_lowers_the_block_scores() -> None:
    scores = infomec(known_codes.mixed_blocks(), FACTORS, seed=0)
    assert max(score for name, score in scores.items() if ".block" in name) < 0.2


def test_one_factor_has_no_modularity_and_one_code_no_compactness() -> None:
    codes = known_codes.identity()
    assert set(infomec(codes, FACTORS[:, :1], seed=0)) == {"infomec.compactness", "infomec.explicitness"}
    assert set(infomec(codes[:, :1], FACTORS, seed=0)) == {"infomec.modularity", "infomec.explicitness"}
    assert not [name for name in infomec(codes[:, None], FACTORS, seed=0) if ".block" in name]


def test_single_precision_and_order_of_axes_in_memory_do_not_matter() -> None:
    single = np.asfortranarray(known_codes.blocks().astype(np.float32))
    expected = infomec(known_codes.blocks(), FACTORS, seed=0)
    assert infomec(single, FACTORS, seed=0) == pytest.approx(expected, abs=0.005)


def test_a_value_seen_once_breaks_nothing_and_equal_seeds_agree() -> None:
    rare = np.zeros((N, 2), dtype=np.int64)
    rare[7, 0], rare[:, 1] = 1, FACTORS[:, 0]
    scores = infomec(known_codes.blocks(), rare, seed=1)
    assert np.isfinite(list(scores.values())).all()
    assert scores == infomec(known_codes.blocks(), rare, seed=1)


def test_few_samples_are_a_warning_of_their_own_and_bad_input_is_named() -> None:
    codes = known_codes.identity()
    with pytest.warns(TooFewSamplesWarning, match="infomec: 999 samples, but under 1000"):
        infomec(codes[:999], FACTORS[:999], seed=0)
    with pytest.raises(ValueError, match="'factors': 1999"):
        infomec(codes, FACTORS[1:], seed=0)
    with pytest.raises(ValueError, match=f"none of the {F} factors takes more than one value"):
        infomec(codes, np.zeros_like(FACTORS), seed=0)


def test_values_that_can_be_set_apart_end_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert 0.99 < infomec(FACTORS.astype(float), FACTORS, seed=0)["infomec.explicitness"] <= 1
