"""What the jobs of a suite warn of, such as too few samples or fewer tasks than asked for, with the jobs concerned."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from detaux.report.artifacts import Artifacts
from detaux.report.table import Row

_WARNING: Mapping[str, str] = {"discover": "Found so", "measure": "Measured so"}
"""Stages that leave warnings, and what their jobs did."""


def gather_cautions(runs: pd.DataFrame, artifacts: Artifacts) -> list[str]:
    """Return a sentence a warning, each with every job of a stage that gave it.

    Args:
        runs: What `runs_frame` returned.
        artifacts: Where the jobs left their warnings; a job that it lacks is silent.
    """
    return [said for stage in _WARNING for said in _of_stage(stage, runs, artifacts)]


def _of_stage(stage: str, runs: pd.DataFrame, artifacts: Artifacts) -> list[str]:
    key = f"{stage}_key"
    concerned: dict[str, list[str]] = {}
    for job in runs[runs[key].notna()].drop_duplicates(key).to_dict("records"):
        for warning in artifacts.warnings(stage, job[key]):
            concerned.setdefault(warning, []).append(_name(job, stage))
    return [f"{warning}. {_WARNING[stage]}: {'; '.join(named)}." for warning, named in concerned.items()]


def _name(job: Row, stage: str) -> str:
    options = ", ".join(filter(None, [job["data"], job["stage_one"], job["stage_two"]]))
    return f"{options}, repetition {job['repetition']} ({stage} job {job[f'{stage}_key'][:12]})"
