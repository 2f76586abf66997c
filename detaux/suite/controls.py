"""No gain without what it is measured against: the arms that a suite must have, and keep in every setting."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from detaux.suite.choices import Choice
from detaux.suite.experiment import Experiment, arm_choices, needs_discovery
from detaux.suite.reader import Reader
from detaux.suite.selection import is_wanted, matches, values_of

CONTROLS: Mapping[str, str] = {
    "none": "the arm that every gain is measured against: {name: stl, auxiliary: none}",
    "random": "a control for any auxiliary loss at all: {name: random, auxiliary: random}",
    "shuffled": "a control for the labels' proportions: {name: shuffled, auxiliary: shuffled}",
}
"""Auxiliary tasks that a suite must have beside those that it compares, and why."""
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
    sources = [choice for _, choice in arm_choices(experiment)]
    written = {_name(source) for source in sources} | set(_written_names(reader))
    lacking = [name for name in _needed(reader, experiment, sources) if name not in written] if arms else []
    for name in lacking:
        reader.fault(("learn", "arms"), f"lacks an arm with auxiliary {name!r}, {CONTROLS[name]}")
    return not lacking


def check_kept_controls(reader: Reader, experiment: Experiment) -> None:
    """Note as a fault what `exclude` takes of the controls of settings that it leaves, or that it leaves none."""
    if not experiment.excluded:
        return
    is_empty = True
    told: set[str] = set()
    for chosen, kept, beside in _kept_in_each_setting(experiment):
        is_empty = is_empty and not kept
        names = {_name(source) for source in kept} | beside | told
        for name in _needed(reader, experiment, kept) if kept else ():
            if name not in names:
                told.add(name)
                reader.fault(_excluding(reader, experiment, chosen, name), _text(chosen, name))
    if is_empty:
        reader.fault(("exclude",), "leaves out every run; remove a row")


def _needed(reader: Reader, experiment: Experiment, sources: Iterable[Choice]) -> tuple[str, ...]:
    """Return the controls that sources of labels need beside them; none is shuffled without a stage one."""
    if any(needs_discovery(source) and _name(source) not in CONTROLS for source in sources):
        return tuple(CONTROLS)
    if experiment.controls == "required":
        return tuple(CONTROLS) if reader.has("disentangle") else ("none", "random")
    return ("none",)


def _name(source: Choice) -> str:
    return source.parts["auxiliary"].name


def _written_names(reader: Reader) -> Iterator[str]:
    """Yield the auxiliary tasks that arms name, whatever else is wrong with them."""
    arms = reader.document.get(("learn", "arms"))
    for index in range(len(arms)) if isinstance(arms, list) else ():
        written = reader.document.get(("learn", "arms", index, "auxiliary"))
        for task in written if isinstance(written, list) else [written]:
            name = task.get("name") if isinstance(task, Mapping) else task
            yield str(name).partition(":")[0]


def _kept_in_each_setting(experiment: Experiment) -> Iterator[tuple[_Chosen, list[Choice], set[str]]]:
    """Yield every setting of stages one to three with the sources of labels that it keeps.

    After those of a setting of stage three comes that setting alone, with the sources that need no other, and the names of
    those that were looked at before.
    """
    found = list(itertools.product(experiment.disentangle, experiment.discover))
    before = {_name(source) for _, source in arm_choices(experiment) if needs_discovery(source)}
    for front, back in itertools.product(experiment.data, experiment.learn):
        plain = _kept(experiment, (front, back), discovering=False)
        for middle in found:
            chosen = (front, *middle, back)
            if is_wanted(experiment, chosen):
                yield chosen, plain + _kept(experiment, chosen, discovering=True), set()
        yield (front, back), plain, before


def _kept(experiment: Experiment, chosen: _Chosen, *, discovering: bool) -> list[Choice]:
    """Return the sources that do or do not need stages one and two, and that a setting keeps."""
    return [
        choice
        for arm, choice in arm_choices(experiment)
        if needs_discovery(choice) == discovering and is_wanted(experiment, (*chosen, choice), arm=arm.name)
    ]


def _excluding(reader: Reader, experiment: Experiment, chosen: _Chosen, name: str) -> tuple[str | int, ...]:
    """Return the keys of the first row that takes a control from a setting."""
    for place, row in enumerate(experiment.excluded):
        for arm, choice in arm_choices(experiment):
            if _name(choice) == name and matches(row, values_of((*chosen, choice), arm.name)):
                return ("exclude", reader.index(("exclude",), place))
    return ("exclude",)


def _text(chosen: Sequence[Choice], name: str) -> str:
    values: Mapping[str, Any] = values_of(chosen, None)
    axes = [f"{path}: {values[path]}" for choice in chosen for path in choice.positions if path in values]
    where = f" at {{{', '.join(axes)}}}" if axes else ""
    return f"takes the arm with auxiliary {name!r}{where}, {CONTROLS[name].partition(':')[0]}; keep it, or exclude the whole setting"
