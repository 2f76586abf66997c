"""Checks of the options that a caller gives a registered part by name, outside a suite's own blocks."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping
from typing import Any, get_type_hints

import numpy as np

from detaux.core.errors import UnknownNameError
from detaux.core.registry import unknown_name

MAX_IMAGE_SIZE = 1024
"""Most rows of an image: what is beyond would decode for ever, or run out of memory."""


def checked_options(
    name: str, part: type[Any], options: Mapping[str, Any], *, kind: str = "data set"
) -> dict[str, Any]:
    """Return options as plain values of the types that the part's fields have.

    Paths become strings, numpy's numbers Python's, and lists tuples; nothing else is bent into another type.

    Raises:
        UnknownNameError: If the part has no such option; near misses are named.
        ValueError: If one is missing or of another type, or images are to have more than `MAX_IMAGE_SIZE` rows.
            Either text tells of all faults.
    """
    fields = {field.name: field for field in dataclasses.fields(part) if field.init}
    plain = {option: _plain(value) for option, value in options.items()}
    unknown = [
        unknown_name(option, tuple(fields), kind=f"options of the {kind} {name!r}")
        for option in plain
        if option not in fields
    ]
    missing = [option for option, field in fields.items() if option not in plain and _is_required(field)]
    faults = [f"the {kind} {name!r} needs the option {option!r}" for option in missing]
    faults += _type_faults(part, {option: value for option, value in plain.items() if option in fields})
    faults += _size_faults(plain)
    if unknown or faults:
        raise (UnknownNameError if unknown else ValueError)("; ".join([*unknown, *faults]))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, list):
        return tuple(map(_plain, value))
    return value.item() if isinstance(value, np.generic) else value


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _size_faults(options: Mapping[str, Any]) -> Iterator[str]:
    size = options.get("image_size")
    if isinstance(size, int) and size > MAX_IMAGE_SIZE:
        yield f"image_size must be at most {MAX_IMAGE_SIZE}, found {size}"


def _type_faults(part: type[Any], options: Mapping[str, Any]) -> Iterator[str]:
    from pydantic import TypeAdapter, ValidationError

    hints = get_type_hints(part)
    for option, value in options.items():
        try:
            TypeAdapter(hints[option]).validate_python(value, strict=True)
        except ValidationError as error:
            for fault in error.errors():
                place = ".".join(map(str, (option, *fault["loc"])))
                yield f"{place} {_words(fault['type'], fault['msg'], fault['input'])}"


def _words(kind: str, message: str, value: object) -> str:
    if kind == "tuple_type" and isinstance(value, str):
        return f"should be a list, found {value!r}; write [{value}]"
    return f"{message.removeprefix('Input ')}, found {value!r}"
