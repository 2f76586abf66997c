"""How the runs were made: selection rule, commit, machine, versions, time."""

from __future__ import annotations

import pandas as pd

from detaux.report.artifacts import Artifacts
from detaux.report.labels import saw_test_images
from detaux.report.results import Results

Facts = list[tuple[str, str]]
"""Terms, each with what is said of it."""
SELECTION = (
    "Checkpoint by accuracy on the validation split; the test split is scored once, after every choice."
)
SELECTION_AS_RELEASED = (
    " Not so for stage one of variant as_released: like the authors' code it trains on every image and, with preset "
    "paper, chooses its weights on the test split."
)
_MACHINE = {
    "processor": "Processor",
    "cores": "Cores",
    "device": "Device",
    "gpu": "GPU",
    "cuda": "CUDA",
    "driver": "Driver",
    "precision": "Precision",
    "threads": "Threads",
    "system": "System",
    "host": "Host",
    "python": "Python",
}
"""Fields of provenance that are shown, and their terms."""


def gather_making(runs: pd.DataFrame, results: Results, artifacts: Artifacts) -> Facts:
    """Return how runs were made: by which rule, commit, machine and versions.

    Args:
        runs: What `runs_frame` returned.
        results: The suite's results.
        artifacts: Where provenance is kept; what it lacks is left out.
    """
    found = artifacts.provenance(runs)
    commits: list[str] = results.runs["commit"].dropna().unique().tolist() if "commit" in results.runs else []
    versions = [
        f"{name.removeprefix('versions: ')} {' or '.join(values)}"
        for name, values in found.items()
        if name.startswith("versions: ")
    ]
    machine = [(term, ", ".join(found[name])) for name, term in _MACHINE.items() if name in found]
    seconds = results.runs["seconds"].sum()
    return [
        ("Selection rule", SELECTION + (SELECTION_AS_RELEASED if saw_test_images(runs).any() else "")),
        ("Commit", "; ".join(commit for commit in commits if commit) or "not recorded"),
        *machine,
        *([("Versions", ", ".join(versions))] if versions else []),
        ("Time of stage three", f"{seconds / 60:,.1f} minutes, summed over runs"),
    ]
