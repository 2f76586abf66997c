"""How the planned runs stand."""

from __future__ import annotations

from detaux.report.frames import status_frame
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Table, number_column, text_column


@tables.register(
    "jobs", summary="planned, finished, failed and missing runs", source="design of this project"
)
def jobs(results: Results) -> Table:
    """Show the counts of runs by status."""
    return Table(
        name="jobs",
        title="Runs by status",
        caption="Planned runs of each arm, and how they stand.",
        frame=status_frame(results),
        columns=(
            text_column("Experiment", "experiment"),
            text_column("Arm", "arm"),
            text_column("Setting", "setting"),
            *(
                text_column(title, name, numeric=True)
                for title, name in (
                    ("Planned", "planned"),
                    ("Done", "done"),
                    ("Found no task", "no_auxiliary_task"),
                    ("Failed", "error"),
                    ("Skipped", "skipped"),
                    ("Damaged", "damaged"),
                    ("Missing", "missing"),
                )
            ),
            number_column("Seconds of stage three", "seconds", digits=0),
        ),
    )
