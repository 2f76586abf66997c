r"""A table as LaTeX for a paper, with the rules of package `booktabs`."""

from __future__ import annotations

from detaux.report.table import Table
from detaux.report.wording import MINUS, NOTHING, RHO, TIMES

_SPECIAL = str.maketrans(
    {
        **{mark: f"\\{mark}" for mark in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "[": "{[}",
        "]": "{]}",
        "\n": " ",
        "\r": " ",
        MINUS: "$-$",
        NOTHING: "--",
        "±": r"$\pm$",
        "†": r"$^\dagger$",
        "‡": r"$^\ddagger$",
        RHO: r"$\rho$",
        "·": r"$\cdot$",
        TIMES: r"$\times$",
        "≥": r"$\geq$",
    }
)


def to_latex(table: Table) -> str:
    """Return a `table` environment with caption, label and notes; a comment if the table has no rows."""
    if table.frame.empty:
        return f"% {table.name}: {escape_latex(table.empty)}\n"
    alignment = "".join("r" if column.numeric else "l" for column in table.columns)
    lines = [
        r"% needs \usepackage{booktabs}",
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{escape_latex(table.caption)}}}",
        rf"\label{{tab:{table.name.replace('_', '-')}}}",
        rf"\begin{{tabular}}{{{alignment}}}",
        r"\toprule",
        _line([column.title for column in table.columns]),
        r"\midrule",
        *(_line(row) for row in table.cells()),
        r"\bottomrule",
        r"\end{tabular}",
        *(rf"\par\footnotesize {escape_latex(note)}" for note in table.notes),
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def escape_latex(text: str) -> str:
    """Return text that LaTeX sets as it is, on one line."""
    return text.translate(_SPECIAL)


def _line(cells: list[str]) -> str:
    return " & ".join(escape_latex(cell) for cell in cells) + r" \\"
