"""What pydantic found wrong with a value, in the words of a fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

from detaux.suite.axes import MARK
from detaux.suite.faults import shown
from detaux.suite.format import NAME_RULE
from detaux.suite.hints import unknown_key
from detaux.suite.nodes import Keys
from detaux.suite.parts import PartModel

_OWN_WORDS: Mapping[str, str] = {
    "string_pattern_mismatch": NAME_RULE,
    "string_too_short": "should hold at least one character",
    "model_type": "should be a mapping of keys to values",
    "dict_type": "should be a mapping of keys to values",
    "too_short": "should hold something; write at least one, or leave the key out",
}
"""Instead of pydantic's, by type of error."""


def reason(kind: Any, error: Mapping[str, Any], keys: Keys, value: object) -> str:
    """Say what is wrong and what to do.

    Args:
        kind: The type that the value was checked against.
        error: Pydantic's.
        keys: What leads to the value.
        value: As the document has it.
    """
    model, key = _model_at(kind, error["loc"]), keys[-1] if keys else ""
    if error["type"] == "extra_forbidden" and key != error["loc"][-1]:
        return _colon_refused(str(value), model)
    if error["type"] == "extra_forbidden":
        return unknown_key(keys, value, _keys_of(model))
    if error["type"] == "missing":
        return f"needs {error['loc'][-1]!r}, which is not written; add it"
    words = _OWN_WORDS.get(error["type"]) or error["msg"].replace("Input should", "should", 1)
    return f"is {shown(error['input'])}, but {words}{_remedy(kind, error, str(key))}"


def _remedy(kind: Any, error: Mapping[str, Any], key: str) -> str:
    """Say how to write a single word as a list, and where the options of a part go that is named by a word alone."""
    steps = [step for step in error["loc"] if not str(step).startswith(f"{MARK}value")]
    fields = getattr(_model_at(kind, steps), "model_fields", {})
    if error["type"] == "list_type" and isinstance(error["input"], str) and key in fields:
        return "" if _models(fields[key].annotation) else f"; write [{error['input']}]"
    if error["type"] == "string_type" and isinstance(error["input"], Mapping) and f"{key}_options" in fields:
        return f"; write its name alone, and its options as {key}_options"
    return ""


def _colon_refused(value: str, model: type[BaseModel] | None) -> str:
    """Say that a bare name takes no word after a colon, as `factor:NAME` does."""
    name = value.partition(":")[0]
    options = ", ".join(key for key in _keys_of(model) if key != "name")
    remedy = (
        f"write {{name: {name}, OPTION: VALUE}} with an option of: {options}" if options else f"write {name}"
    )
    return f"is {value!r}, but {name!r} takes nothing after a colon; {remedy}"


def _keys_of(model: type[BaseModel] | None) -> tuple[str, ...]:
    return tuple(model.model_fields) if model else ()


def _model_at(kind: Any, steps: Sequence[str | int]) -> type[BaseModel] | None:
    """Return the model that the last step was a key of."""
    models = {f"{MARK}{model.kind}:{model.__name__.partition(':')[2]}": model for model in _part_models(kind)}
    model = _first_model(kind)
    for step in steps[:-1]:
        if step in models:
            model = models[str(step)]
        elif model is not None and step in model.model_fields:
            field = model.model_fields[str(step)].annotation
            models |= {f"{MARK}{part.__name__}": part for part in _part_models(field)}
            model = _first_model(field)
    return model


def _models(kind: Any) -> list[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [model for argument in get_args(kind) for model in _models(argument)]


def _part_models(kind: Any) -> list[type[PartModel]]:
    return [model for model in _models(kind) if issubclass(model, PartModel)]


def _first_model(kind: Any) -> type[BaseModel] | None:
    return next(iter(_models(kind)), None)
