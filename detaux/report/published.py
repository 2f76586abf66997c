"""Our figures beside those that papers have published, where the two are comparable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from detaux.report.estimates import estimate_mean
from detaux.report.frames import runs_frame
from detaux.report.results import Results
from detaux.report.table import Column, Table, number_column, text_column
from detaux.report.wording import interval, is_null

COLUMNS = [
    "experiment",
    "setting",
    "images",
    "score",
    "published",
    "published_spread",
    "source",
    "n",
    "mean",
    "low",
    "high",
    "verdict",
]
"""Columns of the comparison."""
_DATASETS = "datasets.csv"
_NOT_JUDGED = "not judged, other images"


def load_published(folder: Path) -> pd.DataFrame:
    """Return the published figures of every CSV file in a folder, for each data set of ours that they are set beside.

    `datasets.csv` says which data sets these are: a row for the name in our records (`record`), the name in the
    figures (`dataset`), and in what our images differ (`images`), empty where they are the same. A data set without
    a row is set beside nothing.

    Returns:
        The figures with `record` and `images`; an empty frame if there are none.
    """
    files = sorted(file for file in folder.glob("*.csv") if file.name != _DATASETS)
    if not files or not (folder / _DATASETS).is_file():
        return pd.DataFrame()
    figures = pd.concat([pd.read_csv(file) for file in files], ignore_index=True)
    return figures.merge(pd.read_csv(folder / _DATASETS, keep_default_na=False), on="dataset")


def published_frame(results: Results, published: pd.DataFrame) -> pd.DataFrame:
    """Set single-task accuracy beside the published figure for the same data set and number of labels.

    Rendered data are never compared. Nor are other arms: the published ones use other auxiliary tasks.

    Args:
        results: The suite's results.
        published: Figures with `table`, `record`, `images`, `setting`, `method`, `metric`, `value`, `spread`, `source`,
            as `load_published` returns them.

    Returns:
        A row a comparable figure, with `COLUMNS`; per cent. `verdict` says where the published figure lies: `inside our
        interval`, `above our interval`, `below our interval`; or `no interval`, `not run`, or, where `images` names a
        difference, `not judged, other images`.
    """
    if published.empty:
        return pd.DataFrame(columns=COLUMNS)
    figures = published[
        (published["table"] == "auxiliary")
        & (published["method"] == "STL")
        & (published["metric"] == "accuracy")
    ]
    runs = runs_frame(results)
    runs = runs[(runs["role"] == "baseline") & ~runs["rendered"].astype(bool)]
    rows = [
        _row(str(experiment), part, figure)
        for experiment, part in runs.groupby("experiment", sort=False)
        for figure in figures.to_dict("records")
        if _is_beside(part.iloc[0], figure)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _is_beside(run: pd.Series[Any], figure: dict[Any, Any]) -> bool:
    size = run.get("learn.train_size")
    labels = f"{size:.0f} labels" if not is_null(size) else "all labels"
    return bool(run["dataset"] == figure["record"] and figure["setting"] == labels)


def _row(experiment: str, runs: pd.DataFrame, figure: dict[Any, Any]) -> dict[str, Any]:
    ours = estimate_mean(runs["score_percent"], names=("published", experiment))
    return {
        "experiment": experiment,
        "setting": figure["setting"],
        "images": figure["images"],
        "score": "accuracy, %",
        "published": figure["value"],
        "published_spread": figure["spread"],
        "source": figure["source"],
        **ours,
        "verdict": _NOT_JUDGED if figure["images"] else _verdict(figure["value"], ours),
    }


def _verdict(value: float, ours: dict[str, Any]) -> str:
    if ours["n"] == 0:
        return "not run"
    if is_null(ours["low"]):
        return "no interval"
    if value > ours["high"]:
        return "above our interval"
    return "below our interval" if value < ours["low"] else "inside our interval"


def published_table(frame: pd.DataFrame) -> Table:
    """Show the comparison with published figures."""
    return Table(
        name="published",
        title="Beside published figures",
        caption="Single-task accuracy here and as published, with the same number of labels; networks and training "
        "differ as the sources say. Folders are told by their names. Where our images are not the same, nothing is concluded.",
        frame=frame,
        columns=(
            text_column("Experiment", "experiment"),
            text_column("Setting", "setting"),
            Column(title="Our images", show=lambda row: row["images"] or "the same", sort_by="images"),
            number_column("Published, %", "published", digits=2),
            number_column("± as published", "published_spread", digits=2),
            number_column("Ours, %", "mean", digits=2),
            Column(
                title="95 % interval",
                show=lambda row: interval(row["low"], row["high"], digits=2),
                numeric=True,
            ),
            text_column("n", "n", numeric=True),
            text_column("The published figure is", "verdict"),
            text_column("Source", "source"),
        ),
        empty="None comparable: rendered data are not compared with published figures, and no other data set and number "
        "of labels of this suite has one.",
    )
