"""No gain without what it is measured against: the controls that labels need beside them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from detaux.suite.choices import Choice
from detaux.suite.labellings import Kept, Labelling

BASELINE = "none"
_BLIND: Mapping[str, str] = {
    "random": "a control for any auxiliary loss at all",
    "shuffled": "a control for the labels' proportions",
}
CONTROLS: Mapping[str, str] = {BASELINE: "the arm that every gain is measured against", **_BLIND}
"""Auxiliary tasks that a suite must have beside those that it compares, and why."""


@dataclass(frozen=True, slots=True, order=True)
class Control:
    """An auxiliary task that must be there beside those that are compared."""

    name: str
    """Name of its source."""
    num_tasks: int = 0
    """How many tasks of stage two it must have at once; 0 where neither their number nor their classes matter."""
    weighting: str = ""
    """Its weighting, as a suite writes it; empty where that does not matter."""

    def is_served_by(self, labelling: Labelling) -> bool:
        """Say whether labels are this control."""
        return (
            labelling.name == self.name
            and self.weighting in ("", labelling.weighting)
            and self.num_tasks in (0, labelling.num_tasks)
        )


def lacking_controls(
    kept: Kept, *, is_required: bool, needs_shuffled: bool
) -> Iterator[tuple[Control, tuple[Choice, ...]]]:
    """Yield the controls that a setting lacks, and the settings of stages one and two, if any, that lack them.

    Labels of stage two need random and shuffled ones of as many tasks under the same weighting, from the same setting, or
    from any where their number of tasks is not this setting's. Where controls are required all other labels need such
    of any number.

    Args:
        kept: What is left of the arms.
        is_required: Whether labels that need no stage two need controls too.
        needs_shuffled: Whether there is a stage two, whose labels can be shuffled.
    """
    yield from ((need, ()) for need in _unserved([Control(BASELINE)], kept.plain))
    if is_required:
        blind = [name for name in _BLIND if needs_shuffled or name != "shuffled"]
        weightings = {one.weighting for one in kept.plain if one.name not in CONTROLS}
        needs = [Control(name, 0, weighting) for name in blind for weighting in sorted(weightings)]
        yield from ((need, ()) for need in _unserved(needs, kept.everything()))
    for middle, labellings in kept.found:
        for name, one in itertools.product(_BLIND, labellings):
            need, num_tasks = (
                Control(name, one.num_tasks or 0, one.weighting),
                middle[-1].values["discover.tasks"],
            )
            beside = labellings if one.num_tasks == num_tasks else kept.everything()
            if one.name not in CONTROLS and _unserved([need], beside):
                yield need, middle


def _unserved(needs: Iterable[Control], labellings: frozenset[Labelling]) -> list[Control]:
    return [need for need in needs if not any(map(need.is_served_by, labellings))]
