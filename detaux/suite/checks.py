"""Combinations that no single value shows to be impossible."""

from __future__ import annotations

import itertools
from dataclasses import replace

from detaux.core.errors import DataError
from detaux.suite.arm_limits import check_arm_images, check_arm_tasks
from detaux.suite.choices import Choice
from detaux.suite.control_checks import check_controls
from detaux.suite.discoveries import discoveries, refusals, stage_ones
from detaux.suite.duplicates import check_duplicates
from detaux.suite.exclusion import check_exclusion
from detaux.suite.experiment import Experiment, arm_choices
from detaux.suite.factors import check_classes, check_factors
from detaux.suite.facts import Facts, facts_of
from detaux.suite.hints import fetching
from detaux.suite.nodes import Keys
from detaux.suite.reader import Reader
from detaux.suite.refusals import note_refusal
from detaux.suite.selection import check_zip, is_wanted
from detaux.suite.size import check_number_of_runs
from detaux.suite.sizes import check_labelled, check_sizes


def check_experiment(reader: Reader, experiment: Experiment) -> None:
    """Note every impossible combination of an experiment as a fault."""
    _check_arm_names(reader, experiment)
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
    check_arm_tasks(reader, experiment)
    _check_subspaces(reader, experiment)
    check_zip(reader, experiment)
    check_duplicates(reader, experiment)
    check_exclusion(reader, experiment)
    check_controls(reader, experiment)


def _check_arm_names(reader: Reader, experiment: Experiment) -> None:
    for index, arm in enumerate(experiment.arms):
        if arm.name and arm.name in {other.name for other in experiment.arms[:index]}:
            reader.fault((*arm.keys, "name"), f"a second arm is called {arm.name!r}; rename one")


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
                note_refusal(reader, keys, learn.parts[part].built.check_image, shape, see=f"learn.{part}")
    for disentangle, is_own in stage_ones(experiment):
        if is_wanted(experiment, (data, disentangle)):
            place, see = (keys, "disentangle.preset") if is_own else (disentangle.keys, "")
            note_refusal(reader, place, disentangle.parts["method"].built.check_image, shape, see=see)
    check_arm_images(reader, experiment, data, shape)


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
                _check_choosing(reader, found.run, (*choice.keys, "auxiliary"))


def _check_choosing(reader: Reader, stages: tuple[Choice, ...], keys: Keys, see: str = "") -> None:
    disentangle, discover = stages
    subspaces, criterion = disentangle.parts["method"].built.subspaces, discover.parts["subspace"]
    note_refusal(reader, keys, criterion.built.check, subspaces, see=see)
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
