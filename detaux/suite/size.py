"""How many runs an experiment has, counted before any of them is made."""

from __future__ import annotations

import math
from collections.abc import Mapping

from detaux.suite.bounds import longest
from detaux.suite.discoveries import num_discoveries
from detaux.suite.experiment import Experiment, arm_choices
from detaux.suite.reader import Reader
from detaux.suite.selection import axis_lengths

MAX_RUNS = 100_000
"""Most runs of an experiment; expanding 60,000 took 9.5 seconds."""
MAX_COMBINATIONS = 1_000_000
"""Most combinations of its settings, those among them that `zip` and `exclude` leave out."""


def check_number_of_runs(reader: Reader, experiment: Experiment) -> bool:
    """Say whether an experiment has few enough runs; if not, that is a fault."""
    lengths = axis_lengths(experiment)
    combinations = _number_of_combinations(experiment)
    runs = combinations // _shrinkage(experiment, lengths) * experiment.seeds
    axes = longest({"seeds": experiment.seeds, **lengths})
    if runs > MAX_RUNS:
        reader.fault(
            (), f"multiplies to {runs:,} runs, more than {MAX_RUNS:,}; shorten the longest axes: {axes}"
        )
    elif combinations > MAX_COMBINATIONS:
        text = f"multiplies to {combinations:,} settings before `zip`, more than {MAX_COMBINATIONS:,}"
        reader.fault((), f"{text}; shorten the longest axes: {axes}")
    return runs <= MAX_RUNS and combinations <= MAX_COMBINATIONS


def _shrinkage(experiment: Experiment, lengths: Mapping[str, int]) -> int:
    """Return by how much `zip` divides the number of combinations."""
    groups = [[lengths[path] for path in group if path in lengths] for group in experiment.zipped]
    return math.prod(math.prod(group) // max(group) for group in groups if group)


def _number_of_combinations(experiment: Experiment) -> int:
    each = sum(num_discoveries(experiment, choice) for _, choice in arm_choices(experiment))
    return len(experiment.data) * len(experiment.learn) * each
