"""Which combinations of settings a suite wants: axes that are zipped advance together, excluded rows are left out."""

from __future__ import annotations

from collections.abc import Sequence

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
    positions = {path: place for choice in chosen for path, place in choice.positions.items()}
    for group in experiment.zipped:
        if len({positions[path] for path in group if path in positions}) > 1:
            return False
    values = {name: value for choice in chosen for name, value in choice.values.items()}
    values |= {} if arm is None else {"arm": arm}
    return not any(
        all(path in values and values[path] == value for path, value in row.items())
        for row in experiment.excluded
    )


def check_selection(reader: Reader, experiment: Experiment) -> None:
    """Note every name in `zip` and `exclude` that is none, and axes that cannot advance together, as faults."""
    lengths = _axis_lengths(experiment)
    for index, group in enumerate(experiment.zipped):
        unknown = [path for path in group if path not in lengths and not _is_list(reader, path)]
        for path in unknown:
            reader.fault(("zip", index), f"{path!r} is no axis; {guess(path, tuple(lengths))}")
        found = {path: lengths[path] for path in group if path in lengths}
        if not unknown and len(set(found.values())) > 1:
            reader.fault(("zip", index), f"axes that advance together must have one length, but have {found}")
    known = tuple(sorted(_paths(experiment)))
    for index, row in enumerate(experiment.excluded):
        for path in row:
            if path not in known:
                reader.fault(("exclude", index, path), f"unknown path {path!r}; {guess(path, known)}")


def _is_list(reader: Reader, path: str) -> bool:
    """Say whether an axis is written there that was too faulty to count; that is a fault of its own."""
    return isinstance(reader.document.get(tuple(path.split("."))), list)


def _axis_lengths(experiment: Experiment) -> dict[str, int]:
    lengths: dict[str, int] = {}
    for choice in _all_choices(experiment):
        for path, position in choice.positions.items():
            lengths[path] = max(lengths.get(path, 0), position + 1)
    return lengths


def _paths(experiment: Experiment) -> set[str]:
    return {"arm"}.union(*(choice.values for choice in _all_choices(experiment)))


def _all_choices(experiment: Experiment) -> list[Choice]:
    blocks = (experiment.data, experiment.disentangle, experiment.discover, experiment.learn)
    return [choice for block in (*blocks, *(arm.choices for arm in experiment.arms)) for choice in block]
