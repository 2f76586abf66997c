"""A job: one stage with one config and seed, named by its content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from detaux.core.hashing import content_hash
from detaux.pipeline.stage import STAGES


@dataclass(frozen=True, kw_only=True)
class Job:
    """One stage to run with one config, seed and set of inputs.

    Two jobs with equal content have the same key and share one artifact. Device, workers and log level are
    no part of a job.
    """

    stage: str
    """Name of the stage."""
    config: Mapping[str, Any]
    """Options that differ from their defaults, as plain JSON values."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """Key of each input job by role, which is the name of the input's stage."""
    fingerprint: str = ""
    """Fingerprint of the data set, for the stage that reads it first; else empty."""
    seed: int = 0
    """Repetition."""
    key: str = field(init=False)
    """sha256 of the canonical JSON of all the above and the stage's version."""

    def __post_init__(self) -> None:
        if self.stage not in STAGES:
            raise ValueError(f"unknown stage {self.stage!r}; known: {', '.join(STAGES)}")
        object.__setattr__(
            self, "key", content_hash({**self.as_dict(), "version": STAGES[self.stage].version})
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the job as plain JSON values; `Job(**job.as_dict())` is the same job."""
        return {
            "stage": self.stage,
            "config": dict(self.config),
            "inputs": dict(self.inputs),
            "fingerprint": self.fingerprint,
            "seed": self.seed,
        }
