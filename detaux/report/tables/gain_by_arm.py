"""The main table: every arm against single-task learning."""

from __future__ import annotations

from detaux.report.coverage import say_coverage
from detaux.report.frames import gain_frame
from detaux.report.gain_columns import gain_columns
from detaux.report.notes import comparison_notes, no_task_notes
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Table, number_column

_CAPTION = (
    "Test accuracy, mean and standard deviation over runs, and gain in it over single-task learning, in points, paired by "
    "repetition: mean and nominal 95 % interval."
)
_AUXILIARY = number_column("Auxiliary accuracy, %", "auxiliary_percent")
_AUXILIARY_NOTE = (
    "Auxiliary accuracy is of the auxiliary task on validation images, the mean where there are several tasks; there is none "
    "where these images have no such labels. Accuracies of tasks with unlike classes do not compare."
)


@tables.register(
    "gain_by_arm", summary="gain of every arm over single-task learning", source="design of this project"
)
def gain_by_arm(results: Results) -> Table:
    """Show mean score, mean gain, its interval and test, and every run that is not in them."""
    frame = gain_frame(results)
    known = frame["auxiliary_percent"].notna().any()
    return Table(
        name="gain_by_arm",
        title="Gain by arm",
        caption=f"{_CAPTION} {say_coverage(frame)}".rstrip(),
        frame=frame,
        columns=gain_columns("Accuracy, %", beside=(_AUXILIARY,) if known else ()),
        notes=(*([_AUXILIARY_NOTE] if known else []), *comparison_notes(frame), *no_task_notes(frame)),
    )
