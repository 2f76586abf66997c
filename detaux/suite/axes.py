"""Types of values in a suite: one value, or a list of them that makes an axis."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, Discriminator, Field, Tag

MARK = "="
"""Begins the words that pydantic's error locations hold beside keys of the document."""
REQUIRED = "required"
"""Marks a field that a suite must write. Models hold None where it is not, so that the rest can still be checked."""
_SCALARS = (int, float, bool, str, type(None))


def axis(kind: Any) -> Any:
    """Return the type of a value of type `kind` or a list of such values; parsed, it is always a list.

    Where `kind` itself is a list, only a list of lists is an axis.
    """
    lists = _is_list(kind)

    def written_as(value: Any) -> str:
        if isinstance(value, list) and (
            not lists or (value and all(isinstance(item, list) for item in value))
        ):
            return MARK + "axis"
        return MARK + "value"

    def as_list(value: Any) -> list[Any]:
        return value if written_as(value) == MARK + "axis" else [value]

    choice = Union[  # noqa: UP007 - the operands are made at run time
        Annotated[list[kind], Field(min_length=1), Tag(MARK + "axis")],
        Annotated[kind, Tag(MARK + "value")],
    ]
    return Annotated[choice, Discriminator(written_as), AfterValidator(as_list)]


def required(kind: Any) -> Any:
    """Return pydantic's definition of a field that a suite must write."""
    return Annotated[kind, REQUIRED], None


def required_keys(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the keys that a suite must write of a model."""
    return tuple(name for name, field in model.model_fields.items() if REQUIRED in field.metadata)


def plain_type(annotation: Any) -> Any:
    """Return the type that YAML gives for a field of an options class: lists for tuples, dicts for mappings.

    Raises:
        TypeError: If a suite cannot write such a value.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in _SCALARS or annotation is None or origin is Literal:
        return annotation
    if origin in (Union, types.UnionType):
        return Union[tuple(plain_type(argument) for argument in arguments)]  # noqa: UP007 - made at run time
    if origin in (tuple, list, Sequence):
        return list[plain_type(arguments[0])]  # type: ignore[misc]  # a type made at run time
    if origin in (dict, Mapping):
        return dict[str, plain_type(arguments[1])]  # type: ignore[misc]  # likewise
    raise TypeError(f"a suite cannot write a value of type {annotation!r}")


def _is_list(kind: Any) -> bool:
    if get_origin(kind) in (Union, types.UnionType):
        return any(_is_list(argument) for argument in get_args(kind))
    return get_origin(kind) is list
