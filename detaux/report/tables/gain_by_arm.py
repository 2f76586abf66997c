"""The main table: every arm against single-task learning."""

from __future__ import annotations

from detaux.report import wording
from detaux.report.frames import gain_frame
from detaux.report.notes import comparison_notes, no_task_notes
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Column, Row, Table, number_column, text_column


@tables.register(
    "gain_by_arm", summary="gain of every arm over single-task learning", source="design of this project"
)
def gain_by_arm(results: Results) -> Table:
    """Show mean score, mean gain, its interval and test, and every run that is not in them."""
    frame = gain_frame(results)
    return Table(
        name="gain_by_arm",
        title="Gain by arm",
        caption="Gain in test accuracy over single-task learning, in points, paired by repetition: mean, 95 % "
        "interval, sign-flip test with Holm's correction.",
        frame=frame,
        columns=(
            Column(title="Experiment", show=lambda row: str(row["experiment"]), sort_by="row"),
            Column(
                title="Arm",
                show=lambda row: str(row["arm"]),
                sort_by="arm",
                anchor=lambda row: f"arm-{row['row']}",
            ),
            text_column("Setting", "setting"),
            Column(title="Accuracy, %", show=_score, sort_by="score_percent", numeric=True),
            number_column("Gain, points", "gain_points", wording.signed),
            Column(title="95 % interval", show=wording.show_interval, sort_by="gain_low", numeric=True),
            Column(title="n", show=_pairs, sort_by="n", numeric=True),
            Column(title="p", show=lambda row: wording.probability(row["p"]), sort_by="p", numeric=True),
            Column(
                title="p (Holm)",
                show=lambda row: wording.probability(row["p_holm"]),
                sort_by="p_holm",
                numeric=True,
            ),
            Column(title="Better / same / worse", show=wording.show_wins, sort_by="wins", numeric=True),
            number_column("Harmed", "harmed_share", wording.percent),
            Column(title="Runs", show=_standing, sort_by="done"),
        ),
        notes=(*comparison_notes(frame), *no_task_notes(frame)),
    )


def _pairs(row: Row) -> str:
    return wording.NOTHING if row["role"] == "baseline" else str(row["n"])


def _score(row: Row) -> str:
    spread = f" ± {wording.number(row['score_sd'])}" if row["scored"] > 1 else ""
    return f"{wording.number(row['score_percent'])}{spread}"


def _standing(row: Row) -> str:
    names = {
        "no_auxiliary_task": "found no task",
        "error": "failed",
        "skipped": "skipped",
        "damaged": "damaged",
        "missing": "missing",
    }
    bad = [f"{row[status]} {words}" for status, words in names.items() if row[status]]
    return ", ".join([f"{row['done']} of {row['planned']} done", *bad])
