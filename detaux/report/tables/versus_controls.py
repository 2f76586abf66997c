"""Are the discovered labels better than labels that carry no information, and how near to a true factor's?"""

from __future__ import annotations

from detaux.report import wording
from detaux.report.coverage import say_coverage
from detaux.report.frames import control_frame
from detaux.report.notes import comparison_notes
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Column, Table, number_column, text_column

_CAPTION = (
    "Test accuracy with discovered labels minus test accuracy with other auxiliary labels, in points, paired by "
    "repetition, with nominal 95 % intervals; above zero the discovered labels are better."
)


@tables.register(
    "versus_controls", summary="discovered labels against controls", source="design of this project"
)
def versus_controls(results: Results) -> Table:
    """Show discovered labels minus each other auxiliary task, repetition by repetition."""
    frame = control_frame(results)
    return Table(
        name="versus_controls",
        title="Discovered labels against other labels",
        caption=f"{_CAPTION} {say_coverage(frame)}".rstrip(),
        frame=frame,
        columns=(
            text_column("Experiment", "experiment"),
            text_column("Arm", "arm"),
            text_column("Setting", "setting"),
            text_column("Against", "control"),
            text_column("Its setting", "control_setting"),
            number_column("Difference, points", "gain_points", wording.signed),
            Column(title="95 % interval", show=wording.show_interval, sort_by="gain_low", numeric=True),
            text_column("n", "n", numeric=True),
            number_column("p", "p", wording.probability),
            number_column("p (Holm)", "p_holm", wording.probability),
            Column(title="Better / same / worse", show=wording.show_wins, sort_by="wins", numeric=True),
        ),
        notes=comparison_notes(frame),
        empty="No run on discovered labels can be paired with a run on other labels.",
    )
