"""Combinations that no single value shows to be impossible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from detaux.core.errors import DataError
from detaux.suite.choices import Choice
from detaux.suite.experiment import Arm, Experiment
from detaux.suite.facts import Facts, facts_of
from detaux.suite.faults import guess
from detaux.suite.loading import Keys
from detaux.suite.reader import Reader
from detaux.suite.selection import check_selection, is_wanted

CONTROLS: Mapping[str, str] = {
    "none": "the arm that every gain is measured against: {name: stl, auxiliary: none}",
    "random": "a control for any auxiliary loss at all: {name: random, auxiliary: random}",
    "shuffled": "a control for the labels' proportions: {name: shuffled, auxiliary: shuffled}",
}
"""Auxiliary tasks that a suite must have beside `discovered`, and why."""


def check_experiment(reader: Reader, experiment: Experiment) -> None:
    """Note every impossible combination of an experiment as a fault."""
    for data in experiment.data:
        facts = _facts_or_fault(reader, data)
        if facts is not None:
            _check_data(reader, data, facts.factor_names, experiment.arms)
            _check_image_size(reader, experiment, data, facts.image_shape)
    _check_subspaces(reader, experiment)
    _check_arms(reader, experiment.arms)
    _check_seeds(reader, experiment)
    check_selection(reader, experiment)


def _facts_or_fault(reader: Reader, data: Choice) -> Facts | None:
    try:
        return facts_of(data.parts["dataset"])
    except DataError as fault:
        reader.fault((*data.keys, "path"), str(fault))
        return None


def _check_data(reader: Reader, data: Choice, names: tuple[str, ...], arms: tuple[Arm, ...]) -> None:
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


def _check_image_size(
    reader: Reader, experiment: Experiment, data: Choice, shape: tuple[int, int, int]
) -> None:
    """Check that the nets of stages one and three take the images, where such a setting is wanted at all."""
    keys = (*data.keys, "image_size")
    for learn in experiment.learn:
        if is_wanted(experiment, (data, learn)):
            _note_refusal(reader, keys, "learn.backbone", learn.parts["backbone"].built.check_image, shape)
    for disentangle in experiment.disentangle:
        if is_wanted(experiment, (data, disentangle)):
            check = disentangle.parts["method"].built.check_image_size
            _note_refusal(reader, keys, "disentangle.preset", check, shape[0])


def _note_refusal(reader: Reader, keys: Keys, path: str, check: Callable[[Any], None], value: object) -> None:
    try:
        check(value)
    except (DataError, ValueError) as refusal:
        reader.fault(keys, f"{refusal}; see {path}")


def _check_subspaces(reader: Reader, experiment: Experiment) -> None:
    for disentangle in experiment.disentangle:
        for discover in experiment.discover:
            if is_wanted(experiment, (disentangle, discover)):
                check = discover.parts["subspace"].built.check
                subspaces = disentangle.parts["method"].built.subspaces
                _note_refusal(reader, ("discover", "subspace"), "disentangle.subspaces", check, subspaces)


def _check_arms(reader: Reader, arms: tuple[Arm, ...]) -> None:
    for index, arm in enumerate(arms):
        if arm.name and arm.name in {other.name for other in arms[:index]}:
            reader.fault(("learn", "arms", index, "name"), f"a second arm is called {arm.name!r}; rename one")
    auxiliary = {choice.parts["auxiliary"].name for arm in arms for choice in arm.choices}
    needed = CONTROLS if "discovered" in auxiliary else {"none": CONTROLS["none"]}
    for name, why in needed.items() if arms else ():
        if name not in auxiliary:
            reader.fault(("learn", "arms"), f"lacks an arm with auxiliary {name!r}, {why}")


def _check_seeds(reader: Reader, experiment: Experiment) -> None:
    for disentangle in experiment.disentangle:
        wanted = disentangle.seeds
        is_faulty = reader.document.get(("seeds",)) != experiment.seeds
        if not is_faulty and wanted is not None and wanted > experiment.seeds:
            text = f"is {wanted}, more than the {experiment.seeds} repetitions; raise `seeds` or lower this"
            reader.fault((*disentangle.keys, "seeds"), text)
