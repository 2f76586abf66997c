"""Combinations that no single value shows to be impossible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from detaux.core.errors import DataError
from detaux.suite.choices import Choice
from detaux.suite.experiment import Arm, Experiment
from detaux.suite.facts import facts_of
from detaux.suite.faults import guess
from detaux.suite.reader import Reader

CONTROLS: Mapping[str, str] = {
    "none": "the arm that every gain is measured against: {name: stl, auxiliary: none}",
    "random": "a control for any auxiliary loss at all: {name: random, auxiliary: random}",
    "shuffled": "a control for the labels' proportions: {name: shuffled, auxiliary: shuffled}",
}
"""Auxiliary tasks that a suite must have beside `discovered`, and why."""


def check_experiment(reader: Reader, experiment: Experiment) -> None:
    """Note every impossible combination of an experiment as a fault."""
    for data in experiment.data:
        _check_data(reader, data, experiment.arms)
    _check_subspaces(reader, experiment)
    _check_arms(reader, experiment.arms)
    _check_seeds(reader, experiment)
    _check_selection(reader, experiment)


def _check_data(reader: Reader, data: Choice, arms: tuple[Arm, ...]) -> None:
    try:
        names = facts_of(data.parts["dataset"]).factor_names
    except DataError as fault:
        reader.fault((*data.keys, "path"), str(fault))
        return
    principal = tuple(data.config["principal"])
    held_out = data.parts["split"].built.held_out()
    for name in principal:
        if name not in names:
            reader.fault((*data.keys, "principal"), f"unknown factor {name!r}; {guess(name, names)}")
        elif name in held_out:
            free = ", ".join(other for other in names if other not in held_out)
            text = (
                f"{name!r} is held out by the split, so no training image shows it all; choose among {free}"
            )
            reader.fault((*data.keys, "principal"), text)
    for name in held_out:
        if name not in names:
            reader.fault((*data.keys, "split"), f"unknown factor {name!r}; {guess(name, names)}")
    for arm in arms:
        _check_factor_arm(reader, arm, names, principal)


def _check_factor_arm(reader: Reader, arm: Arm, names: tuple[str, ...], principal: tuple[str, ...]) -> None:
    others = tuple(name for name in names if name not in principal)
    for choice in arm.choices:
        name = getattr(choice.parts["auxiliary"].built, "factor", None)
        if name is not None and name not in names:
            reader.fault((*choice.keys, "auxiliary"), f"unknown factor {name!r}; {guess(name, others)}")
        elif name in principal:
            text = f"{name!r} is part of the principal task; choose among {', '.join(others) or 'none left'}"
            reader.fault((*choice.keys, "auxiliary"), text)


def _check_subspaces(reader: Reader, experiment: Experiment) -> None:
    for disentangle in experiment.disentangle:
        for discover in experiment.discover:
            try:
                discover.parts["subspace"].built.check(disentangle.parts["method"].built.subspaces)
            except ValueError as refusal:
                reader.fault(("discover", "subspace"), f"{refusal}; see disentangle.subspaces")


def _check_arms(reader: Reader, arms: tuple[Arm, ...]) -> None:
    for index, arm in enumerate(arms):
        if Counter(other.name for other in arms[:index])[arm.name]:
            reader.fault(("learn", "arms", index, "name"), f"a second arm is called {arm.name!r}; rename one")
    auxiliary = {choice.parts["auxiliary"].name for arm in arms for choice in arm.choices}
    needed = CONTROLS if "discovered" in auxiliary else {"none": CONTROLS["none"]}
    for name, why in needed.items() if arms else ():
        if name not in auxiliary:
            reader.fault(("learn", "arms"), f"lacks an arm with auxiliary {name!r}, {why}")


def _check_seeds(reader: Reader, experiment: Experiment) -> None:
    for disentangle in experiment.disentangle:
        wanted = disentangle.seeds
        if wanted is not None and wanted > experiment.seeds:
            text = f"is {wanted}, more than the {experiment.seeds} repetitions; raise `seeds` or lower this"
            reader.fault((*disentangle.keys, "seeds"), text)


def _check_selection(reader: Reader, experiment: Experiment) -> None:
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
