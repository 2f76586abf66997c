"""How a suite writes an auxiliary task, and the part it means."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from detaux.core.errors import SuiteError
from detaux.core.registry import unknown_name
from detaux.learn.registries import Auxiliary, auxiliary


def parse_auxiliary(spec: str | Mapping[str, Any]) -> Auxiliary:
    """Return the source of auxiliary labels that `spec` names, with its options.

    Args:
        spec: A name (`discovered`), a name with the one option called like it (`factor:object_hue`), or a
            mapping of `name` and options (`{name: random, num_classes: 10}`).

    Raises:
        UnknownNameError: If no source has that name; near misses are named.
        SuiteError: If an option is unknown, missing or out of its range.
    """
    name, options = _split(spec)
    part = auxiliary.get(name)
    fields = _fields(part)
    for option in options:
        if option not in fields:
            raise SuiteError(f"auxiliary {name!r}: {unknown_name(option, tuple(fields), kind='options')}")
    missing = [option for option, required in fields.items() if required and option not in options]
    if missing:
        raise SuiteError(f"auxiliary {name!r} needs {', '.join(missing)}, as in {name}:VALUE")
    try:
        return part(**options)
    except (TypeError, ValueError) as error:
        raise SuiteError(f"auxiliary {name!r}: {error}") from error


def _split(spec: str | Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the name and the options of either spelling."""
    if isinstance(spec, str):
        name, colon, value = spec.partition(":")
        return name, {name: value} if colon else {}
    options = dict(spec)
    name = options.pop("name", None)
    if not isinstance(name, str):
        raise SuiteError(f"an auxiliary task needs a name, but found {dict(spec)}")
    return name, options


def _fields(part: type[Auxiliary]) -> dict[str, bool]:
    """Return the options of a part, and whether each must be given."""
    missing = dataclasses.MISSING
    return {
        field.name: field.default is missing and field.default_factory is missing
        for field in dataclasses.fields(part)
    }
