"""Check that a suite compares its arms with what a gain must be measured against, in every setting that it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from detaux.suite.choices import Choice
from detaux.suite.control_words import lacking_words, taken_words
from detaux.suite.controls import BASELINE, CONTROLS, Control, lacking_controls
from detaux.suite.experiment import Experiment, arm_choices, is_whole, needs_discovery
from detaux.suite.labellings import Labellings
from detaux.suite.nodes import Keys
from detaux.suite.reader import Reader
from detaux.suite.selection import matches, values_of

_ARMS = ("learn", "arms")


def check_controls(reader: Reader, experiment: Experiment) -> None:
    """Note every control that is not written, or that `zip` and `exclude` take from a setting, as a fault.

    While something is wrong with the arms themselves, no more is asked than that each control is named.
    """
    if not experiment.arms:
        return
    if not is_whole(experiment) or reader.is_faulty(_ARMS):
        _tell_lacking(reader, experiment, _unnamed(reader, experiment))
        return
    labellings = Labellings(experiment)
    lacking = _lacking(reader, experiment, labellings)
    if lacking is None:
        reader.fault(("exclude",) if experiment.excluded else ("zip",), "leaves out every run; remove a row")
        return
    served = {need for need in lacking if _is_written(need, experiment, labellings)}
    _tell_lacking(reader, experiment, [need for need in lacking if need not in served])
    for need in served:
        keys = _taker(reader, experiment, lacking[need], need)
        reader.fault(keys, taken_words(need, lacking[need], by=str(keys[0])))


def _lacking(
    reader: Reader, experiment: Experiment, labellings: Labellings
) -> Mapping[Control, tuple[Choice, ...]] | None:
    """Return the controls that some setting lacks, and the first such; None if no setting is left at all."""
    lacking: dict[Control, tuple[Choice, ...]] = {}
    is_empty = True
    for kept in labellings.kept():
        is_empty = False
        data, learn = kept.chosen
        for need, middle in lacking_controls(
            kept,
            is_required=experiment.controls == "required",
            needs_shuffled=reader.has("disentangle"),
        ):
            lacking.setdefault(need, (data, *middle, learn))
    return None if is_empty else lacking


def _is_written(need: Control, experiment: Experiment, labellings: Labellings) -> bool:
    return any(
        need.is_served_by(one) for _, choice in arm_choices(experiment) for one in labellings.of(choice)
    )


def _unnamed(reader: Reader, experiment: Experiment) -> list[Control]:
    """Return the controls that arms need and that none names, whatever else is wrong with them."""
    sources = [choice for _, choice in arm_choices(experiment)]
    names = {choice.parts["auxiliary"].name for choice in sources} | set(_written_names(reader))
    compared = [choice for choice in sources if choice.parts["auxiliary"].name not in CONTROLS]
    needed = [BASELINE]
    if any(map(needs_discovery, compared)) or (compared and experiment.controls == "required"):
        needed = [name for name in CONTROLS if name != "shuffled" or reader.has("disentangle")]
    return [Control(name) for name in needed if name not in names]


def _tell_lacking(reader: Reader, experiment: Experiment, needs: Iterable[Control]) -> None:
    usual = {0, *(choice.values["discover.tasks"] for choice in experiment.discover)}
    arms, sources = {arm.name for arm in experiment.arms}, set(_written_names(reader))
    has_stage_two = reader.has("disentangle")
    for words in lacking_words(needs, usual, arms=arms, sources=sources, has_stage_two=has_stage_two):
        reader.fault(_ARMS, words)


def _written_names(reader: Reader) -> Iterator[str]:
    """Yield the auxiliary tasks that arms name."""
    arms = reader.document.get(_ARMS)
    for index in range(len(arms)) if isinstance(arms, list) else ():
        named = reader.document.get((*_ARMS, index, "auxiliary"))
        for task in named if isinstance(named, list) else [named]:
            name = task.get("name") if isinstance(task, Mapping) else task
            yield str(name).partition(":")[0]


def _taker(reader: Reader, experiment: Experiment, chosen: tuple[Choice, ...], need: Control) -> Keys:
    """Return the keys of the first row that takes a control from a setting; of `zip` if no row does."""
    for place, row in enumerate(experiment.excluded):
        for arm, choice in arm_choices(experiment):
            values: Mapping[str, Any] = values_of((*chosen, choice), arm.name)
            if choice.parts["auxiliary"].name == need.name and matches(row, values):
                return ("exclude", reader.index(("exclude",), place))
    return ("zip",) if experiment.zipped else ("exclude",)
