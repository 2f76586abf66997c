"""Which combinations of settings a suite wants: axes that are zipped advance together, excluded rows are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from detaux.suite.choices import Choice
from detaux.suite.experiment import Experiment
from detaux.suite.faults import guess
from detaux.suite.reader import Reader


def is_wanted(experiment: Experiment, chosen: Sequence[Choice], *, arm: str | None = None) -> bool:
    """Say whether settings may stand together.

    Args:
        experiment: Whose `zip` and `exclude` are asked.
        chosen: One setting of each stage in question; stages that are left out exclude nothing.
        arm: Name of the arm, if it is known.
    """
    if not advance_together(experiment, chosen):
        return False
    values = values_of(chosen, arm) if experiment.excluded else {}
    return not any(matches(row, values) for row in experiment.excluded)


def advance_together(experiment: Experiment, chosen: Sequence[Choice]) -> bool:
    """Say whether settings stand at the same place of all axes that are zipped."""
    if not experiment.zipped:
        return True
    positions = {path: place for choice in chosen for path, place in choice.positions.items()}
    return all(
        len({positions[path] for path in group if path in positions}) <= 1 for group in experiment.zipped
    )


def values_of(chosen: Sequence[Choice], arm: str | None) -> dict[str, Any]:
    """Return the values of settings by path, the arm's name among them if it is known."""
    values = {name: value for choice in chosen for name, value in choice.values.items()}
    return values if arm is None else values | {"arm": arm}


def matches(row: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Say whether an excluded row is met by values."""
    return all(path in values and is_same(values[path], value) for path, value in row.items())


def is_same(one: Any, other: Any) -> bool:
    """Say whether two values are equal; `true` is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def check_zip(reader: Reader, experiment: Experiment) -> None:
    """Note every group of `zip` whose axes are none, are too few, or cannot advance together, as a fault."""
    lengths = axis_lengths(experiment)
    for place, group in enumerate(experiment.zipped):
        keys = ("zip", reader.index(("zip",), place))
        unknown = [path for path in group if path not in lengths and not _written_length(reader, path)]
        for path in unknown:
            reader.fault(keys, f"{path!r} is no axis; {guess(path, tuple(lengths))}")
        found = {
            path: _written_length(reader, path) or lengths[path] for path in group if path not in unknown
        }
        if len(set(group)) < max(len(group), 2):
            reader.fault(
                keys,
                f"is {list(group)}, but must name two different axes or more; add one, or remove the row",
            )
        if len(set(found.values())) > 1:
            text = f"axes that advance together must have one length, but have {found}; write as many values on each"
            reader.fault(keys, text)


def axis_lengths(experiment: Experiment) -> dict[str, int]:
    """Return the number of values on every axis, by path."""
    lengths: dict[str, int] = {}
    for choice in all_choices(experiment):
        for path, position in choice.positions.items():
            lengths[path] = max(lengths.get(path, 0), position + 1)
    return lengths


def all_choices(experiment: Experiment) -> list[Choice]:
    """Return the settings of every block and arm."""
    blocks = (experiment.data, experiment.disentangle, experiment.discover, experiment.learn)
    return [choice for block in (*blocks, *(arm.choices for arm in experiment.arms)) for choice in block]


def _written_length(reader: Reader, path: str) -> int:
    """Return how many values are written on an axis, though some may be faulty; 0 where it is no list."""
    written = reader.document.get(tuple(path.split(".")))
    return len(written) if isinstance(written, list) else 0
