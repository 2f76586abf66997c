"""What is compared with what: the checked blocks of a suite, or of one of its variants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detaux.learn.labels.discovery import Discovery
from detaux.suite.choices import Choice
from detaux.suite.format import Controls
from detaux.suite.nodes import Keys


@dataclass(frozen=True, kw_only=True, slots=True)
class Arm:
    """One thing compared, with every setting of it."""

    name: str
    """Name of the arm, as the report shows it."""
    choices: tuple[Choice, ...]
    """Auxiliary task and weighting."""
    keys: Keys
    """Where it is written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Experiment:
    """The blocks of one variant, each as the list of settings that its axes multiply to.

    A block that is too faulty to read is empty.
    """

    variant: str
    """Name of the variant; empty for a suite without variants."""
    seeds: int
    """Repetitions of stage three."""
    data: tuple[Choice, ...]
    """Data sets, with principal factors and split."""
    disentangle: tuple[Choice, ...]
    """Stage one."""
    discover: tuple[Choice, ...]
    """Stage two."""
    learn: tuple[Choice, ...]
    """Stage three, but for what differs between arms."""
    arms: tuple[Arm, ...]
    """What is compared."""
    metrics: tuple[str, ...]
    """Metrics of codes."""
    zipped: tuple[tuple[str, ...], ...] = ()
    """Groups of axes that advance together."""
    excluded: tuple[Mapping[str, Any], ...] = ()
    """Settings to leave out, as values by dotted path."""
    controls: Controls = "discovered"
    """Which controls its arms must hold."""
    for_codes: tuple[str, ...] = ()
    """The blocks that are written of those that make or measure codes of stage one."""


def discovery_of(arm: Choice) -> Discovery | None:
    """Return what a setting of an arm wants of stages one and two; None where it needs neither."""
    wanted: Discovery | None = arm.parts["auxiliary"].built.discovery
    return wanted


def needs_discovery(arm: Choice) -> bool:
    """Say whether a setting of an arm uses what stage two found."""
    return discovery_of(arm) is not None


def any_discovers(arms: Sequence[Arm]) -> bool:
    """Say whether some arm uses what stage two found; one that is not written, or cannot be read, may."""
    return not arms or any(not arm.choices or any(map(needs_discovery, arm.choices)) for arm in arms)


def arm_choices(experiment: Experiment) -> Iterator[tuple[Arm, Choice]]:
    """Yield every setting of every arm."""
    return ((arm, choice) for arm in experiment.arms for choice in arm.choices)


def is_whole(experiment: Experiment) -> bool:
    """Say whether every block could be read, if only in part."""
    blocks = [experiment.data, experiment.discover, experiment.learn, experiment.arms]
    if any_discovers(experiment.arms):
        blocks.append(experiment.disentangle)
    return all(blocks) and all(arm.choices for arm in experiment.arms)
