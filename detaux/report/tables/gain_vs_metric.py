"""Does gain go with disentanglement, and does it fall with conflict of gradients?"""

from __future__ import annotations

from detaux.report import wording
from detaux.report.frames import relation_frame
from detaux.report.frames.relation import MIN_GROUPS
from detaux.report.metric_titles import metric_title
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Column, Row, Table, text_column


@tables.register(
    "gain_vs_metric",
    summary="rank correlation of gain and what was measured",
    source="design of this project",
)
def gain_vs_metric(results: Results) -> Table:
    """Show Spearman's correlation of gain with every metric, or that there is not enough to tell."""
    return Table(
        name="gain_vs_metric",
        title="Gain against disentanglement and conflict",
        caption="Spearman's rank correlation of gain with measures of the stage-one model, and with the mean cosine of the "
        "tasks' gradients where a suite has it measured, over runs on discovered labels; 95 % interval from a bootstrap of "
        "the independent groups.",
        frame=relation_frame(results),
        columns=(
            text_column("Experiment", "experiment"),
            Column(title="Measure", show=lambda row: metric_title(row["metric"]), sort_by="metric"),
            Column(title=wording.RHO, show=_rho, sort_by="rho", numeric=True),
            Column(title="95 % interval", show=_interval, sort_by="rho_low", numeric=True),
            text_column("Runs", "runs", numeric=True),
            text_column("Stage-one models", "models", numeric=True),
            text_column("Independent groups", "groups", numeric=True),
        ),
        notes=(
            f"Under {MIN_GROUPS} independent groups no correlation is given.",
            (
                "Runs that share a stage-one model, or a repetition and so its single-task score, are one group: they are no "
                "independent evidence."
            ),
        ),
        empty="No run has both a gain and a measured stage-one model.",
    )


def _rho(row: Row) -> str:
    return wording.number(row["rho"], 2) if row["enough"] else "not enough"


def _interval(row: Row) -> str:
    return wording.interval(row["rho_low"], row["rho_high"], digits=2)
