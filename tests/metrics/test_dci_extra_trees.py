from __future__ import annotations

import time

import numpy as np
import pytest

from detaux.metrics import compute_metric

RNG = np.random.default_rng(0)


def test_what_one_factor_or_one_code_leaves_undefined_is_absent() -> None:
    codes, factors = RNG.normal(size=(1_000, 3)), RNG.integers(0, 3, size=(1_000, 2))
    assert set(compute_metric("dci_extra_trees", codes, factors[:, :1])) == {
        "dci_extra_trees.completeness",
        "dci_extra_trees.informativeness",
    }
    assert set(compute_metric("dci_extra_trees", codes[:, :1], factors)) == {
        "dci_extra_trees.disentanglement",
        "dci_extra_trees.informativeness",
    }


def test_informativeness_is_the_accuracy_on_codes_not_fitted() -> None:
    factors = RNG.integers(0, 2, size=(4_000, 1))
    told = np.where(RNG.random(4_000) < 0.8, factors[:, 0], 1 - factors[:, 0])
    codes = np.stack([told, RNG.normal(size=4_000)], axis=1)
    assert compute_metric("dci_extra_trees", codes, factors)[
        "dci_extra_trees.informativeness"
    ] == pytest.approx(0.8, abs=0.03)


def test_scores_hardly_depend_on_the_seed() -> None:
    factors = RNG.integers(0, 8, size=(5_000, 3))
    codes = factors @ RNG.normal(size=(3, 6)) + RNG.normal(size=(5_000, 6))
    scores = [compute_metric("dci_extra_trees", codes, factors, seed=seed) for seed in range(4)]
    for name in scores[0]:
        assert np.std([score[name] for score in scores]) < 0.01


@pytest.mark.slow
def test_sixty_coordinates_take_seconds() -> None:
    factors = np.stack([RNG.integers(0, size, 5_000) for size in (10, 10, 10, 8, 4, 15)], axis=1)
    codes = RNG.normal(size=(5_000, 6, 10)).astype(np.float32)
    start = time.process_time()
    compute_metric("dci_extra_trees", codes, factors)
    compute_metric("mig", codes, factors)
    assert time.process_time() - start < 15  # measured: under 5
