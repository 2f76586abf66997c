"""The tables in reports/ are those that the code makes of results/, on whatever machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from detaux.report.registries import tables
from detaux.report.rendering.delimited import to_csv
from detaux.report.rendering.latex import to_latex
from detaux.report.rendering.markdown import to_markdown
from detaux.report.results import load_results

ROOT = Path(__file__).resolve().parents[2]
RENDERINGS = {".csv": to_csv, ".md": to_markdown, ".tex": to_latex}
REPORTS = sorted(folder.parent.name for folder in (ROOT / "reports").glob("*/tables"))


def test_there_are_committed_tables() -> None:
    assert "quickstart" in REPORTS


@pytest.mark.parametrize("suite", REPORTS)
def test_committed_tables_are_what_the_code_makes_of_committed_results(suite: str) -> None:
    results, folder = load_results(ROOT / "results" / suite), ROOT / "reports" / suite / "tables"
    names = {file.stem for file in folder.iterdir()}
    assert {file.name for file in folder.iterdir()} == {name + kind for name in names for kind in RENDERINGS}
    for name in sorted(names):
        table = tables.get(name)(results)
        for kind, rendered in RENDERINGS.items():
            file = folder / f"{name}{kind}"
            made = rendered(table)
            assert made == file.read_text(encoding="utf-8"), f"{file}: write it anew with detaux report"
