"""Excluded rows that leave out nothing, or too much."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from detaux.pipeline.stage import STAGES
from detaux.suite.choices import Choice
from detaux.suite.experiment import Arm, Experiment, is_whole, needs_discovery
from detaux.suite.faults import guess, shown
from detaux.suite.reader import Reader
from detaux.suite.selection import advance_together, all_choices, is_same, matches, values_of

_MOST_SHOWN = 10


def check_exclusion(reader: Reader, experiment: Experiment) -> None:
    """Note every row of `exclude` that has an unknown path, or matches nothing, as a fault."""
    known = _known_values(experiment) if experiment.excluded else {}
    for place, row in enumerate(experiment.excluded):
        keys = ("exclude", reader.index(("exclude",), place))
        strange = False
        for path, value in row.items():
            fault = _strange_value(reader, known, path, value)
            strange = strange or fault is not None
            if fault:
                reader.fault((*keys, path), fault)
        if is_whole(experiment) and not strange and not _is_met(experiment, row):
            reader.fault(
                keys, "matches nothing: each value is there, but never all of them together; remove the row"
            )


def settings(experiment: Experiment, row: Mapping[str, Any]) -> Iterator[tuple[Arm, tuple[Choice, ...]]]:
    """Yield arms and settings, excluded ones included, that do not contradict a row."""
    data, disentangle, discover, learn = (
        [choice for choice in block if _agrees(choice, row)]
        for block in (experiment.data, experiment.disentangle, experiment.discover, experiment.learn)
    )
    for arm in experiment.arms:
        for choice in (choice for choice in arm.choices if _agrees(choice, row)):
            found = itertools.product(disentangle, discover) if needs_discovery(choice) else [()]
            for front, back, middle in itertools.product(data, learn, found):
                chosen = (front, *middle, back, choice)
                if advance_together(experiment, chosen):
                    yield arm, chosen


def _known_values(experiment: Experiment) -> dict[str, list[Any]]:
    """Return every path that a row may name, and the different values at those that are named."""
    named = {path for row in experiment.excluded for path in row}
    known: dict[str, list[Any]] = {"arm": [arm.name for arm in experiment.arms]}
    for choice in all_choices(experiment):
        for path, value in choice.values.items():
            values = known.setdefault(path, [])
            if path in named and not _is_among(value, values):
                values.append(value)
    return known


def _strange_value(reader: Reader, known: Mapping[str, list[Any]], path: str, value: Any) -> str | None:
    """Return why no setting has a value at a path, if none has; empty where what is there was too faulty to read."""
    block = path.partition(".")[0]
    if path in known and _is_among(value, known[path]):
        return None
    if reader.is_faulty(tuple(path.split("."))) or not any(name.startswith(block) for name in known):
        return "" if block in STAGES else f"unknown path {path!r}; {guess(path, tuple(sorted(known)))}"
    if path not in known:
        return f"unknown path {path!r}; {guess(path, tuple(sorted(known)))}"
    values = ", ".join(map(repr, known[path][:_MOST_SHOWN])) + (
        ", ..." if len(known[path]) > _MOST_SHOWN else ""
    )
    return f"is {shown(value)}, which matches nothing; write one of: {values}"


def _is_among(value: Any, values: list[Any]) -> bool:
    return any(is_same(value, other) for other in values)


def _is_met(experiment: Experiment, row: Mapping[str, Any]) -> bool:
    return any(matches(row, values_of(chosen, arm.name)) for arm, chosen in settings(experiment, row))


def _agrees(choice: Choice, row: Mapping[str, Any]) -> bool:
    return all(
        path not in choice.values or is_same(choice.values[path], value) for path, value in row.items()
    )
