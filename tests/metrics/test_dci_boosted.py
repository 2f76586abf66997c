from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier

from detaux.core.checks import Labels
from detaux.core.seeding import derive_seed
from detaux.metrics import compute_metric
from detaux.metrics.importance import Floats
from detaux.metrics.inputs import draw

RNG = np.random.default_rng(0)
SEED_WITHOUT_TIES = 4  # where splits gain the same, ours and those of scikit-learn may differ
STAGES, RATE, DEPTH = 100, 0.1, 3  # scikit-learn's defaults, as in disentanglement_lib


def _squares(values: Floats) -> float:
    mean = float(sum(values)) / len(values)
    return math.fsum((value - mean) ** 2 for value in values.tolist())


def _walk(tree: Any, codes: Floats, residual: Floats, rows: list[int], node: int, *, found: Any) -> None:
    """Follow the fitted samples down a tree: add up what each split gains, and note what each leaf says."""
    code, held = tree.feature[node], residual[rows]
    if tree.children_left[node] == -1:
        found["leaf"][node] = sum(held) / sum(abs(r) * (1 - abs(r)) for r in held)
        return
    left = [row for row in rows if codes[row, code] <= tree.threshold[node]]
    right = [row for row in rows if row not in left]
    found["gain"][code] += _squares(held) - _squares(residual[left]) - _squares(residual[right])
    _walk(tree, codes, residual, left, tree.children_left[node], found=found)
    _walk(tree, codes, residual, right, tree.children_right[node], found=found)


def _leaf_of(tree: Any, code: Floats) -> int:
    node = 0
    while tree.children_left[node] != -1:
        is_left = code[tree.feature[node]] <= tree.threshold[node]
        node = (tree.children_left if is_left else tree.children_right)[node]
    return node


def _slow_boosting(trees: Any, seen: Floats, factor: Labels, unseen: Floats) -> tuple[list[float], list[int]]:
    """Boost by the book (Friedman 2001, Algorithm 6), sample by sample, with given splits."""
    values, n = sorted(set(factor.tolist())), len(seen)
    scores = [[math.log(np.mean(factor == value)) for value in values] for _ in range(n + len(unseen))]
    gain, both = [0.0] * seen.shape[1], np.concatenate([seen, unseen])
    for stage in range(STAGES):
        chances = [[math.exp(s) / sum(map(math.exp, row)) for s in row] for row in scores[:n]]
        for k, value in enumerate(values):
            residual = np.array([float(factor[i] == value) - chances[i][k] for i in range(n)])
            tree, leaf = trees[stage, k].tree_, dict[int, float]()
            _walk(tree, seen, residual, list(range(n)), 0, found={"gain": gain, "leaf": leaf})
            for i, code in enumerate(both):
                scores[i][k] += RATE * (1 - 1 / len(values)) * leaf[_leaf_of(tree, code)]
    return [one / sum(gain) for one in gain], [values[int(np.argmax(row))] for row in scores[n:]]


def _slow_concentration(rows: list[list[float]]) -> float:
    total, score = sum(map(sum, rows)), 0.0
    for row in rows:
        shares = [value / sum(row) for value in row]
        score += sum(row) / total * (1 + sum(s * math.log(s, len(row)) for s in shares if s > 0))
    return score


def test_scores_are_those_of_boosting_by_loops() -> None:
    generator = np.random.default_rng(SEED_WITHOUT_TIES)
    factors = generator.integers(0, 3, size=(48, 2))
    codes = factors @ np.array([[1.0, 0.3, 0.0], [0.0, 0.5, 1.0]]) + 0.4 * generator.normal(size=(48, 3))
    codes = codes.round().clip(0, 2)  # of few levels, so that no two columns part samples alike
    sample = draw(48, 48, metric="dci_boosted", seed=0)
    x = ((codes[sample] - codes.mean(axis=0)) / codes.std(axis=0)).astype(np.float32).astype(np.float64)
    columns, right = [], []
    for number, factor in enumerate(factors[sample].T):
        seed = derive_seed("dci_boosted", "trees", 0, number) % 2**32
        splits = GradientBoostingClassifier(
            n_estimators=STAGES, learning_rate=RATE, max_depth=DEPTH, random_state=seed
        )
        trees = splits.fit(x[:32], factor[:32]).estimators_
        gains, predicted = _slow_boosting(trees, x[:32], factor[:32], x[32:])
        columns.append(gains)
        right.append(np.mean(np.array(predicted) == factor[32:]))
    importance = [list(row) for row in zip(*columns, strict=True)]
    with pytest.warns(UserWarning, match="dci_boosted: 48 samples"):
        scores = compute_metric("dci_boosted", codes, factors)
    assert scores == pytest.approx(
        {
            "dci_boosted.disentanglement": _slow_concentration(importance),
            "dci_boosted.completeness": _slow_concentration(columns),
            "dci_boosted.informativeness": np.mean(right),
        },
        abs=1e-6,
    )
    assert 0.1 < scores["dci_boosted.disentanglement"] < 0.9


def test_a_factor_of_two_values_and_one_that_the_codes_hold_whole() -> None:
    factors = RNG.integers(0, 2, size=(1_000, 2))
    codes = np.stack([factors[:, 0] + 0.05 * RNG.normal(size=1_000), RNG.normal(size=1_000)], axis=1)
    scores = compute_metric("dci_boosted", codes, factors)
    assert scores["dci_boosted.informativeness"] == pytest.approx(0.75, abs=0.05)  # one whole, one by chance
    assert scores == compute_metric("dci_boosted", codes, factors)
    blocks = compute_metric("dci_boosted", codes[:, :, None], factors)
    for name, score in scores.items():
        assert blocks[name.replace("boosted.", "boosted.block.")] == pytest.approx(score, abs=1e-12)
