"""What every arm costs: time, parameters, arithmetic and memory."""

from __future__ import annotations

import pandas as pd

from detaux.report.frames.runs import score_of
from detaux.report.labels import label_runs
from detaux.report.results import Results

_MEDIANS = ("seconds", "step_ms", "step_ratio", "parameters", "added_parameters", "flops", "added_flops")
_SCORES = ("parameters", "added_parameters", "flops", "added_flops")
_PEAKS = {"peak_memory_mib": "peak_memory_bytes", "peak_device_mib": "peak_device_bytes"}
_MIB = 1 << 20


def cost_frame(results: Results) -> pd.DataFrame:
    """Return what the runs of every experiment, arm and setting cost that are done.

    Returns:
        `row`, `experiment`, `arm`, `setting`, `n` (runs that are done); medians over these runs: `seconds` (of stage
        three, wall-clock), `step_ms` (mean duration of a training step), `step_ratio` (that over the single-task run's of
        the same repetition), `parameters` and `flops` (of the network, for one image), `added_parameters` and
        `added_flops` (to those of single-task learning with hard sharing); and the highest `peak_memory_mib` (of the
        process) and `peak_device_mib` (of torch on a GPU). Null where unknown.
    """
    runs = label_runs(results)
    arms = runs.groupby("row")[["experiment", "arm", "setting"]].first()
    done = _with_costs(runs[runs["status"] == "done"], results.scores)
    groups = done.groupby("row")
    found = groups.size().rename("n").to_frame()
    found = found.join(groups[[*_MEDIANS]].median()).join(groups[[*_PEAKS]].max())
    return arms.join(found).fillna({"n": 0}).astype({"n": int}).reset_index()


def _with_costs(runs: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Add the costs of each run; results of older versions lack most of them."""
    told = runs.reindex(columns=["seconds", "step_seconds", *_PEAKS.values()]).astype(float)
    peaks = {name: told[column] / _MIB for name, column in _PEAKS.items()}
    counted = {name: score_of(scores, "learn", "train", name) for name in _SCORES}
    counts = {name: runs["run_id"].map(values).astype(float) for name, values in counted.items()}
    runs = runs.assign(**peaks, **counts, seconds=told["seconds"], step_ms=1000 * told["step_seconds"])
    pair = ["experiment", "repetition"]
    baseline = runs[runs["role"] == "baseline"].groupby(pair)["step_ms"].mean().rename("baseline_ms")
    runs = runs.join(baseline, on=pair)
    return runs.assign(step_ratio=runs["step_ms"] / runs["baseline_ms"])
