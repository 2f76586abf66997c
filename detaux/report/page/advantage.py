"""In what stage one, and so the labels discovered in it, differs from stage three: noise, and number of images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from detaux.report.labels import saw_test_images
from detaux.report.wording import count, listed

_STAGE_ONE, _STAGE_THREE = "disentangle.method.corruption", "learn.corruption.name"


def say_advantage(runs: pd.DataFrame, described: Mapping[str, Any]) -> str:
    """Say what stage one saw otherwise than stage three, which single-task learning has alone.

    Args:
        runs: Rows of `runs_frame` of one experiment.
        described: What the store says of its data; it may be empty.

    Returns:
        Differences in noise and in number of images, none where nothing is known to differ; empty without a stage one.
    """
    staged = runs[runs["disentangle_key"].notna()]
    if staged.empty:
        return ""
    said = [*_other_corruption(staged), *_more_images(staged, described)]
    if not said:
        return "no difference known in noise and number of images"
    return (
        f"{'; '.join(said)}. Discovered labels carry what was seen there, and a gain may come of that alone"
    )


def _other_corruption(staged: pd.DataFrame) -> list[str]:
    if _STAGE_ONE not in staged or _STAGE_THREE not in staged:
        return []
    pairs = staged[[_STAGE_ONE, _STAGE_THREE]].dropna().drop_duplicates().to_dict("records")
    return [
        f"stage one and the clustering see images {_state_under(pair[_STAGE_ONE])}, every arm of stage three images "
        f"{_state_under(pair[_STAGE_THREE])}"
        for pair in pairs
        if pair[_STAGE_ONE] != pair[_STAGE_THREE]
    ]


def _state_under(corruption: str) -> str:
    return "as they are" if corruption == "none" else f"under {corruption.replace('_', '-')}"


def _more_images(staged: pd.DataFrame, described: Mapping[str, Any]) -> list[str]:
    sizes = described.get("num_images", {})
    seen = sum(sizes.values()) if saw_test_images(staged).any() else sizes.get("train", 0)
    if "learn.train_size" not in staged:
        return []
    fewer = sorted(int(size) for size in staged["learn.train_size"].dropna().unique() if size < seen)
    if not fewer:
        return []
    budget = listed([f"{size:,}" for size in fewer])
    return [f"stage one sees {count(seen, 'image')}, stage three trains on {budget}"]
