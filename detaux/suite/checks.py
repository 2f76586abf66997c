"""Combinations that no single value shows to be impossible."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from detaux.core.errors import DataError
from detaux.suite.choices import Choice
from detaux.suite.controls import check_arms, check_kept_controls
from detaux.suite.discoveries import discoveries, refusals, stage_ones
from detaux.suite.duplicates import check_duplicates
from detaux.suite.exclusion import check_exclusion
from detaux.suite.experiment import Experiment, arm_choices, is_whole
from detaux.suite.factors import check_classes, check_factors
from detaux.suite.facts import Facts, facts_of
from detaux.suite.hints import fetching
from detaux.suite.nodes import Keys
from detaux.suite.reader import Reader
from detaux.suite.selection import check_zip, is_wanted
from detaux.suite.size import check_number_of_runs
from detaux.suite.sizes import check_labelled, check_sizes


def check_experiment(reader: Reader, experiment: Experiment) -> None:
    """Note every impossible combination of an experiment as a fault."""
    has_controls = check_arms(reader, experiment)
    _check_seeds(reader, experiment)
    if not check_number_of_runs(reader, experiment):
        return
    for data in experiment.data:
        facts = _facts_or_fault(reader, data)
        if facts is None:
            _check_unread(reader, experiment, data)
        else:
            _check_data(reader, experiment, data, facts)
    _check_arm_methods(reader, experiment)
    _check_subspaces(reader, experiment)
    check_zip(reader, experiment)
    check_duplicates(reader, experiment)
    check_exclusion(reader, experiment)
    if has_controls and is_whole(experiment):
        check_kept_controls(reader, experiment)


def _facts_or_fault(reader: Reader, data: Choice) -> Facts | None:
    try:
        return facts_of(data.parts["dataset"])
    except DataError as fault:
        reader.fault((*data.keys, "path"), f"{fault}{fetching(data.parts['dataset'])}")
        return None


def _check_data(reader: Reader, experiment: Experiment, data: Choice, facts: Facts) -> None:
    """Check all that takes the data set; where the principal factors are faulty, its split is checked without them."""
    _check_images(reader, experiment, data, facts.image_shape)
    has_principal, has_held_out = check_factors(reader, data, facts, experiment.arms)
    if not has_held_out:
        check_labelled(reader, experiment, data)
    elif has_principal:
        check_classes(reader, data, facts, experiment.arms)
        check_sizes(reader, experiment, data)
    else:
        check_sizes(reader, experiment, replace(data, config={**data.config, "principal": []}))


def _check_unread(reader: Reader, experiment: Experiment, data: Choice) -> None:
    """Check what is known of a data set that cannot be read."""
    check_labelled(reader, experiment, data)
    size = getattr(data.parts["dataset"].built, "image_size", None)
    if isinstance(size, int):
        _check_images(reader, experiment, data, (size, size, 3))


def _check_images(reader: Reader, experiment: Experiment, data: Choice, shape: tuple[int, int, int]) -> None:
    """Check that nets, corruptions and augmentations take images of a shape (H, W, 3), where such a setting is wanted at all."""
    has_size = hasattr(data.parts["dataset"].built, "image_size")
    keys = (*data.keys, "image_size" if has_size else "dataset")
    for learn in experiment.learn:
        if is_wanted(experiment, (data, learn)):
            for part in ("backbone", "corruption", "augmentation"):
                _note_refusal(reader, keys, f"learn.{part}", learn.parts[part].built.check_image, shape)
    for disentangle, is_own in stage_ones(experiment):
        if is_wanted(experiment, (data, disentangle)):
            where = (keys, "disentangle.preset") if is_own else (disentangle.keys, "")
            _note_refusal(reader, *where, disentangle.parts["method"].built.check_image, shape)


def _note_refusal(reader: Reader, keys: Keys, path: str, check: Callable[[Any], None], value: object) -> None:
    try:
        check(value)
    except (DataError, ValueError) as refusal:
        reader.fault(keys, f"{refusal}; see {path}" if path else str(refusal))


def _check_arm_methods(reader: Reader, experiment: Experiment) -> None:
    """Check that disentanglers in place of the suite's can be made of what they take over of it."""
    for _, choice in arm_choices(experiment):
        for refusal in refusals(experiment, choice):
            reader.fault((*choice.keys, "auxiliary"), refusal)


def _check_subspaces(reader: Reader, experiment: Experiment) -> None:
    """Check that there are subspaces enough to choose among, in the suite's settings and in those of arms with others."""
    for pair in itertools.product(experiment.disentangle, experiment.discover):
        if is_wanted(experiment, pair):
            _check_choosing(reader, pair, ("discover", "subspace"), "disentangle.subspaces")
    for _, choice in arm_choices(experiment):
        for found in discoveries(experiment, choice):
            if found.run != found.written and is_wanted(experiment, found.written):
                _check_choosing(reader, found.run, (*choice.keys, "auxiliary"), "")


def _check_choosing(reader: Reader, stages: tuple[Choice, ...], keys: Keys, path: str) -> None:
    disentangle, discover = stages
    subspaces, criterion = disentangle.parts["method"].built.subspaces, discover.parts["subspace"]
    _note_refusal(reader, keys, path, criterion.built.check, subspaces)
    tasks, most = discover.values["discover.tasks"], max(1, criterion.built.num_candidates(subspaces))
    if tasks > most:
        place = keys if keys[-1] == "auxiliary" else ("discover", "tasks")
        text = f"asks for {tasks} tasks, but {criterion.name!r} chooses among {most} of {subspaces} subspaces"
        reader.fault(place, f"{text}; ask for fewer")


def _check_seeds(reader: Reader, experiment: Experiment) -> None:
    for disentangle in experiment.disentangle:
        wanted = disentangle.seeds
        is_faulty = reader.document.get(("seeds",)) != experiment.seeds
        if not is_faulty and wanted is not None and wanted > experiment.seeds:
            text = f"is {wanted}, more than the {experiment.seeds} repetitions; raise `seeds` or lower this"
            reader.fault((*disentangle.keys, "seeds"), text)
