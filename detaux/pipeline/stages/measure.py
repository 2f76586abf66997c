"""Stage `measure`: how disentangled the codes are, and what the discovered labels agree with."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from detaux.core.checks import Codes
from detaux.core.seeding import derive_seed
from detaux.discover.registries import clusterings
from detaux.metrics import TooFewSamplesWarning, compute_metric, compute_metrics
from detaux.metrics.registry import judged
from detaux.pipeline.files import load_array, load_json, save_json, save_scores
from detaux.pipeline.loaded import LoadedData, load_data
from detaux.pipeline.parts import build
from detaux.pipeline.stage import Context

_MAX_SAMPLES = 10_000


def run(context: Context) -> None:
    """Write scores.json and notes.json (what to beware of, such as too few samples or metrics that gave no scores).

    All scores are on a sample of training images, which the codes and labels were fitted on.

    Config: `metrics` [names of metrics of codes, against the factors or alone]. Inputs: data, disentangle, discover.
    Scores: those of the metrics; `auxiliary.<score>.<factor>` and `auxiliary.<score>.principal`, the agreement of
    the discovered labels, those of the first task, with each factor and with the principal label; `auxiliary.best_nmi`, the
    largest over factors that are not principal; `principal_subspace.<score>`, the agreement of clusters of subspace 0, by the
    same clustering, with the principal label.
    """
    data = load_data(context.inputs["data"])
    codes = load_array(context.inputs["disentangle"] / "codes_train.npy")
    found = load_array(context.inputs["discover"] / "labels_train.npy")[:, 0]
    seed = derive_seed("measure", context.seed)
    sample = np.sort(np.random.default_rng(seed).permutation(len(codes))[:_MAX_SAMPLES])
    index = data.split.train[sample]
    context.progress(0.0, "disentanglement")
    names, factors = tuple(context.config["metrics"]), data.factors(index)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", TooFewSamplesWarning)
        scores = compute_metrics(names, codes[sample], factors, seed=seed)
    notes = {str(warning.message) for warning in caught} | _absences(names, scores, codes, factors)
    save_json(context.out / "notes.json", sorted(notes))
    context.progress(0.8, "agreement")
    scores |= _auxiliary_agreement(found[sample], data, index)
    clusters = _principal_clusters(codes[sample, 0], context, seed=seed)
    scores |= _named("principal_subspace.{}", compute_metric("agreement", clusters, data.labels[index]))
    save_scores(context.out, {("train", name): value for name, value in scores.items()})


def _absences(
    names: tuple[str, ...], scores: dict[str, float], codes: Codes, factors: NDArray[np.int64]
) -> set[str]:
    """Say which metrics gave no scores, and what there was to compare."""
    varying = np.count_nonzero(np.ptp(factors, axis=0))
    there = (
        f"factors that vary: {varying}, subspaces: {codes.shape[1]}, coordinates of each: {codes.shape[2]}"
    )
    given = {score.split(".")[0] for score in scores}
    notes = {f"{name} gave no scores: there is too little to compare ({there})" for name in {*names} - given}
    if varying == 1 and any("factors" in judged(name) for name in names):
        notes.add("only one factor varies in the samples measured: scores that compare factors are absent")
    return notes


def _auxiliary_agreement(
    found: NDArray[np.int64], data: LoadedData, index: NDArray[np.int64]
) -> dict[str, float]:
    factors = data.factors(index)
    scores = _named("auxiliary.{}.principal", compute_metric("agreement", found, data.labels[index]))
    others = []
    for name, values in zip(data.dataset.factor_names, factors.T, strict=True):
        agreement = compute_metric("agreement", found, values)
        scores |= _named(f"auxiliary.{{}}.{name}", agreement)
        if name not in data.principal:
            others.append(agreement["nmi"])
    return scores | ({"auxiliary.best_nmi": max(others)} if others else {})


def _principal_clusters(codes: Codes, context: Context, *, seed: int) -> NDArray[np.int64]:
    """Cluster subspace 0 in the way in which the auxiliary subspace was clustered."""
    clustering = load_json(context.inputs["discover"] / "config.json")["config"]["clustering"]
    return build(clusterings, clustering).fit(codes, seed=seed).labels


def _named(pattern: str, scores: dict[str, float]) -> dict[str, float]:
    return {pattern.format(name): value for name, value in scores.items()}
