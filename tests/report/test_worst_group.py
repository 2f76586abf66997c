"""The table of the worst group: there where a data set declares groups, and only there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detaux.report.api import write_report
from detaux.report.table import Table
from detaux.report.tables.worst_group import worst_group
from detaux.report.wording import NOTHING

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


def add_group_sizes(made_up: Collected, sizes: list[float]) -> None:
    for run, size in zip(made_up.runs, sizes, strict=True):
        score = {"run_id": run["run_id"], "stage": "learn", "split": "test"}
        made_up.scores.append({**score, "name": "worst_group_size", "value": size})
        made_up.scores.append({**score, "name": "num_groups", "value": 4.0})


def _of_sizes(made_up: Collected, folder: Path, sizes: list[float], **config: Any) -> Table:
    made_up.add("stl", [0.9] * 3, dataset="waterbirds", **config)
    made_up.add("oracle", [0.9] * 3, dataset="waterbirds", **config)
    add_worst_groups(made_up, [0.5, 0.5, 0.6, 0.6, 0.6, 0.7])
    add_group_sizes(made_up, sizes)
    return worst_group(made_up.results(folder))


def test_says_how_many_groups_there_are_and_how_small_the_worst_is(
    made_up: Collected, tmp_path: Path
) -> None:
    table = _of_sizes(made_up, tmp_path, [642, 70, 642, 8, 642, 1200])
    titles = [column.title for column in table.columns]
    places = [titles.index(title) for title in ("Groups", "Images in the worst group")]
    assert [[row[place] for place in places] for row in table.cells()] == [["4", "70"], ["4", "8"]]
    assert any(
        "has 8 images: there one image moves a run's accuracy by 12.5 points" in note for note in table.notes
    )


def test_groups_of_twenty_images_are_not_warned_of(made_up: Collected, tmp_path: Path) -> None:
    assert "one image moves" not in " ".join(_of_sizes(made_up, tmp_path, [20] * 6).notes)


def test_groups_that_a_suite_names_are_named(made_up: Collected, tmp_path: Path) -> None:
    config = {"data.dataset.groups": ["hospital", "scanner"]}
    (note, *_) = _of_sizes(made_up, tmp_path, [30] * 6, **config).notes
    assert note == "Groups of waterbirds: each principal class with each value of hospital, scanner."


def test_results_that_do_not_tell_sizes_are_read(made_up: Collected, tmp_path: Path) -> None:
    made_up.add("stl", [0.9], dataset="waterbirds")
    add_worst_groups(made_up, [0.5])
    table = worst_group(made_up.results(tmp_path))
    assert [column.show(table.rows[0]) for column in table.columns[4:6]] == [NOTHING, NOTHING]
