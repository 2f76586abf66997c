from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.linear_model import Lasso

from detaux.metrics import TooFewSamplesWarning
from detaux.metrics.scores.udr import udr
from tests.metrics.gaussian_codes import of_covariance, turned

Floats = NDArray[np.float64]

GRID = np.array(list(product(range(6), repeat=4)), dtype=np.float64)  # all correlations, of ranks too, are 0
N = len(GRID)
MEANS = ("udr.lasso", "udr.spearman", "udr.r2")


def _alike(codes: Floats, count: int = 4) -> list[Floats]:
    """Return models that are one but for order, sign and scale of coordinates."""
    generator = np.random.default_rng(0)
    width = codes.shape[1]
    return [
        codes[:, generator.permutation(width)] * generator.choice([-2.0, 2.0], width) for _ in range(count)
    ]


def _noisy(count: int = 4) -> list[Floats]:
    generator = np.random.default_rng(1)
    return [GRID @ generator.normal(size=(4, 4)) + generator.normal(size=(N, 4)) for _ in range(count)]


def _independent(shape: tuple[int, ...], count: int = 4) -> list[Floats]:
    return [np.random.default_rng(seed).normal(size=shape) for seed in range(count)]


def _strength(matrix: Floats) -> float:
    """Return the paper's score of a pair of models, row by row and column by column."""
    lines = [*matrix, *matrix.T]
    return float(np.mean([line.max() ** 2 / line.sum() if line.sum() else 0 for line in lines]))


def _reference(models: list[Floats], similarity: str) -> list[float]:
    scores = []
    for judged in models:
        pairs = []
        for other in models:
            if other is judged:
                continue
            matrix = np.empty((other.shape[1], judged.shape[1]))
            for b, column in enumerate(judged.T):
                if similarity == "lasso":
                    seen = (other - other.mean(axis=0)) / other.std(axis=0)
                    fitted = Lasso(alpha=0.1, tol=1e-10).fit(seen, (column - column.mean()) / column.std())
                    matrix[:, b] = np.abs(fitted.coef_)
                else:
                    matrix[:, b] = [abs(spearmanr(seen, column).statistic) for seen in other.T]
            pairs.append(_strength(matrix))
        scores.append(float(np.median(pairs)))
    return scores


def test_models_that_are_one_but_for_order_sign_and_scale_score_one_and_by_lasso_what_its_penalty_leaves() -> (
    None
):
    scores = udr(_alike(GRID))
    assert [scores[name] for name in MEANS] == pytest.approx([0.9, 1, 1], abs=1e-6)
    assert len(scores) == 3 * (1 + 4)
    assert [scores[f"udr.r2.{model}"] for model in range(4)] == pytest.approx([1] * 4)


def test_independent_models_score_about_zero() -> None:
    scores = udr(_independent((5_000, 4, 3)))
    assert max(scores.values()) < 0.02


@pytest.mark.parametrize("similarity", ["lasso", "spearman"])
def test_scores_agree_with_a_slow_reference(similarity: str) -> None:
    models = _noisy()
    scores = udr(models)
    found = [scores[f"udr.{similarity}.{model}"] for model in range(4)]
    assert found == pytest.approx(_reference(models, similarity), abs=1e-4 if similarity == "lasso" else 1e-9)
    assert scores[f"udr.{similarity}"] == pytest.approx(np.mean(found))


def test_two_turned_coordinates_share_what_they_hold() -> None:
    pair = of_covariance(np.eye(2))
    half = np.sqrt(0.5)
    scores = udr([pair, pair @ np.array([[half, half], [-half, half]])])
    assert scores["udr.r2"] == pytest.approx(0.25)
    assert scores["udr.spearman"] == pytest.approx(half / 2, abs=0.03)


def test_a_coordinate_held_twice_costs_its_other_half() -> None:
    pair = of_covariance(np.eye(2))
    scores = udr([pair, pair[:, [0, 0]]])
    assert scores["udr.r2.1"] == pytest.approx((1 + 1 + 0.5 + 0) / 4)


def test_the_median_keeps_one_odd_model_from_lowering_the_others() -> None:
    scores = udr([*_alike(GRID, count=3), np.random.default_rng(0).normal(size=(N, 4))])
    assert [scores[f"udr.r2.{model}"] for model in range(3)] == pytest.approx([1] * 3)
    assert scores["udr.r2.3"] < 0.01


def test_turned_rescaled_and_reordered_subspaces_score_one_as_blocks_and_less_as_coordinates() -> None:
    codes = of_covariance(np.diag([9.0, 1.0] * 3)).reshape(-1, 3, 2)
    models = [codes, turned(codes, seed=1)[:, [2, 0, 1]] * -3.0, turned(codes, seed=2)[:, [1, 0, 2]] + 1e6]
    scores = udr(models)
    assert scores["udr.block.r2"] == pytest.approx(1, abs=1e-9)
    assert scores["udr.r2"] < 0.9


def test_subspaces_that_share_variance_are_weighed_by_it() -> None:
    held, first, second = np.moveaxis(of_covariance(np.eye(6)).reshape(-1, 3, 2), 1, 0)
    pair = np.stack([held, first], axis=1)
    half_held = np.stack([np.stack([held[:, 0], second[:, 0]], axis=1), first], axis=1)
    scores = udr([pair, half_held])
    assert scores["udr.block.r2.1"] == pytest.approx((0.5 + 1 + 0.5 + 1) / 4)


def test_one_dimension_scores_as_coordinates_do() -> None:
    scores = udr([codes[:, :, None] for codes in _noisy()])
    for name in ("r2", "r2.0", "r2.3"):
        assert scores[f"udr.block.{name}"] == pytest.approx(scores[f"udr.{name}"], abs=1e-12)


def test_coordinates_of_little_variance_do_not_count() -> None:
    generator = np.random.default_rng(0)
    padded = [np.concatenate([codes, 0.1 * generator.normal(size=(N, 3))], axis=1) for codes in _alike(GRID)]
    assert udr(padded) == pytest.approx(udr(_alike(GRID)))


def test_models_may_differ_in_the_number_of_coordinates() -> None:
    scores = udr([GRID, GRID[:, :2]])
    assert scores["udr.r2"] == pytest.approx(4 / 6)


@pytest.mark.parametrize("constant", [0.1, 1e6 + 0.1])
def test_a_model_that_does_not_vary_agrees_with_none(constant: float) -> None:
    flat = np.full((N, 2, 2), constant)
    scores = udr([GRID.reshape(N, 2, 2), flat, flat])
    assert set(scores.values()) == {0}


def test_single_precision_and_order_in_memory_do_not_matter() -> None:
    models = _noisy()
    singles = [np.asfortranarray(codes.astype(np.float32)) for codes in models]
    assert udr(singles) == pytest.approx(udr(models), abs=1e-4)


def test_too_few_samples_are_a_warning_of_their_own() -> None:
    with pytest.warns(TooFewSamplesWarning, match="udr: 999 samples, but under 1000"):
        udr([GRID[:999], GRID[:999]])


def test_bad_input_is_named() -> None:
    with pytest.raises(ValueError, match="at least 2 models, found 1"):
        udr([GRID])
    with pytest.raises(TypeError, match="must be a list of arrays, found ndarray"):
        udr(np.stack([GRID, GRID]))
    with pytest.raises(ValueError, match="'model 1': 1295"):
        udr([GRID, GRID[1:]])
    with pytest.raises(ValueError, match="not finite"):
        udr([GRID, np.full_like(GRID, np.nan)])
