from __future__ import annotations

import pandas as pd

from detaux.report.rendering.delimited import to_csv
from detaux.report.rendering.html import to_html
from detaux.report.rendering.latex import escape_latex, to_latex
from detaux.report.rendering.markdown import to_markdown
from detaux.report.table import Table, number_column, text_column
from detaux.report.wording import signed

HOSTILE = "<script>alert(1)</script> 100 % & a_b | \\input{x} $y$ #1 ~ ^ `code`"


def _table(rows: list[dict[str, object]]) -> Table:
    return Table(
        name="made_up",
        title="Made up",
        caption="Made-up numbers.",
        frame=pd.DataFrame(rows),
        columns=(text_column("Arm", "arm"), number_column("Gain", "gain", signed)),
        notes=(HOSTILE,),
        empty="Nothing.",
    )


def test_latex_escapes_every_special() -> None:
    assert escape_latex("a_b & 5 % #1 $x$ {y}") == r"a\_b \& 5 \% \#1 \$x\$ \{y\}"
    assert escape_latex("\\input{x}") == r"\textbackslash{}input\{x\}"
    assert escape_latex(signed(-1.0)) == "$-$1.0"


def test_latex_is_a_booktabs_table_of_all_rows() -> None:
    lines = to_latex(_table([{"arm": HOSTILE, "gain": 1.0}, {"arm": "b", "gain": None}])).splitlines()
    assert next(line for line in lines if line.endswith(r"\\")) == r"Arm & Gain \\"
    assert r"b & -- \\" in lines
    assert r"\toprule" in lines
    assert r"\begin{tabular}{lr}" in lines


def test_markdown_cells_hold_no_markup() -> None:
    lines = to_markdown(_table([{"arm": HOSTILE, "gain": -1.0}])).splitlines()
    assert lines[1] == "| --- | ---: |"
    assert lines[2].replace("\\|", "").count("|") == 3
    assert "<script>" not in lines[2].replace("\\<", "")


def test_html_escapes_cells_and_notes() -> None:
    html = to_html(_table([{"arm": HOSTILE, "gain": 1.0}]))
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 2
    assert 'data-order="1.0"' in html


def test_csv_keeps_every_digit() -> None:
    assert to_csv(_table([{"arm": "a", "gain": 0.1 + 0.2}])) == "arm,gain\na,0.30000000000000004\n"


def test_a_table_without_rows_says_so() -> None:
    empty = _table([])
    assert "Nothing." in to_markdown(empty)
    assert "Nothing." in to_html(empty)
    assert to_latex(empty).startswith("% made_up: Nothing.")
