"""Which labels are learnt side by side: the auxiliary tasks that each setting of a suite is left with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from detaux.core.hashing import canonical_json
from detaux.suite.choices import Choice
from detaux.suite.discoveries import discoveries
from detaux.suite.experiment import Experiment, arm_choices, needs_discovery
from detaux.suite.parts import Part
from detaux.suite.selection import is_wanted


@dataclass(frozen=True, slots=True)
class Labelling:
    """What tells one source of labels from another where it is compared."""

    name: str
    """Name of the source."""
    weighting: str
    """Its weighting, as a suite writes it."""
    num_tasks: int | None
    """How many tasks of stage two it has; None where it needs no stage two."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What `zip` and `exclude` leave of the arms in one setting of data and stage three."""

    chosen: tuple[Choice, ...]
    """The setting."""
    plain: frozenset[Labelling]
    """Sources that need no stage two."""
    found: tuple[tuple[tuple[Choice, ...], frozenset[Labelling]], ...]
    """The others, with each setting of stages one and two that leaves any."""

    def everything(self) -> frozenset[Labelling]:
        """Return all of them."""
        return self.plain.union(*(labellings for _, labellings in self.found))


class Labellings:
    """Every source of labels of an experiment, in each setting.

    Args:
        experiment: Whole; see `is_whole`.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._arms = [(arm.name, choice) for arm, choice in arm_choices(experiment)]
        self._of = {id(choice): _by_stage_two(experiment, choice) for _, choice in self._arms}

    def of(self, choice: Choice) -> set[Labelling]:
        """Return what a source is in any setting of stage two, wanted or not."""
        return set(self._of[id(choice)].values())

    def kept(self) -> Iterator[Kept]:
        """Yield every setting of data and stage three that leaves anything."""
        experiment = self._experiment
        first = None if experiment.excluded or experiment.zipped else 1  # all settings keep the same arms
        middles = list(itertools.product(experiment.disentangle[:first], experiment.discover))
        for chosen in itertools.product(experiment.data[:first], experiment.learn[:first]):
            found = tuple((middle, self._kept(chosen, middle)) for middle in middles)
            kept = Kept(
                chosen=chosen,
                plain=self._kept(chosen, ()),
                found=tuple((middle, labellings) for middle, labellings in found if labellings),
            )
            if kept.everything():
                yield kept

    def _kept(self, chosen: tuple[Choice, ...], middle: tuple[Choice, ...]) -> frozenset[Labelling]:
        """Return the sources that do or, without stages one and two, do not need them, and that a setting keeps."""
        stage_two = id(middle[-1]) if middle else None
        return frozenset(
            self._of[id(choice)][stage_two]
            for arm, choice in self._arms
            if stage_two in self._of[id(choice)]
            and is_wanted(self._experiment, (*chosen, *middle, choice), arm=arm)
        )


def written(part: Part) -> str:
    """Return a part as a suite writes it: by its name, or with its options."""
    options = [
        f"{key}: {value if isinstance(value, str) else canonical_json(value)}"
        for key, value in part.config().items()
    ]
    return part.name if len(options) == 1 else f"{{{', '.join(options)}}}"


def _by_stage_two(experiment: Experiment, choice: Choice) -> dict[int | None, Labelling]:
    """Return what a source is with each setting of stage two, by its identity; under None if it needs no stage two."""
    name, weighting = choice.parts["auxiliary"].name, written(choice.parts["weighting"])
    if not needs_discovery(choice):
        return {None: Labelling(name, weighting, None)}
    return {
        id(found.written[-1]): Labelling(name, weighting, found.run[-1].values["discover.tasks"])
        for found in discoveries(experiment, choice)
    }
