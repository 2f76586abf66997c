"""The settings of one stage that the axes of a block multiply to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from detaux.suite.bounds import check_product
from detaux.suite.nodes import Keys
from detaux.suite.parts import Part, PartModel, all_options
from detaux.suite.reader import Reader
from detaux.suite.refusals import part_or_fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One setting of a block: every axis at one of its values."""

    config: Mapping[str, Any]
    """The stage's part of a job's config, as plain JSON values, defaults of parts left out."""
    columns: Mapping[str, Any]
    """The same for records: every option, defaults included, as `disentangle.method.strength`."""
    values: Mapping[str, Any]
    """The same in the suite's own words, as `disentangle.strength`."""
    positions: Mapping[str, int]
    """Which value was taken on each axis of more than one, by path in the suite's words, counted from 0."""
    parts: Mapping[str, Part]
    """The parts chosen, by role."""
    keys: Keys
    """Where the block is written."""
    seeds: int | None = None
    """How many seeds the stage has; None for as many as there are repetitions."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """Values of a model's keys with every axis at one of its values."""

    values: Mapping[str, Any]
    """Value by key; parts are built."""
    positions: Mapping[str, int]
    """Position on each axis of more than one value, by dotted path within the model."""


def points_of(
    reader: Reader, keys: Keys, model: BaseModel, *, skip: frozenset[str] = frozenset()
) -> Iterator[Point]:
    """Multiply the axes of a model; required keys that it lacks are faults.

    Args:
        reader: Told of parts that refuse their options.
        keys: Where the model is written.
        model: A block or part whose written keys hold lists of values; a key whose every value is faulty counts as
            not written, so that the others are checked all the same.
        skip: Keys that are no axes.
    """
    reader.tell_missing(keys, model)
    written = [name for name in type(model).model_fields if name in model.model_fields_set - skip]
    axes = {name: list(_alternatives(reader, (*keys, name), name, getattr(model, name))) for name in written}
    axes = {name: axis for name, axis in axes.items() if axis}
    if not check_product(reader, keys, {name: len(axis) for name, axis in axes.items()}):
        return
    for chosen in itertools.product(*axes.values()):
        values = dict(zip(axes, (value for value, _ in chosen), strict=True))
        positions = {path: place for _, found in chosen for path, place in found.items()}
        yield Point(values=values, positions=positions)


def part_points(reader: Reader, keys: Keys, model: PartModel) -> Iterator[tuple[Part, Point]]:
    """Multiply the axes of a part, and build each; what cannot be built is a fault and left out."""
    kind, tag = type(model).kind, type(model).tag
    name = getattr(model, tag)
    own = type(model).own_options()
    if reader.tell_missing(keys, model) & own:
        return
    for point in points_of(reader, keys, model):
        written = {key: value for key, value in point.values.items() if key in own}
        part = part_or_fault(reader, keys, (kind, name), written)
        if part is not None:
            yield part, point


def make_choice(
    block: str,
    parts: Mapping[str, Part],
    plain: Mapping[str, Any],
    point: Point,
    *,
    keys: Keys,
    inline: str = "",
    defaults: Mapping[str, Any] | None = None,
) -> Choice:
    """Put a setting together.

    Args:
        block: Name of the block.
        parts: Parts by role.
        plain: Values that belong to no part.
        point: The positions on its axes.
        keys: Where it is written.
        inline: Role of the part whose options stand in the block itself, if any.
        defaults: Plain values that a job's config leaves out.
    """
    columns = values = _dotted(block, plain)
    for role, part in parts.items():
        path, options = f"{block}.{role}", all_options(part)
        columns = columns | {f"{path}.name": part.name} | _dotted(path, options)
        values = values | {path: part.name} | _dotted(block if role == inline else path, options)
    return Choice(
        config={role: part.config() for role, part in parts.items()} | _without(plain, defaults or {}),
        columns=columns,
        values=values,
        positions={f"{block}.{path}" if path else block: place for path, place in point.positions.items()},
        parts=parts,
        keys=keys,
    )


def _dotted(prefix: str, options: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}.{name}": value for name, value in options.items()}


def _without(plain: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are not at their default."""
    return {name: value for name, value in plain.items() if name not in defaults or value != defaults[name]}


def _alternatives(reader: Reader, keys: Keys, name: str, value: Any) -> Iterator[tuple[Any, dict[str, int]]]:
    if not isinstance(value, list):
        yield value, {}
        return
    is_list = isinstance(reader.document.get(keys), list)
    for place, item in enumerate(value):
        here = {name: place} if len(value) > 1 else {}
        if isinstance(item, PartModel):
            item_keys = (*keys, reader.index(keys, place)) if is_list else keys
            for part, point in part_points(reader, item_keys, item):
                yield part, here | {f"{name}.{path}": index for path, index in point.positions.items()}
        else:
            yield item, here
