"""What metrics of codes and factors must say of codes whose answer is known; `declared` has what each says."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from detaux.core.checks import Codes, Labels
from detaux.metrics import TooFewSamplesWarning, compute_metric
from detaux.metrics.registry import judged, metrics_of_codes
from tests.metrics import known_codes
from tests.metrics.declared import DECLARED, Blocks, Coordinates
from tests.metrics.known_codes import F, N

FACTORS = known_codes.factors()
NAMES = [name for name in metrics_of_codes() if judged(name) == ("codes", "factors")]
METRICS = pytest.mark.parametrize(
    "metric",
    [
        pytest.param(name, marks=[pytest.mark.slow] * (name in DECLARED and DECLARED[name].slow))
        for name in NAMES
    ],
)


def scores_of(metric: str, codes: Codes, factors: Labels = FACTORS) -> dict[str, float]:
    rows = DECLARED[metric].rows
    return compute_metric(metric, codes[:rows], factors[:rows], seed=0)


@cache
def known(metric: str, codes: str) -> dict[str, float]:
    """Compute the scores of codes by the name of their maker."""
    return scores_of(metric, getattr(known_codes, codes)())


def of_blocks(scores: dict[str, float]) -> dict[str, float]:
    return {name: score for name, score in scores.items() if ".block" in name}


def test_every_metric_is_declared() -> None:
    assert sorted(DECLARED) == NAMES


@METRICS
@pytest.mark.parametrize("codes", Coordinates._fields + Blocks._fields)
def test_known_codes_score_as_declared(metric: str, codes: str) -> None:
    rows = {name: row._asdict() for name, row in DECLARED[metric].scores.items() if codes in row._fields}
    expected = {name: row[codes] for name, row in rows.items() if row[codes] is not None}
    found = known(metric, codes)
    assert expected.keys() == (of_blocks(found) if codes in Blocks._fields else found).keys()
    assert not {
        name: (found[name], *bounds)
        for name, bounds in expected.items()
        if not bounds[0] - 1e-9 <= found[name] <= bounds[1] + 1e-9
    }


@METRICS
def test_order_scale_sign_and_offset_of_coordinates_do_not_matter(metric: str) -> None:
    before, rescaled = known(metric, "identity"), known_codes.rescaled()
    if DECLARED[metric].only_common_scale:
        rescaled = -1e3 * known_codes.identity() + 1e6
    assert known(metric, "permuted") == pytest.approx(before, abs=0.01)
    assert scores_of(metric, rescaled) == pytest.approx(before, abs=0.01)


@METRICS
def test_order_turns_and_scale_of_subspaces_do_not_matter(metric: str) -> None:
    before, rescaled = of_blocks(known(metric, "blocks")), known_codes.rescaled_blocks()
    if DECLARED[metric].only_common_scale:
        rescaled = 1e3 * known_codes.blocks()
    assert before
    assert of_blocks(known(metric, "turned_blocks")) == pytest.approx(before, abs=0.01)
    assert of_blocks(known(metric, "permuted_blocks")) == pytest.approx(before, abs=0.01)
    assert of_blocks(scores_of(metric, rescaled)) == pytest.approx(before, abs=0.01)


@METRICS
def test_turning_subspaces_in_themselves_lowers_scores_of_coordinates(metric: str) -> None:
    before, after = known(metric, "blocks"), known(metric, "turned_blocks")
    for name in DECLARED[metric].falls:
        assert after[name] < before[name] - 0.1


@METRICS
def test_names_of_factor_values_and_a_factor_of_one_value_do_not_matter(metric: str) -> None:
    renamed = np.concatenate([FACTORS * 7 - 3, np.full((N, 1), 6)], axis=1)
    assert scores_of(metric, known_codes.identity(), renamed) == known(metric, "identity")


@METRICS
def test_subspaces_of_one_dimension_score_as_coordinates_do(metric: str) -> None:
    noisy = known_codes.identity(noise=0.8)
    noisy[:, 1] += noisy[:, 0]
    scores, coordinates = scores_of(metric, noisy[:, :, None]), scores_of(metric, noisy)
    for name, score in of_blocks(scores).items():
        assert score == pytest.approx(coordinates[name.replace(".block", "")], abs=1e-12)
    assert {name: scores[name] for name in coordinates} == coordinates


@METRICS
def test_single_precision_and_order_of_axes_in_memory_do_not_matter(metric: str) -> None:
    single = np.asfortranarray(known_codes.blocks().astype(np.float32))
    assert scores_of(metric, single) == pytest.approx(known(metric, "blocks"), abs=0.02)


@METRICS
def test_a_value_seen_once_breaks_nothing(metric: str) -> None:
    rare = np.zeros((N, 2), dtype=np.int64)
    rare[7, 0], rare[:, 1] = 1, FACTORS[:, 0]
    assert np.isfinite(list(scores_of(metric, known_codes.identity(), rare).values())).all()


@METRICS
def test_too_few_samples_are_a_warning_of_their_own(metric: str) -> None:
    floor = DECLARED[metric].floor
    text = f"{metric}: {floor - 1} samples, but under {floor}"
    with pytest.warns(TooFewSamplesWarning, match=text):
        compute_metric(metric, known_codes.identity()[: floor - 1], FACTORS[: floor - 1])


@METRICS
def test_bad_input_is_named(metric: str) -> None:
    codes = known_codes.identity()
    with pytest.raises(ValueError, match=r"\(N, D\) or \(N, K, D\), but their shape is \(2000,\)"):
        compute_metric(metric, codes[:, 0], FACTORS)
    with pytest.raises(ValueError, match="factors must have 2 axes"):
        compute_metric(metric, codes, FACTORS[:, 0])
    with pytest.raises(ValueError, match="'factors': 1999"):
        compute_metric(metric, codes, FACTORS[1:])
    with pytest.raises(ValueError, match="1 values that are not finite"):
        compute_metric(metric, np.where(np.arange(N * F).reshape(N, F) == 9, np.nan, codes), FACTORS)
    with pytest.raises(ValueError, match="none of the 4 factors takes more than one value"):
        compute_metric(metric, codes, np.zeros_like(FACTORS))
