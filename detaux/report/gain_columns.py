"""Columns of tables of gains."""

from __future__ import annotations

from detaux.report import wording
from detaux.report.table import Column, Row, number_column, text_column


def gain_columns(score: str, *, beside: tuple[Column, ...] = ()) -> tuple[Column, ...]:
    """Return the columns of what `gain_frame` gives.

    Args:
        score: Title of the score that gains are taken of, with its unit.
        beside: Columns that stand behind the score.
    """
    return (
        Column(title="Experiment", show=lambda row: str(row["experiment"]), sort_by="row"),
        Column(title="Arm", show=lambda row: str(row["arm"]), sort_by="arm", anchor=_place),
        text_column("Setting", "setting"),
        Column(title=score, show=_score, sort_by="score_percent", numeric=True),
        *beside,
        number_column("Gain, points", "gain_points", wording.signed),
        Column(title="95 % interval", show=wording.show_interval, sort_by="gain_low", numeric=True),
        Column(title="n", show=_pairs, sort_by="n", numeric=True),
        number_column("p", "p", wording.probability),
        number_column("p (Holm)", "p_holm", wording.probability),
        Column(title="Better / same / worse", show=wording.show_wins, sort_by="wins", numeric=True),
        Column(title="Runs harmed", show=_harmed, sort_by="harmed_share", numeric=True),
        Column(title="Runs", show=_standing, sort_by="done"),
    )


def _place(row: Row) -> str:
    return f"arm-{row['row']}"


def _pairs(row: Row) -> str:
    return wording.NOTHING if row["role"] == "baseline" else str(row["n"])


def _harmed(row: Row) -> str:
    return f"{row['losses']} of {row['n']}" if row["n"] else wording.NOTHING


def _score(row: Row) -> str:
    spread = f" ± {wording.number(row['score_sd'])}" if row["scored"] > 1 else ""
    return f"{wording.number(row['score_percent'])}{spread}"


def _standing(row: Row) -> str:
    return ", ".join(filter(None, [f"{row['done']} of {row['planned']} done", wording.show_shortfalls(row)]))
