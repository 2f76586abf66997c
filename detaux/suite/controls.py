"""No gain without what it is measured against: the arms that a suite must have, and keep in every setting."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from detaux.suite.choices import Choice
from detaux.suite.experiment import Arm, Experiment
from detaux.suite.reader import Reader
from detaux.suite.selection import is_wanted, matches, values_of

CONTROLS: Mapping[str, str] = {
    "none": "the arm that every gain is measured against: {name: stl, auxiliary: none}",
    "random": "a control for any auxiliary loss at all: {name: random, auxiliary: random}",
    "shuffled": "a control for the labels' proportions: {name: shuffled, auxiliary: shuffled}",
}
"""Auxiliary tasks that a suite must have beside `discovered`, and why."""
_DISCOVERING = {"discovered", "shuffled"}
_Chosen = tuple[Choice, ...]


def check_arms(reader: Reader, experiment: Experiment) -> bool:
    """Note every control that is not written, and every second arm of a name, as a fault.

    Returns:
        Whether all controls are there.
    """
    arms = experiment.arms
    for index, arm in enumerate(arms):
        if arm.name and arm.name in {other.name for other in arms[:index]}:
            reader.fault((*arm.keys, "name"), f"a second arm is called {arm.name!r}; rename one")
    written = {choice.parts["auxiliary"].name for arm in arms for choice in arm.choices}
    written |= set(_written_names(reader))
    lacking = [name for name in _needed(written) if name not in written] if arms else []
    for name in lacking:
        reader.fault(("learn", "arms"), f"lacks an arm with auxiliary {name!r}, {CONTROLS[name]}")
    return not lacking


def check_kept_controls(reader: Reader, experiment: Experiment) -> None:
    """Note as a fault what `exclude` takes of the controls of settings that it leaves, or that it leaves none."""
    if not experiment.excluded:
        return
    written = {choice.parts["auxiliary"].name for arm in experiment.arms for choice in arm.choices}
    needed = tuple(_needed(written))
    is_empty, told = True, set()
    for chosen, kept in _kept_in_each_setting(experiment):
        is_empty = is_empty and not kept
        for name in _needed(kept) if kept else ():
            if name in needed and name not in kept and name not in told:
                told.add(name)
                reader.fault(_excluding(reader, experiment, chosen, name), _text(chosen, name))
    if is_empty:
        reader.fault(("exclude",), "leaves out every run; remove a row")


def _needed(names: set[str]) -> Iterator[str]:
    return iter(CONTROLS if "discovered" in names else ("none",))


def _written_names(reader: Reader) -> Iterator[str]:
    """Yield the auxiliary tasks that arms name, whatever else is wrong with them."""
    arms = reader.document.get(("learn", "arms"))
    for index in range(len(arms)) if isinstance(arms, list) else ():
        written = reader.document.get(("learn", "arms", index, "auxiliary"))
        for task in written if isinstance(written, list) else [written]:
            name = task.get("name") if isinstance(task, Mapping) else task
            yield str(name).partition(":")[0]


def _kept_in_each_setting(experiment: Experiment) -> Iterator[tuple[_Chosen, set[str]]]:
    """Yield every setting of stages one to three with the auxiliary tasks that it keeps."""
    found = list(itertools.product(experiment.disentangle, experiment.discover))
    for front, back in itertools.product(experiment.data, experiment.learn):
        plain = {
            name for name in _names(experiment) - _DISCOVERING if _keeps(experiment, (front, back), name)
        }
        for middle in found:
            chosen = (front, *middle, back)
            if is_wanted(experiment, chosen):
                kept = {
                    name for name in _names(experiment) & _DISCOVERING if _keeps(experiment, chosen, name)
                }
                yield chosen, plain | kept
        yield (front, back), plain


def _names(experiment: Experiment) -> set[str]:
    return {choice.parts["auxiliary"].name for _, choice in _arm_choices(experiment)}


def _keeps(experiment: Experiment, chosen: _Chosen, name: str) -> bool:
    return any(
        is_wanted(experiment, (*chosen, choice), arm=arm.name)
        for arm, choice in _arm_choices(experiment)
        if choice.parts["auxiliary"].name == name
    )


def _arm_choices(experiment: Experiment) -> Iterator[tuple[Arm, Choice]]:
    return ((arm, choice) for arm in experiment.arms for choice in arm.choices)


def _excluding(reader: Reader, experiment: Experiment, chosen: _Chosen, name: str) -> tuple[str | int, ...]:
    """Return the keys of the first row that takes a control from a setting."""
    for place, row in enumerate(experiment.excluded):
        for arm, choice in _arm_choices(experiment):
            if choice.parts["auxiliary"].name == name and matches(
                row, values_of((*chosen, choice), arm.name)
            ):
                return ("exclude", reader.index(("exclude",), place))
    return ("exclude",)


def _text(chosen: Sequence[Choice], name: str) -> str:
    values: Mapping[str, Any] = values_of(chosen, None)
    axes = [f"{path}: {values[path]}" for choice in chosen for path in choice.positions if path in values]
    where = f" at {{{', '.join(axes)}}}" if axes else ""
    return f"takes the arm with auxiliary {name!r}{where}, {CONTROLS[name].partition(':')[0]}; keep it, or exclude the whole setting"
