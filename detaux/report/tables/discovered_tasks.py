"""What stage two found in each stage-one model."""

from __future__ import annotations

from detaux.report import wording
from detaux.report.frames import task_frame
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Column, Row, Table, key_column, number_column, text_column


@tables.register(
    "discovered_tasks", summary="auxiliary tasks that stage two found", source="design of this project"
)
def discovered_tasks(results: Results) -> Table:
    """Show the subspace chosen, its clusters, and what they agree with."""
    return Table(
        name="discovered_tasks",
        title="Discovered auxiliary tasks",
        caption="The auxiliary task found in each stage-one model. NMI, normalised mutual information in [0, 1], of "
        "the discovered labels with the principal label and with the factor they agree with best, and of clusters of "
        "the principal subspace with the principal label; training images.",
        frame=task_frame(results),
        columns=(
            text_column("Data", "data"),
            key_column("Stage-one model", "model", prefix="model"),
            Column(title="Options", show=_options, sort_by="stage_one"),
            text_column("Repetitions", "repetitions"),
            Column(title="Subspace", show=_subspace, sort_by="chosen_subspace", numeric=True),
            number_column("Clusters", "num_clusters", digits=0),
            number_column("Noise", "noise_share", wording.percent),
            number_column("Dead subspaces", "dead_subspaces", digits=0),
            number_column("Principal subspace, NMI with principal", "principal_subspace_nmi", digits=2),
            number_column("Labels, NMI with principal", "principal_nmi", digits=2),
            number_column("NMI with best factor", "best_nmi", digits=2),
            text_column("Best factor", "best_factor"),
        ),
        notes=(
            "Where a model was asked for several tasks, the first of them is shown.",
            "Noise is the share of images that the clustering leaves out of every cluster.",
            "Best factor is the one, other than principal ones, that the discovered labels agree with best.",
        ),
        empty="No run of this suite has a discovered task.",
    )


def _options(row: Row) -> str:
    return wording.text(", ".join(filter(None, [row["stage_one"], row["stage_two"]])))


def _subspace(row: Row) -> str:
    if row["none_found"]:
        return "no task found"
    if wording.is_null(row["chosen_subspace"]) and not wording.is_null(row["num_clusters"]):
        return "all"
    return wording.number(row["chosen_subspace"], 0)
