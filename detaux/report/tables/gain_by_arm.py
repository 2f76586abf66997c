"""The main table: every arm against single-task learning."""

from __future__ import annotations

from detaux.report import wording
from detaux.report.coverage import say_coverage
from detaux.report.frames import gain_frame
from detaux.report.notes import comparison_notes, no_task_notes
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Column, Row, Table, number_column, text_column

_CAPTION = (
    "Test accuracy, mean and standard deviation over runs, and gain in it over single-task learning, in points, paired by "
    "repetition: mean, nominal 95 % interval, sign-flip test with Holm's correction, and the share of runs harmed."
)


@tables.register(
    "gain_by_arm", summary="gain of every arm over single-task learning", source="design of this project"
)
def gain_by_arm(results: Results) -> Table:
    """Show mean score, mean gain, its interval and test, and every run that is not in them."""
    frame = gain_frame(results)
    return Table(
        name="gain_by_arm",
        title="Gain by arm",
        caption=f"{_CAPTION} {say_coverage(frame)}".rstrip(),
        frame=frame,
        columns=_columns(),
        notes=(*comparison_notes(frame), *no_task_notes(frame)),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(title="Experiment", show=lambda row: str(row["experiment"]), sort_by="row"),
        Column(title="Arm", show=lambda row: str(row["arm"]), sort_by="arm", anchor=_place),
        text_column("Setting", "setting"),
        Column(title="Accuracy, %", show=_score, sort_by="score_percent", numeric=True),
        number_column("Gain, points", "gain_points", wording.signed),
        Column(title="95 % interval", show=wording.show_interval, sort_by="gain_low", numeric=True),
        Column(title="n", show=_pairs, sort_by="n", numeric=True),
        number_column("p", "p", wording.probability),
        number_column("p (Holm)", "p_holm", wording.probability),
        Column(title="Better / same / worse", show=wording.show_wins, sort_by="wins", numeric=True),
        number_column("Harmed", "harmed_share", wording.percent),
        Column(title="Runs", show=_standing, sort_by="done"),
    )


def _place(row: Row) -> str:
    return f"arm-{row['row']}"


def _pairs(row: Row) -> str:
    return wording.NOTHING if row["role"] == "baseline" else str(row["n"])


def _score(row: Row) -> str:
    spread = f" ± {wording.number(row['score_sd'])}" if row["scored"] > 1 else ""
    return f"{wording.number(row['score_percent'])}{spread}"


def _standing(row: Row) -> str:
    return ", ".join(filter(None, [f"{row['done']} of {row['planned']} done", wording.show_shortfalls(row)]))
