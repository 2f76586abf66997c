"""What every metric refuses, and by which name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from detaux.metrics import compute_metric

RNG = np.random.default_rng(0)
CODES, FACTORS = RNG.normal(size=(1_000, 2, 3)), RNG.integers(0, 4, size=(1_000, 2))
LABELS = FACTORS[:, 0]
OF_CODES = pytest.mark.parametrize("metric", ["dci_extra_trees", "mig"])
OF_LABELS = pytest.mark.parametrize(
    ("metric", "names"),
    [
        ("accuracy", ("predictions", "labels")),
        ("macro_f1", ("predictions", "labels")),
        ("agreement", ("clusters", "reference")),
    ],
)


@OF_CODES
@pytest.mark.parametrize("codes", [CODES + 1j, CODES.astype(object), CODES.astype(str)])
def test_codes_that_are_no_real_numbers_are_refused(metric: str, codes: Any) -> None:
    with pytest.raises(ValueError, match="codes must hold real numbers"):
        compute_metric(metric, codes, FACTORS)


@OF_CODES
@pytest.mark.parametrize("factors", [FACTORS + 0.5, FACTORS.astype(float), FACTORS.astype(str)])
def test_factors_that_are_no_integers_are_refused(metric: str, factors: Any) -> None:
    with pytest.raises(ValueError, match="factors must hold integers, but they are of type"):
        compute_metric(metric, CODES, factors)


@OF_CODES
def test_truth_values_are_integers(metric: str) -> None:
    assert compute_metric(metric, CODES, FACTORS > 1) == compute_metric(metric, CODES, (FACTORS > 1) * 1)


@OF_CODES
@pytest.mark.parametrize("scale", [1e300, 1e-200])
def test_codes_that_cannot_be_squared_are_refused(metric: str, scale: float) -> None:
    codes = CODES.copy()
    codes[:, 1, 2] *= scale
    with pytest.raises(ValueError, match=r"codes have a coordinate whose largest size is .*; scale it"):
        compute_metric(metric, codes, FACTORS)


@OF_CODES
@pytest.mark.parametrize("scale", [1e99, 1e-99])
def test_codes_of_any_other_scale_score_alike(metric: str, scale: float) -> None:
    expected = compute_metric(metric, CODES, FACTORS)
    assert compute_metric(metric, CODES * scale, FACTORS) == pytest.approx(expected, abs=0.02)


@OF_CODES
def test_codes_without_coordinates_are_refused(metric: str) -> None:
    with pytest.raises(ValueError, match=r"at least one coordinate, but their shape is \(1000, 2, 0\)"):
        compute_metric(metric, CODES[:, :, :0], FACTORS)


def test_silhouette_refuses_the_same() -> None:
    with pytest.raises(ValueError, match="codes must hold real numbers"):
        compute_metric("silhouette", CODES[:, 0] + 1j, LABELS)
    with pytest.raises(ValueError, match="clusters must hold integers"):
        compute_metric("silhouette", CODES[:, 0], LABELS + 0.5)


@OF_LABELS
def test_predictions_and_labels_that_are_no_integers_are_refused(metric: str, names: tuple[str, str]) -> None:
    with_nan = np.where(LABELS > 2, np.nan, LABELS)
    for strange in (with_nan, LABELS.astype(float), LABELS.astype(str), LABELS.astype(object)):
        with pytest.raises(ValueError, match=f"{names[0]} must hold integers"):
            compute_metric(metric, strange, LABELS)
        with pytest.raises(ValueError, match=f"{names[1]} must hold integers"):
            compute_metric(metric, LABELS, strange)


@pytest.mark.parametrize(
    "metric", ["accuracy", "agreement", "dci_extra_trees", "macro_f1", "mig", "silhouette"]
)
@pytest.mark.parametrize("strange", [None, [[0, 1], [1, 0]], 3])
def test_what_is_no_array_is_refused(metric: str, strange: Any) -> None:
    with pytest.raises(TypeError, match="must be a numpy array, found"):
        compute_metric(metric, strange, LABELS)
    nothing = "found 1 argument" if strange is None else "must be a numpy array, found"
    with pytest.raises(TypeError, match=nothing):
        compute_metric(
            metric, CODES if metric in {"dci_extra_trees", "mig", "silhouette"} else LABELS, strange
        )


@pytest.mark.parametrize("metric", ["accuracy", "dci_extra_trees"])
@pytest.mark.parametrize("seed", [-1, 1.5, "0", None, True])
def test_a_seed_that_is_none_is_refused(metric: str, seed: Any) -> None:
    with pytest.raises(ValueError, match="seed must be an integer of at least 0, found"):
        compute_metric(metric, LABELS, LABELS, seed=seed)


def test_a_seed_of_numpy_is_that_of_python() -> None:
    codes, factors = np.tile(CODES, (11, 1, 1)), np.tile(FACTORS, (11, 1))
    seed: Any = np.int64(3)
    assert compute_metric("mig", codes, factors, seed=seed) == compute_metric("mig", codes, factors, seed=3)


def test_a_name_that_is_no_string_is_refused() -> None:
    name: Any = None
    with pytest.raises(TypeError, match="name must be the name of a metric, found None"):
        compute_metric(name, CODES, FACTORS)
