from __future__ import annotations

import math

import numpy as np
import pytest

from detaux.core.checks import Labels
from detaux.metrics.importance import Floats, dci_scores, entropy_scores

RNG = np.random.default_rng(0)


def _slow_disentanglement(importance: Floats) -> float:
    """Compute equation by equation: codes are rows, the entropy's base is the number of factors."""
    score, total = 0.0, float(importance.sum())
    for row in importance.tolist():
        if sum(row) == 0:
            continue
        shares = [value / sum(row) for value in row]
        entropy = -sum(share * math.log(share, len(row)) for share in shares if share > 0)
        score += sum(row) / total * (1 - entropy)
    return score


def _spread_of_means(seen: Floats, factor: Labels, unseen: Floats, _: int) -> tuple[Floats, Labels]:
    """Rate a column by the variance of its means over values, and predict the first value."""
    means = np.stack([seen[factor == value].mean(axis=0) for value in np.unique(factor)])
    return means.var(axis=0), np.zeros(len(unseen), np.int64)


@pytest.mark.parametrize("seed", range(5))
def test_entropy_scores_are_those_of_a_literal_loop(seed: int) -> None:
    importance = np.random.default_rng(seed).exponential(size=(7, 4)) ** 3
    importance[2] = 0
    importance[3, :3] = 0
    scores = entropy_scores(importance)
    assert scores["disentanglement"] == pytest.approx(_slow_disentanglement(importance), abs=1e-12)
    assert scores["completeness"] == pytest.approx(_slow_disentanglement(importance.T), abs=1e-12)


def test_known_importances() -> None:
    assert entropy_scores(np.eye(3)) == pytest.approx({"disentanglement": 1, "completeness": 1})
    assert entropy_scores(np.ones((4, 3))) == pytest.approx({"disentanglement": 0, "completeness": 0})
    assert entropy_scores(np.zeros((4, 3))) == {"disentanglement": 0, "completeness": 0}
    two_codes_a_factor = np.repeat(np.eye(2), 2, axis=0)
    assert entropy_scores(two_codes_a_factor) == pytest.approx({"disentanglement": 1, "completeness": 0.5})


def test_a_block_is_as_important_as_its_axes_together() -> None:
    factors = RNG.integers(0, 3, size=(900, 2))
    codes = RNG.normal(size=(900, 2, 2))
    codes[:, 0, 0] += 5 * (factors[:, 0] == 1)
    codes[:, 0, 1] += 5 * (factors[:, 0] == 2)
    codes[:, 1, 0] += 5 * factors[:, 1]
    scores = dci_scores("made_up", codes, factors, _spread_of_means, seed=0, floor=1)
    assert scores["made_up.completeness"] < 0.8
    assert scores["made_up.block.completeness"] > 0.9
    assert scores["made_up.block.disentanglement"] > 0.9


def test_samples_that_are_not_fitted_are_those_that_inform() -> None:
    factors = RNG.integers(0, 2, size=(1_000, 1))
    sizes = []

    def note(seen: Floats, factor: Labels, unseen: Floats, _: int) -> tuple[Floats, Labels]:
        sizes.append((len(seen), len(factor), len(unseen)))
        return np.ones(seen.shape[1]), np.zeros(len(unseen), np.int64)

    codes = RNG.normal(size=(1_000, 3))
    dci_scores("made_up", codes, factors, note, seed=0, floor=1)
    dci_scores("made_up", codes, factors, note, seed=0, floor=1, samples=500, fitted=1 / 2)
    dci_scores("made_up", codes[:2], np.array([[0], [1]]), note, seed=0, floor=1)
    assert sizes == [(667, 667, 333), (250, 250, 250)]  # and nothing is fitted to one sample


def test_a_value_that_no_fitted_sample_has_informs_by_the_others() -> None:
    factors = np.zeros((90, 1), np.int64)
    factors[7] = 1
    found = [
        dci_scores("made_up", RNG.normal(size=(90, 2)), factors, _spread_of_means, seed=seed, floor=1)
        for seed in range(12)
    ]
    unseen = [scores for scores in found if scores["made_up.informativeness"] < 1]
    assert unseen
    for scores in unseen:
        assert scores == {"made_up.completeness": 0, "made_up.informativeness": pytest.approx(29 / 30)}
