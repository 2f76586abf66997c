"""Whether runs that are compared as pairs were made alike: on one kind of device, in one precision."""

from __future__ import annotations

import pandas as pd

from detaux.report.wording import count, listed

_WANTED = ("precision", "device")
_UNKNOWN = ("", "auto")


def say_unlike_pairs(runs: pd.DataFrame) -> list[str]:
    """Warn of runs whose precision or kind of device is not that of the single-task run they are compared with.

    Args:
        runs: What `runs_frame` returned; results of older versions lack the columns `precision` and `device`.

    Returns:
        One sentence, or none where nothing is known to differ.
    """
    unlike = [found for name in _WANTED if name in runs for found in _unlike(runs, name)]
    if not unlike:
        return []
    pairs = count(len({run for run, _ in unlike}), "run with a gain", "runs with a gain")
    how = listed(sorted({said for _, said in unlike}))
    return [
        (
            f"Pairs differ in {' or '.join(_WANTED)}: {pairs} and the single-task run of the same repetition were made with "
            f"{how}. Part of the difference may come of that."
        )
    ]


def _unlike(runs: pd.DataFrame, name: str) -> list[tuple[str, str]]:
    """Return the identifier of each run that was made otherwise than a baseline of its, and both ways."""
    known = runs[runs[name].notna() & ~runs[name].isin(_UNKNOWN) & runs["gain_points"].notna()]
    known = known.assign(made=[str(value).partition(":")[0] for value in known[name]])
    pair = ["experiment", "repetition"]
    baselines = known.loc[known["role"] == "baseline", [*pair, "made"]]
    pairs = known[known["role"] != "baseline"].merge(baselines, on=pair, suffixes=("", "_baseline"))
    return [
        (row["run_id"], f"{row['made']} against {row['made_baseline']}")
        for row in pairs.to_dict("records")
        if row["made"] != row["made_baseline"]
    ]
