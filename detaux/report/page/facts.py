"""What was run: the data sets, the repetitions, and how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from detaux.report.artifacts import Artifacts
from detaux.report.labels import saw_test_images
from detaux.report.page.advantage import say_advantage
from detaux.report.page.making import Facts, gather_making
from detaux.report.page.splitting import say_split
from detaux.report.results import Results
from detaux.report.supervision import say_labels
from detaux.report.wording import NOTHING, TIMES, count, listed, text


def gather_facts(runs: pd.DataFrame, results: Results, artifacts: Artifacts) -> list[tuple[str, Facts]]:
    """Return headings with facts: one for each experiment, one for how it was run.

    Args:
        runs: What `runs_frame` returned.
        results: The suite's results.
        artifacts: Where data are described and provenance is kept; what it lacks is left out.
    """
    experiments = runs.groupby("experiment", sort=False)
    of_data = [(str(name), _data_facts(part, artifacts)) for name, part in experiments]
    return [*of_data, ("How", gather_making(runs, results, artifacts))]


def _data_facts(runs: pd.DataFrame, artifacts: Artifacts) -> Facts:
    keys = runs["data_key"].dropna().unique()
    described = artifacts.describe_data(str(keys[0])) if len(keys) else {}
    sizes, unlike = described.get("num_images", {}), say_advantage(runs, described)
    return [
        ("Images", _origin(runs, described)),
        ("Principal task", _principal(runs, described)),
        ("Split", _split(runs, described)),
        ("Seen by stage one", _seen_by_stage_one(runs, described)),
        ("Labelled in stage three", _labelled(runs, described)),
        *([("Stage one against stage three", unlike)] if unlike else []),
        (
            "Labelled for validation",
            _amount(sizes.get("validation"), "validation image") + ", by which every arm chooses its weights",
        ),
        (
            "Repetitions",
            (
                f"{runs['repetition'].nunique()}, each with initial weights, data order and choice of labelled images of its "
                "own, the same for every arm; all share one split into training, validation and test images"
            ),
        ),
        ("Arms", listed(list(dict.fromkeys(runs["arm"])))),
    ]


def _seen_by_stage_one(runs: pd.DataFrame, described: Mapping[str, Any]) -> str:
    """Say which images stage one trains on, and which labels its pairs are drawn by."""
    staged, sizes = runs[runs["disentangle_key"].notna()], described.get("num_images", {})
    said = []
    if len(described_so := staged[~saw_test_images(staged)]):
        amount = _amount(sizes.get("train"), "training image")
        said.append(f"{amount}, {say_labels(described_so, described)}")
    if len(released := staged[saw_test_images(staged)]):
        amount = _amount(sum(sizes.values()) or None, "image")
        said.append(
            f"with variant as_released all {amount}, test images and their principal labels included, "
            f"{say_labels(released, described)}"
        )
    return "; ".join(said) or "nothing, no arm has a stage one"


def _origin(runs: pd.DataFrame, described: Mapping[str, Any]) -> str:
    kind = (
        "rendered by this project, not the official images"
        if runs["rendered"].iloc[0]
        else "as its source gives them, not rendered"
    )
    shape = f" {TIMES} ".join(str(size) for size in described.get("image_shape", [])[:2])
    return "; ".join(filter(None, [kind, f"{shape} pixels" if shape else "", described.get("source", "")]))


def _principal(runs: pd.DataFrame, described: Mapping[str, Any]) -> str:
    names = described.get("principal") or [
        text(runs["data.principal"].iloc[0]) if "data.principal" in runs else NOTHING
    ]
    classes = described.get("num_classes")
    return listed(list(names)) + (f", {count(classes, 'class', 'classes')}" if classes else "")


def _split(runs: pd.DataFrame, described: Mapping[str, Any]) -> str:
    sizes = [f"{number:,} {part}" for part, number in described.get("num_images", {}).items()]
    parts = [say_split(runs, described), f"{listed(sizes)} images" if sizes else ""]
    return ": ".join(filter(None, parts)) or NOTHING


def _labelled(runs: pd.DataFrame, described: Mapping[str, Any]) -> str:
    sizes: list[float] = (
        runs["learn.train_size"].dropna().unique().tolist() if "learn.train_size" in runs else []
    )
    if len(sizes):
        return listed([_amount(int(size), "training image") for size in sizes])
    return f"all {_amount(described.get('num_images', {}).get('train'), 'training image')}"


def _amount(number: int | None, noun: str) -> str:
    return NOTHING if number is None else count(number, noun)
