"""The tables in reports/ are those that the code makes of results/, on whatever machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from detaux.report.registries import tables
from detaux.report.rendering.markdown import to_markdown
from detaux.report.results import load_results

ROOT = Path(__file__).resolve().parents[2]
REPORTS = sorted(folder.parent.name for folder in (ROOT / "reports").glob("*/tables"))


@pytest.mark.parametrize("suite", REPORTS)
def test_committed_tables_are_what_the_code_makes_of_committed_results(suite: str) -> None:
    results = load_results(ROOT / "results" / suite)
    for file in sorted((ROOT / "reports" / suite / "tables").glob("*.md")):
        made = to_markdown(tables.get(file.stem)(results))
        assert made == file.read_text(encoding="utf-8"), f"{file}: write it anew with detaux report"
