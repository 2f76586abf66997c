"""How disentangled each stage-one model is."""

from __future__ import annotations

from detaux.report.frames import disentanglement_frame
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Table, key_column, number_column, text_column
from detaux.report.wording import NOTHING

_DESCRIBED = ("model", "data", "options", "runs", "repetitions", "reconstruction_error")


@tables.register(
    "disentanglement", summary="measures of every stage-one model", source="design of this project"
)
def disentanglement(results: Results) -> Table:
    """Show the reconstruction error and every measured score of the codes, a column a score."""
    frame = disentanglement_frame(results)
    scores = [name for name in frame.columns if name not in _DESCRIBED]
    return Table(
        name="disentanglement",
        title="Disentanglement of stage-one models",
        caption="Measures of the codes of each stage-one model. Scores in [0, 1], higher is better, over training "
        "images; reconstruction error is the mean squared error of validation images with intensities in [0, 1].",
        frame=frame,
        columns=(
            text_column("Data", "data"),
            key_column("Stage-one model", "model", prefix="model"),
            text_column("Options", "options"),
            text_column("Repetitions", "repetitions"),
            text_column("Runs", "runs", numeric=True),
            number_column("Reconstruction error", "reconstruction_error", digits=4),
            *(number_column(name.replace(".", " "), name, digits=2) for name in scores),
        ),
        notes=(
            'Names with "block" score whole subspaces; the others score single coordinates of all subspaces.',
            f"{NOTHING} where a score is undefined or not measured: disentanglement, for one, needs two factors.",
        ),
        empty="No run of this suite has a stage-one model.",
    )
