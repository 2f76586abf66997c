"""The five stages: what each needs and which version of it made a result."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detaux.core.progress import Progress


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """All that a stage may know of the world while it runs one job."""

    config: Mapping[str, Any]
    """The job's resolved options; what is left out stands at its default."""
    inputs: Mapping[str, Path]
    """Folder of each input artifact by role, verified."""
    seed: int
    """Repetition of this job; draws are derived from it by name."""
    fingerprint: str
    """Fingerprint of the data set, where the stage reads one itself; else empty."""
    out: Path
    """Empty folder for the artifact's files."""
    work: Path
    """Folder for checkpoints; it survives a killed process."""
    device: str
    """Torch device to run on, or `auto`."""
    progress: Progress
    """Called with the share done and a few words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """One stage of the method.

    `version` enters every key: raise it by hand when the same config would now give another result.
    """

    name: str
    """As in keys, paths and `resources:` of a suite."""
    version: int
    """Raised by hand when results change; the commit only goes into provenance."""
    module: str
    """Module with `run(context)`; imported in the process that runs the job."""
    on_device: bool = False
    """Whether it computes on the job's device, by the policy of `detaux.train.policy`; else on the CPU."""

    def load(self) -> Callable[[Context], None]:
        """Return the function that runs the stage."""
        run: Callable[[Context], None] = importlib.import_module(self.module).run
        return run


STAGES: Mapping[str, Stage] = {
    stage.name: stage
    for stage in (
        Stage(name="data", version=1, module="detaux.pipeline.stages.data"),
        Stage(name="disentangle", version=3, module="detaux.pipeline.stages.disentangle", on_device=True),
        Stage(name="discover", version=2, module="detaux.pipeline.stages.discover"),
        Stage(name="learn", version=4, module="detaux.pipeline.stages.learn", on_device=True),
        Stage(name="measure", version=3, module="detaux.pipeline.stages.measure"),
    )
}
"""All stages, in the order in which a run passes them."""
