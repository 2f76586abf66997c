"""Values that stand twice on an axis: the same runs once more, and so a slip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detaux.core.hashing import canonical_json
from detaux.suite.choices import Choice
from detaux.suite.experiment import Experiment
from detaux.suite.faults import shown
from detaux.suite.nodes import Keys
from detaux.suite.reader import Reader
from detaux.suite.selection import advance_together


def check_duplicates(reader: Reader, experiment: Experiment) -> None:
    """Note every value that an axis has twice as a fault; on axes that are zipped, only rows that are equal."""
    zipped = [frozenset(group) for group in experiment.zipped]
    blocks = (experiment.data, experiment.disentangle, experiment.discover, experiment.learn)
    for block in (*blocks, *(arm.choices for arm in experiment.arms)):
        wanted = [choice for choice in block if advance_together(experiment, [choice])]
        for first, again in _equal(wanted):
            axes = {path for path in again.positions if again.positions[path] != first.positions.get(path)}
            alone = len(axes) == 1 and not any(axes & group for group in zipped)
            if alone or any(axes == group for group in zipped):
                for path in sorted(axes):
                    _tell(reader, again, path)


def _tell(reader: Reader, again: Choice, path: str) -> None:
    """Note a value as a fault, unless it is equal for what was left out of it as faulty."""
    keys, value = _keys(again, path), again.values.get(path)
    is_whole = path in again.values and not isinstance(value, Mapping | list)
    if is_whole or not reader.is_faulty(keys):
        what = f"{shown(value)} " if path in again.values else "the same "
        reader.fault(keys, f"has {what}twice; remove one")


def _equal(choices: list[Choice]) -> Iterator[tuple[Choice, Choice]]:
    """Yield every setting that is the same as one before it, after that one."""
    alike: dict[str, list[Choice]] = {}
    for choice in choices:
        if choice.positions:
            alike.setdefault(f"{canonical_json(choice.config)} {choice.seeds}", []).append(choice)
    for group in alike.values():
        yield from ((group[0], other) for other in group[1:])


def _keys(choice: Choice, path: str) -> Keys:
    """Return where an axis is written, by its path in the suite's words."""
    return (*choice.keys, *path.split(".")[1:])
