"""Which weights the weightings chose, and where their solvers failed."""

from __future__ import annotations

from detaux.report.frames import weighting_frame, weighting_points
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Column, Row, Table, text_column
from detaux.report.wording import NOTHING, brief, is_null


@tables.register("weighting", summary="what weightings tell of themselves", source="design of this project")
def weighting(results: Results) -> Table:
    """Show what the weightings tell of themselves, a column a score."""
    return Table(
        name="weighting",
        title="What the weightings did",
        caption="Scores that a weighting keeps of itself, medians over runs with the lowest and the highest: the weight of each "
        "task, which is the mean over the steps where it changes, the weight that accuracy on the validation split chose, "
        "or in how many steps a solver failed and the mean of the gradients was taken in its place.",
        frame=weighting_frame(results),
        columns=(
            text_column("Experiment", "experiment"),
            text_column("Arm", "arm"),
            text_column("Setting", "setting"),
            *(_score_column(score) for score in weighting_points(results)["score"].unique()),
            text_column("Runs", "runs", numeric=True),
        ),
        empty="No weighting of this suite keeps scores of itself.",
    )


def _score_column(score: str) -> Column:
    def show(row: Row) -> str:
        if is_null(row[score]):
            return NOTHING
        ends = brief(row[f"lowest {score}"]), brief(row[f"highest {score}"])
        return brief(row[score]) + (f" ({ends[0]} to {ends[1]})" if ends[0] != ends[1] else "")

    return Column(title=score.replace("_", " ").capitalize(), show=show, sort_by=score, numeric=True)
