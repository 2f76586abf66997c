"""What the discovered labels agree with, factor by factor."""

from __future__ import annotations

from detaux.report.frames import agreement_frame
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Table, key_column, number_column, text_column

_DESCRIBED = ("task", "data", "stage_one", "stage_two", "principal")


@tables.register(
    "agreement", summary="agreement of discovered labels with factors", source="design of this project"
)
def agreement(results: Results) -> Table:
    """Show normalised mutual information with every factor, a column a factor."""
    frame = agreement_frame(results)
    factors = [name for name in frame.columns if name not in _DESCRIBED]
    return Table(
        name="agreement",
        title="Agreement of discovered labels with factors",
        caption="Normalised mutual information, in [0, 1], of the discovered labels with each factor of the data; "
        "training images.",
        frame=frame,
        columns=(
            text_column("Data", "data"),
            key_column("Task", "task", prefix="task"),
            text_column("Stage one", "stage_one"),
            text_column("Stage two", "stage_two"),
            text_column("Principal", "principal"),
            *(number_column(name.replace("_", " "), name, digits=2) for name in factors),
        ),
        notes=("Where a model was asked for several tasks, the first of them is shown.",),
        empty="No discovered labels have been measured.",
    )
