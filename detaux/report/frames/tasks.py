"""The auxiliary tasks that stage two found, and what they agree with: a row a `discover` job."""

from __future__ import annotations

import pandas as pd

from detaux.report.frames.runs import score_of
from detaux.report.frames.stage_one import listed_repetitions
from detaux.report.labels import label_runs
from detaux.report.results import Results

_FOUND = ("chosen_subspace", "num_clusters", "noise_share", "dead_subspaces", "silhouette")
_NMI = "auxiliary.nmi."
_NO_TASK = "no_auxiliary_task"


def task_frame(results: Results) -> pd.DataFrame:
    """Return what stage two found in every stage-one model, the tasks not looked for yet included.

    Returns:
        `task` (key of the `discover` job), `model` (key of the `disentangle` job), `data`, `stage_one` and
        `stage_two` (what the suite varies of them), `repetitions`, `none_found` (whether stage two ended with
        `no_auxiliary_task`); of the first task of each, `chosen_subspace` (null where all were clustered together),
        `num_clusters`, `noise_share`, `dead_subspaces`, `silhouette`;
        `principal_subspace_nmi` (clusters of subspace 0 with the principal label), `principal_nmi` (found labels
        with the principal label), `best_nmi` and `best_factor` (found labels with the factor, other than
        principal ones, that they agree with best). NMI is in [0, 1].
    """
    tasks = _task_runs(results)
    columns = {name: ("discover", name) for name in _FOUND} | {
        "principal_subspace_nmi": ("measure", "principal_subspace.nmi"),
        "principal_nmi": ("measure", f"{_NMI}principal"),
    }
    for column, (stage, name) in columns.items():
        tasks[column] = tasks["run_id"].map(score_of(results.scores, stage, "train", name)).astype(float)
    groups = tasks.groupby("discover_key", sort=False)
    described = groups.agg(
        model=("disentangle_key", "first"),
        data=("data", "first"),
        stage_one=("stage_one", "first"),
        stage_two=("stage_two", "first"),
        repetitions=("repetition", listed_repetitions),
        none_found=("status", lambda status: _NO_TASK in set(status)),
    )
    return (
        described.join(groups[list(columns)].first()).join(_best_factors(results)).reset_index(names="task")
    )


def agreement_frame(results: Results) -> pd.DataFrame:
    """Return the agreement of the labels found with each factor of the data.

    Returns:
        `task` (key of the `discover` job), `data`, `stage_one`, `stage_two`, `principal` (texts), and a column
        a factor with the normalised mutual information in [0, 1], null where the data set has no such factor.
    """
    agreement = _agreement(results)
    groups = _task_runs(results).groupby("discover_key", sort=False)
    described = groups[["data", "stage_one", "stage_two", "principal"]].first()
    wide = agreement.pivot_table(index="discover_key", columns="factor", values="nmi", sort=False)
    return described.join(wide, how="inner").reset_index(names="task")


def _task_runs(results: Results) -> pd.DataFrame:
    runs = label_runs(results)
    principal = runs["data.principal"] if "data.principal" in runs.columns else ""
    return runs.assign(principal=principal)[runs["discover_key"].notna()]


def _agreement(results: Results) -> pd.DataFrame:
    """Return NMI in long form: a row a `discover` job and factor, with whether the factor is principal."""
    scores = results.scores
    chosen = scores[(scores["stage"] == "measure") & scores["name"].str.startswith(_NMI)]
    long = chosen.assign(factor=chosen["name"].str.removeprefix(_NMI), nmi=chosen["value"].astype(float))
    long = long[long["factor"] != "principal"]
    runs = _task_runs(results)[["run_id", "discover_key", "principal"]]
    long = long[["run_id", "factor", "nmi"]].merge(runs, on="run_id")
    pairs = zip(long["factor"], long["principal"], strict=True)
    long["is_principal"] = [factor in str(principal).split(", ") for factor, principal in pairs]
    return long.drop_duplicates(["discover_key", "factor"])


def _best_factors(results: Results) -> pd.DataFrame:
    agreement = _agreement(results)
    others = agreement[~agreement["is_principal"].astype(bool) & agreement["nmi"].notna()]
    best = others.sort_values("nmi", ascending=False, kind="stable").drop_duplicates("discover_key")
    return best.set_index("discover_key")[["factor", "nmi"]].set_axis(
        ["best_factor", "best_nmi"], axis="columns"
    )
