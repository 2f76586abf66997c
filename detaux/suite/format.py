"""The keys of a suite file, as pydantic models made from the registered parts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, create_model

from detaux.pipeline.stage import STAGES
from detaux.suite.axes import axis, required
from detaux.suite.catalogue import registry
from detaux.suite.parts import STRICT, choice_of, option_fields

BLOCKS = frozenset({*STAGES, "seeds", "zip", "exclude", "include"})
"""Top-level keys that an entry of `variants:` may write again."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
"""A word that may become part of a path."""
Paths = Annotated[dict[str, Any], Field(min_length=1)]
"""Values by dotted path, such as `{disentangle.strength: 0, arm: detaux}`."""
LEARN_PARTS: Mapping[str, str] = {
    "architecture": "architectures",
    "backbone": "backbones",
    "corruption": "corruptions",
}
"""Parts of stage three that all arms share, and the kind of each."""
LEARN_DEFAULTS: Mapping[str, str] = {
    "architecture": "hard_sharing",
    "backbone": "small_cnn",
    "weighting": "equal",
    "corruption": "none",
}
"""Parts of stage three where a suite names none."""


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
    version: Literal[1] = 1
    """Version of this format."""
    extends: str | None = None
    """A suite file that this one is laid over, relative to this one."""
    resources: dict[Literal[tuple(STAGES)], Resources] = {}  # type: ignore[valid-type]  # the words of a constant
    """What one job of each stage is given; one core where left out."""
    report: Report = Report()
    """What the report shows."""


class Measure(BaseModel):
    """How disentanglement is measured."""

    model_config = STRICT
    metrics: list[str] = ["dci", "mig"]
    """Metrics of codes against factors."""


@cache
def data_type() -> Any:
    """Return the type of `data:`: one data set with its options, or a list of them."""
    extra = {"principal": required(axis(list[str])), "split": (axis(choice_of("splits")), None)}
    return axis(choice_of("datasets", extra=extra))


@cache
def disentangle_type() -> Any:
    """Return the type of `disentangle:`: one method with its options, or a list of them."""
    extra = {"seeds": (Annotated[int, Field(ge=1)] | None, None)}
    return Annotated[
        axis(choice_of("disentanglers", tag="method", extra=extra)), BeforeValidator(_one_block_a_method)
    ]


@cache
def discover_type() -> Any:
    """Return the type of `discover:`."""
    from detaux.discover.noise import NoisePolicy

    fields: dict[str, Any] = {
        "subspace": (axis(choice_of("criteria")), None),
        "clustering": (axis(choice_of("clusterings")), None),
        "noise": (axis(NoisePolicy), None),
        "min_variance_share": (axis(Annotated[float, Field(ge=0, le=1)]), None),
    }
    return create_model("discover", __config__=STRICT, __doc__="How the auxiliary task is found.", **fields)


@cache
def learn_type() -> Any:
    """Return the type of `learn:`."""
    from detaux.learn.train import LearnOptions

    fields: dict[str, Any] = {name: (axis(choice_of(kind)), None) for name, kind in LEARN_PARTS.items()}
    fields |= option_fields(LearnOptions, skip=frozenset({*LEARN_PARTS, "weighting"}))
    fields["train_size"] = (axis(Annotated[int, Field(ge=1)] | None), None)
    fields["arms"] = required(Annotated[list[_arm_type()], Field(min_length=1)])  # type: ignore[misc]  # a type made at run time
    return create_model(
        "learn", __config__=STRICT, __doc__="How tasks are learnt, and what is compared.", **fields
    )


def metric_names() -> tuple[str, ...]:
    """Return the names that `measure.metrics` may hold."""
    return registry("metrics").names()


def _arm_type() -> Any:
    fields: dict[str, Any] = {
        "name": required(Name),
        "auxiliary": required(axis(choice_of("auxiliary"))),
        "weighting": (axis(choice_of("weightings")), None),
    }
    return create_model("arm", __config__=STRICT, __doc__="One thing compared.", **fields)


def _one_block_a_method(value: Any) -> Any:
    """Write `method: [a, b]` as two blocks with the same options."""
    if isinstance(value, dict) and isinstance(value.get("method"), list):
        return [{**value, "method": method} for method in value["method"]]
    return value
