"""Footnotes and captions: they speak of what is there to see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from detaux.report.rendering.html import to_html
from detaux.report.rendering.latex import to_latex
from detaux.report.rendering.markdown import to_markdown
from detaux.report.table import Table
from detaux.report.tables.gain_by_arm import gain_by_arm
from detaux.report.tables.versus_controls import versus_controls
from detaux.report.tables.worst_group import worst_group

_TABLES = (gain_by_arm, versus_controls, worst_group)


def _marks(table: Table) -> tuple[set[str], set[str]]:
    """Return the marks in cells, and those that notes explain."""
    cells = "".join(cell for row in table.cells() for cell in row)
    return {mark for mark in "†‡" if mark in cells}, {note[0] for note in table.notes} & {*"†‡"}


@pytest.mark.parametrize("make", _TABLES)
@pytest.mark.parametrize(
    ("models", "marks"),
    [("aa", ""), ("ab", ""), ("abc", ""), ("aabbcc", "†"), ("aabb", ""), ("aaabbb", "‡"), ("aaa", "‡")],
)
def test_a_mark_is_explained_where_a_cell_carries_it_and_nowhere_else(
    make: Any, models: str, marks: str, made_up: Any, tmp_path: Path
) -> None:
    made_up.add("stl", [0.5] * len(models))
    made_up.add("random", [0.5] * len(models))
    made_up.add("detaux", [0.6 + place / 50 for place in range(len(models))], strength=1.0, models=[*models])
    for run, score in zip([*made_up.runs], [*made_up.scores[::2]], strict=True):
        worst = {**score, "run_id": run["run_id"], "name": "worst_group_accuracy"}
        made_up.scores.append(worst)
    table = make(made_up.results(tmp_path))
    assert _marks(table) == ({*marks}, {*marks})
    for text in (to_markdown(table), to_html(table)):
        assert {mark for mark in "†‡" if mark in text} == {*marks}
    assert ("dagger" in to_latex(table)) == bool(marks)


def test_the_caption_of_gains_speaks_only_of_columns_that_every_showing_has(
    made_up: Any, tmp_path: Path
) -> None:
    made_up.add("stl", [0.5] * 3)
    made_up.add("random", [0.6, 0.61, 0.62])
    table = gain_by_arm(made_up.results(tmp_path))
    assert not [word for word in ("test with", "sign-flip", "Holm", "harmed") if word in table.caption]
    assert "Runs harmed" in [column.title for column in table.columns]
    assert any(note.startswith("p is of a sign-flip test; p (Holm)") for note in table.notes)
