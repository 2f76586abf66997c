"""The table of the worst group: there where a data set declares groups, and only there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detaux.report.api import write_report
from detaux.report.tables.worst_group import worst_group

Collected = Any
"""A `MadeUp` of this folder's conftest.py."""


def add_worst_groups(made_up: Collected, accuracies: list[float]) -> None:
    for run, accuracy in zip(made_up.runs, accuracies, strict=False):
        score = {"run_id": run["run_id"], "stage": "learn", "split": "test"}
        made_up.scores.append({**score, "name": "worst_group_accuracy", "value": accuracy})


def test_gains_are_of_the_worst_group(made_up: Collected, tmp_path: Path) -> None:
    made_up.add("stl", [0.9, 0.9, 0.9], dataset="waterbirds")
    made_up.add("oracle", [0.9, 0.9, 0.9], dataset="waterbirds")
    add_worst_groups(made_up, [0.5, 0.5, 0.6, 0.6, 0.6, 0.7])
    made_up.add("stl", [0.9], dataset="digits")
    table = worst_group(made_up.results(tmp_path))
    rows = table.frame.set_index("arm")
    assert rows["score_percent"].tolist() == pytest.approx([160 / 3, 190 / 3])
    assert rows.loc["oracle", "gain_points"] == pytest.approx(10)
    assert set(rows["dataset"]) == {"waterbirds"}


def test_a_report_without_groups_does_without_it(made_up: Collected, tmp_path: Path) -> None:
    def tables(place: Path) -> set[str]:
        write_report(made_up.save(tmp_path / "results"), tmp_path / "store", place)
        return {file.stem for file in (place / "tables").iterdir()}

    made_up.add("stl", [0.9, 0.9, 0.9])
    assert "worst_group" not in tables(tmp_path / "before")
    add_worst_groups(made_up, [0.5, 0.5, 0.5])
    assert "worst_group" in tables(tmp_path / "after")
