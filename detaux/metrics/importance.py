"""Disentanglement, completeness and informativeness from importances: what every estimator of DCI shares.

Source: Eastwood & Williams 2018, "A Framework for the Quantitative Evaluation of Disentangled Representations", ICLR.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes, Labels
from detaux.core.seeding import derive_seed
from detaux.metrics.axes import discriminant_axes
from detaux.metrics.inputs import check_codes_and_factors, draw, varying, warn_below

Floats = NDArray[np.float64]
Fit = Callable[[Floats, Labels, Floats, int], tuple[Floats, Labels]]
"""Columns (N, C) and classes (N,) to fit, columns (M, C) to predict, a seed below 2**32; importance (C,), classes (M,)."""

_SEEDS = 2**32  # of scikit-learn


def dci_scores(
    metric: str,
    codes: Codes,
    factors: Labels,
    fit: Fit,
    *,
    seed: int,
    floor: int,
    samples: int = 15_000,
    fitted: float = 2 / 3,
) -> dict[str, float]:
    """Score the importance of each coordinate, and of each subspace where codes have K axes, for each factor.

    Block form: the estimator sees each subspace along its discriminant axes for the factor (`discriminant_axes`, of
    the fitted samples), and the importance of a subspace is the sum over its axes, so that turning or rescaling a
    subspace changes nothing, while its coordinates share what they know. At D = 1 the axis is the coordinate,
    and the result is that of the scalar form.

    Args:
        metric: Name that the scores begin with.
        codes: Codes, shape (N, D) or (N, K, D), float, finite, any scale from 1e-100 to 1e100.
        factors: Factor values as class indices, shape (N, F), int; those of one value only are left out.
        fit: The estimator.
        seed: Seed of the sample, its parts and the estimator.
        floor: How many samples it takes not to warn.
        samples: How many samples are used at most.
        fitted: Share of the samples that is fitted; the others score informativeness.

    Returns:
        Scores in [0, 1], higher is better. `<metric>.disentanglement` (does a coordinate serve one factor; entropy
        base F, weighted by importance), `<metric>.completeness` (is a factor served by one coordinate; entropy base
        D, or K * D), `<metric>.informativeness` (mean accuracy on samples not fitted); where codes have K axes, the
        same of subspaces as `<metric>.block.disentanglement` and so on (completeness with base K).
        Disentanglement is absent where only one factor varies, completeness where there is one code: an entropy of
        one has no base.

    Raises:
        TypeError: If an argument is no numpy array.
        ValueError: If shapes do not fit, codes or factors are refused by `check_codes_and_factors`, there are fewer
            than 2 samples, or no factor varies.
    """
    check_codes_and_factors(codes, factors)
    warn_below(floor, len(codes), metric=metric)
    sample = draw(len(codes), samples, metric=metric, seed=seed)
    codes, classes = codes[sample], varying(factors[sample])
    cut = min(int(np.ceil(fitted * len(codes))), len(codes) - 1)
    forms = {metric: codes.reshape(len(codes), -1, 1)}
    if codes.ndim == 3:  # noqa: PLR2004 - N, K, D
        forms[f"{metric}.block"] = codes
    seeds = [derive_seed(metric, "trees", seed, number) % _SEEDS for number in range(classes.shape[1])]
    scores: dict[str, float] = {}
    for prefix, blocks in forms.items():
        importance, accuracy = _importance(_standardised(blocks), classes, fit, cut, seeds)
        found = entropy_scores(importance) | {"informativeness": accuracy}
        scores |= {f"{prefix}.{name}": value for name, value in found.items()}
    return scores


def entropy_scores(importance: Floats) -> dict[str, float]:
    """Return what there is of disentanglement and completeness.

    Args:
        importance: Of codes for factors, shape (codes, factors), not negative.

    Returns:
        `disentanglement` and `completeness`, in [0, 1]; the one whose entropy has no base is absent.
    """
    scores = {"disentanglement": importance, "completeness": importance.T}
    return {name: _concentration(rows) for name, rows in scores.items() if rows.shape[1] > 1}


def _importance(
    blocks: Floats, factors: Labels, fit: Fit, cut: int, seeds: list[int]
) -> tuple[Floats, float]:
    """Return the importance of K blocks for F factors, (K, F), and the mean accuracy after the first `cut`."""
    columns, accuracies = [], []
    for factor, seed in zip(factors.T, seeds, strict=True):
        axes = [discriminant_axes(block, factor[:cut]) for block in np.moveaxis(blocks[:cut], 1, 0)]
        seen = np.concatenate([blocks[:, k] @ axes_k for k, axes_k in enumerate(axes)], axis=1)
        owner = np.repeat(np.arange(len(axes)), [axes_k.shape[1] for axes_k in axes])
        weights, predicted = np.zeros(len(owner)), factor[:1]
        if np.ptp(factor[:cut]):
            weights, predicted = fit(seen[:cut], factor[:cut], seen[cut:], seed)
        columns.append(np.bincount(owner, weights=weights))
        accuracies.append(np.mean(predicted == factor[cut:]))
    return np.stack(columns, axis=1), float(np.mean(accuracies))


def _standardised(codes: Codes) -> Floats:
    """Centre and scale each coordinate: trees work in single precision, where an offset would swallow it."""
    centred = codes.astype(np.float64) - codes.mean(axis=0, dtype=np.float64)
    spread = centred.std(axis=0)
    return np.asarray(centred / np.where(spread > 0, spread, 1))


def _concentration(rows: Floats) -> float:
    """Return 1 less the entropy of each row, in base of its length, weighted by the rows' sums; 0 if all are 0."""
    sums = rows.sum(axis=1, keepdims=True)
    if sums.sum() == 0:
        return 0.0
    shares = np.divide(rows, sums, out=np.full_like(rows, 1 / rows.shape[1]), where=sums > 0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    concentration = 1 + np.sum(shares * logs, axis=1) / np.log(rows.shape[1])
    return float(np.average(concentration, weights=sums[:, 0]))
