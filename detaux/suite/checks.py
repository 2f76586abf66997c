"""Combinations that no single value shows to be impossible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from detaux.core.errors import DataError
from detaux.suite.choices import Choice
from detaux.suite.controls import check_arms, check_kept_controls
from detaux.suite.duplicates import check_duplicates
from detaux.suite.exclusion import check_exclusion
from detaux.suite.experiment import Experiment, is_whole
from detaux.suite.factors import check_factors
from detaux.suite.facts import Facts, facts_of
from detaux.suite.nodes import Keys
from detaux.suite.reader import Reader
from detaux.suite.selection import check_zip, is_wanted
from detaux.suite.size import check_number_of_runs
from detaux.suite.sizes import check_sizes


def check_experiment(reader: Reader, experiment: Experiment) -> None:
    """Note every impossible combination of an experiment as a fault."""
    has_controls = check_arms(reader, experiment)
    _check_seeds(reader, experiment)
    if not check_number_of_runs(reader, experiment):
        return
    for data in experiment.data:
        facts = _facts_or_fault(reader, data)
        if facts is not None:
            _check_image_size(reader, experiment, data, facts.image_shape)
            if check_factors(reader, data, facts, experiment.arms):
                check_sizes(reader, experiment, data)
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
        reader.fault((*data.keys, "path"), str(fault))
        return None


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


def _check_seeds(reader: Reader, experiment: Experiment) -> None:
    for disentangle in experiment.disentangle:
        wanted = disentangle.seeds
        is_faulty = reader.document.get(("seeds",)) != experiment.seeds
        if not is_faulty and wanted is not None and wanted > experiment.seeds:
            text = f"is {wanted}, more than the {experiment.seeds} repetitions; raise `seeds` or lower this"
            reader.fault((*disentangle.keys, "seeds"), text)
