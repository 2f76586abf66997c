"""The blocks of a suite file, as types made from the registered parts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from detaux.suite.axes import axis, required
from detaux.suite.format import Name, Seeds
from detaux.suite.parts import STRICT, choice_of, option_fields

LEARN_PARTS: Mapping[str, str] = {
    "architecture": "architectures",
    "backbone": "backbones",
    "corruption": "corruptions",
    "augmentation": "augmentations",
}
"""Parts of stage three that all arms share, and the kind of each."""
LEARN_DEFAULTS: Mapping[str, str] = {
    "architecture": "hard_sharing",
    "backbone": "small_cnn",
    "weighting": "equal",
    "corruption": "none",
    "augmentation": "none",
}
"""Parts of stage three where a suite names none."""


class Measure(BaseModel):
    """How disentanglement is measured."""

    model_config = STRICT
    metrics: list[str] = ["dci_extra_trees", "mig"]
    """Metrics of codes against factors."""


@cache
def data_type() -> Any:
    """Return the type of `data:`: one data set with its options, or a list of them."""
    return axis(choice_of("datasets", extra=_beside_the_set()))


@cache
def unknown_set_type() -> Any:
    """Return the type of `data:` where there is no data set of the name: what stands beside its options."""
    config = ConfigDict(strict=True, allow_inf_nan=False, extra="ignore")
    return create_model("data", __config__=config, __doc__="Principal task and split.", **_beside_the_set())


@cache
def disentangle_type() -> Any:
    """Return the type of `disentangle:`: one method with its options, or a list of them."""
    extra = {"seeds": (Seeds | None, None)}
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
        "tasks": (axis(Annotated[int, Field(ge=1)]), None),
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


def _beside_the_set() -> dict[str, Any]:
    return {"principal": required(axis(list[str])), "split": (axis(choice_of("splits")), None)}


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
