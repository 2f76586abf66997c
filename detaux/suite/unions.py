"""What pydantic finds wrong with a value that may be of several types: a complaint of each type, made one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from detaux.suite.axes import MARK

_TYPES: Mapping[str, str] = {
    "int": "a whole number",
    "float": "a number",
    "str": "a word",
    "list[str]": "a list of words",
}
"""What a type that pydantic names in an error's location is called; others are not put together."""
_Error = Mapping[str, Any]
_Steps = tuple[str | int, ...]


def one_per_value(written: Any, errors: Iterable[_Error]) -> list[_Error]:
    """Put the errors of each value that may be of several types together as one; the others stay as they are.

    Args:
        written: The value that was checked.
        errors: Pydantic's, of it and of what is inside it.
    """
    found: list[_Error] = []
    by_value: dict[_Steps, list[_Error]] = {}
    for error in errors:
        steps = _steps_to_value(written, error["loc"])
        if steps == error["loc"]:
            found.append(error)
        else:
            by_value.setdefault(steps, []).append(error)
    return found + [_together(written, steps, alike) for steps, alike in by_value.items()]


def _steps_to_value(written: Any, steps: _Steps) -> _Steps:
    """Return the steps before the first that names a type, where a document has no such key."""
    for place, step in enumerate(steps):
        value = _at(written, steps[:place])
        if step in _TYPES and not (isinstance(value, Mapping) and step in value):
            return steps[:place]
    return steps


def _together(written: Any, steps: _Steps, errors: list[_Error]) -> _Error:
    """Return one error: what is wrong with the value where its type is right, else all types that it may be of."""
    for error in errors:
        if not error["type"].endswith("_type") and len(error["loc"]) == len(steps) + 1:
            return {**error, "loc": steps}
    *first, last = dict.fromkeys(_TYPES[error["loc"][len(steps)]] for error in errors)
    text = f"Input should be {', '.join(first)} or {last}" if first else f"Input should be {last}"
    return {"type": "several_types", "loc": steps, "input": _at(written, steps), "msg": text}


def _at(written: Any, steps: _Steps) -> Any:
    """Return the value that steps lead to, skipping those that are no keys of the document."""
    value = written
    for step in steps:
        is_key = isinstance(value, Mapping) and isinstance(step, str) and not step.startswith(MARK)
        is_place = isinstance(value, list) and isinstance(step, int)
        if is_key or is_place:
            value = value.get(step) if is_key else value[step]
    return value
