"""The main table: every arm against single-task learning."""

from __future__ import annotations

from detaux.report.coverage import say_coverage
from detaux.report.frames import gain_frame
from detaux.report.gain_columns import gain_columns
from detaux.report.notes import comparison_notes, no_task_notes
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Table

_CAPTION = (
    "Test accuracy, mean and standard deviation over runs, and gain in it over single-task learning, in points, paired by "
    "repetition: mean and nominal 95 % interval."
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
        columns=gain_columns("Accuracy, %"),
        notes=(*comparison_notes(frame), *no_task_notes(frame)),
    )
