"""What the measures of a suite warn of, such as too few samples, with the jobs that are concerned."""

from __future__ import annotations

import pandas as pd

from detaux.report.artifacts import Artifacts
from detaux.report.table import Row


def gather_cautions(runs: pd.DataFrame, artifacts: Artifacts) -> list[str]:
    """Return a sentence a warning, each with every `measure` job that gave it.

    Args:
        runs: What `runs_frame` returned.
        artifacts: Where the jobs left their warnings; a job that it lacks is silent.
    """
    jobs = runs[runs["measure_key"].notna()].drop_duplicates("measure_key").to_dict("records")
    concerned: dict[str, list[str]] = {}
    for job in jobs:
        for warning in artifacts.warnings("measure", job["measure_key"]):
            concerned.setdefault(warning, []).append(_name(job))
    return [f"{warning}. Measured so: {'; '.join(named)}." for warning, named in concerned.items()]


def _name(job: Row) -> str:
    options = ", ".join(filter(None, [job["data"], job["stage_one"], job["stage_two"]]))
    return f"{options}, repetition {job['repetition']} (measure job {job['measure_key'][:12]})"
