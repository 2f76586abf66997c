"""The keys of a suite file beside the blocks of its experiment, and the form of names."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from detaux.pipeline.stage import STAGES
from detaux.suite.parts import STRICT

BLOCKS = frozenset({*STAGES, "seeds", "zip", "exclude", "include"})
"""Top-level keys that an entry of `variants:` may write again."""

Paths = Annotated[dict[str, Any], Field(min_length=1)]
"""Values by dotted path, such as `{disentangle.strength: 0, arm: detaux}`."""
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
"""Form of a word that may become part of a path."""
NAME_RULE = "should begin with a letter or digit, go on with letters, digits, '.', '_' and '-', and have at most 100 characters"
"""The same in words."""
Name = Annotated[str, Field(pattern=NAME.pattern)]
"""A word of that form."""
Controls = Literal["required", "discovered"]
"""`required`: single-task learning, random and shuffled labels are arms, whatever is compared; `discovered`: the last two
where labels are that stages one and two made."""
Seeds = Annotated[int, Field(ge=1, le=10_000, strict=True)]
"""Number of repetitions."""


def _no_truth_value(version: Any) -> Any:
    """Refuse `true`, which Python takes for 1."""
    if isinstance(version, bool):
        raise PydanticCustomError("literal_error", "Input should be 1")
    return version


class Resources(BaseModel):
    """What one job of a stage is given."""

    model_config = STRICT
    cpus: Annotated[float, Field(gt=0)] = 1
    """Cores; torch uses as many threads, at least one."""
    gpus: Annotated[float, Field(ge=0)] = 0
    """Graphics processors; a fraction shares one. Not asked for on machines that have none."""


class Report(BaseModel):
    """Tables and figures by name; where left out, the report shows all that fit the results."""

    model_config = STRICT
    tables: list[Name] | None = None
    """Tables of the report."""
    figures: list[Name] | None = None
    """Figures of the report."""


class Envelope(BaseModel):
    """What a suite is, beside its experiment."""

    model_config = STRICT
    suite: Name
    """Name of the suite; its results and report lie in a folder called so."""
    question: Annotated[str, Field(min_length=1)]
    """The question that its runs are to answer."""
    version: Annotated[Literal[1], BeforeValidator(_no_truth_value)] = 1
    """Version of this format."""
    controls: Controls | None = None
    """Which controls its arms must hold; `required` in folders `suites/paper` and `suites/ablations`, else `discovered`."""
    extends: str | None = None
    """A suite file that this one is laid over, relative to this one."""
    resources: dict[Literal[tuple(STAGES)], Resources] = {}  # type: ignore[valid-type]  # the words of a constant
    """What one job of each stage is given; one core where left out."""
    report: Report = Report()
    """What the report shows."""
