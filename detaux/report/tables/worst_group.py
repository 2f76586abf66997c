"""Every arm against single-task learning in the group that is served worst."""

from __future__ import annotations

from detaux.report.coverage import say_coverage
from detaux.report.frames import gain_frame
from detaux.report.gain_columns import gain_columns
from detaux.report.notes import comparison_notes
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Table

_CAPTION = (
    "Test accuracy in the group where it is lowest, a group being a principal class together with a value of a factor "
    "that the data set declares, such as a background or a hospital; columns as in the table of gains. Which group that "
    "is may differ by run."
)


@tables.register(
    "worst_group",
    summary="gain of every arm in its worst group",
    source="Sagawa et al. 2020, arXiv:1911.08731",
)
def worst_group(results: Results) -> Table:
    """Show the experiments whose data set declares groups."""
    frame = gain_frame(results, score="worst_group_accuracy")
    has_groups = frame.groupby("experiment")["scored"].transform("sum") > 0
    frame = frame[has_groups]
    return Table(
        name="worst_group",
        title="Worst group by arm",
        caption=f"{_CAPTION} {say_coverage(frame)}".rstrip(),
        frame=frame,
        columns=gain_columns("Worst group, %"),
        notes=comparison_notes(frame) if len(frame) else (),
        empty="No data set of this suite declares groups.",
    )
