"""What every arm costs beside single-task learning."""

from __future__ import annotations

from typing import Any

from detaux.report import wording
from detaux.report.frames import cost_frame
from detaux.report.registries import tables
from detaux.report.results import Results
from detaux.report.table import Column, Table, number_column, text_column

_SHARED_MACHINE = (
    "Durations are of the machine as it was: runs that share a machine slow each other down, and the two runs of a ratio "
    "need not have run beside each other."
)
_SECONDS = (
    "Seconds hold all of stage three, scoring included, and every training of a weighting that is tuned; steps leave "
    "validation out, and hold the measurements of gradients (diagnose_every), which single-task learning has not."
)
_MEMORY = "Memory is that of the process, which holds what jobs before it in the same process left."
_THOUSAND, _MILLION = 1e3, 1e6


@tables.register("costs", summary="time, size and memory of every arm", source="design of this project")
def costs(results: Results) -> Table:
    """Show what is known of the costs; a column of which nothing is known is left out."""
    frame = cost_frame(results)
    return Table(
        name="costs",
        title="Costs of stage three",
        caption="Medians over the runs that are done. Ratio: duration of a training step over that of the single-task run of "
        "the same repetition. What is added is so to single-task learning with the same backbone and hard sharing; "
        "FLOPs are of the forward pass of one image. Memory is the highest over runs.",
        frame=frame,
        columns=(
            text_column("Experiment", "experiment"),
            text_column("Arm", "arm"),
            text_column("Setting", "setting"),
            *(column for column in _COLUMNS if frame[column.sort_by].notna().any()),
            text_column("n", "n", numeric=True),
        ),
        notes=(_SHARED_MACHINE, _SECONDS, _MEMORY),
    )


def _thousands(value: Any) -> str:
    return wording.signed(value / _THOUSAND)


def _millions(value: Any) -> str:
    return wording.signed(value / _MILLION, 2)


_COLUMNS: tuple[Column, ...] = (
    number_column("Seconds a run", "seconds"),
    number_column("Step, ms", "step_ms", digits=2),
    number_column("Step, ratio", "step_ratio", digits=2),
    number_column("Parameters added, thousands", "added_parameters", _thousands),
    number_column("FLOPs added, millions", "added_flops", _millions),
    number_column("Memory, MiB", "peak_memory_mib", digits=0),
    number_column("Memory of the device, MiB", "peak_device_mib", digits=0),
)
