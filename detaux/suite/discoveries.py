"""The settings of stages one and two that an arm is run with: the suite's, or what its labels want in their place."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from detaux.core.hashing import canonical_json
from detaux.suite.blocks import DISCOVER_DEFAULTS, discover_choice, disentangle_choice
from detaux.suite.catalogue import registry
from detaux.suite.choices import Choice, Point
from detaux.suite.experiment import Experiment, arm_choices, discovery_of, needs_discovery
from detaux.suite.parts import Part, all_options, build_part

_NOWHERE = Point(values={}, positions={})
_KINDS: Mapping[str, str] = {"subspace": "criteria", "clustering": "clusterings"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovered:
    """A setting of stages one and two, for an arm."""

    written: tuple[Choice, ...]
    """As the suite has it: by this, `zip` and `exclude` say whether it is wanted. Empty for arms that need neither."""
    run: tuple[Choice, ...]
    """As the arm is run with it; the same settings where its labels want no others."""


def discoveries(experiment: Experiment, arm: Choice) -> list[Discovered]:
    """Return the settings of stages one and two of an arm; one empty one if it needs neither.

    Those that a method refuses are left out; see `refusals`.
    """
    if not needs_discovery(arm):
        return [Discovered(written=(), run=())]
    pairs = itertools.product(_stage_ones(experiment, arm), _stage_twos(experiment, arm))
    return [Discovered(written=(one[0], two[0]), run=(one[1], two[1])) for one, two in pairs]


def num_discoveries(experiment: Experiment, arm: Choice) -> int:
    """Return how many different settings of stages one and two an arm is run with, 1 if it needs neither."""
    if not needs_discovery(arm):
        return 1
    return _num_different(_stage_ones(experiment, arm)) * _num_different(_stage_twos(experiment, arm))


def refusals(experiment: Experiment, arm: Choice) -> Iterator[str]:
    """Yield why a method in place of the suite's cannot be made with the options that it takes over."""
    for disentangle in experiment.disentangle if needs_discovery(arm) else ():
        try:
            _stage_one(arm, disentangle)
        except ValueError as refusal:
            yield str(refusal)


def stage_ones(experiment: Experiment) -> Iterator[tuple[Choice, bool]]:
    """Yield every setting of stage one that some arm is run with, and whether it is the suite's own; that comes once."""
    wanted = [(choice, discovery_of(choice)) for _, choice in arm_choices(experiment)]
    if any(discovery and not discovery.method for _, discovery in wanted):
        yield from ((disentangle, True) for disentangle in experiment.disentangle)
    for choice, discovery in wanted:
        if discovery and discovery.method:
            yield from ((run, False) for _, run in _stage_ones(experiment, choice))


def _stage_ones(experiment: Experiment, arm: Choice) -> list[tuple[Choice, Choice]]:
    return [*_each(experiment.disentangle, arm, _stage_one)]


def _stage_twos(experiment: Experiment, arm: Choice) -> list[tuple[Choice, Choice]]:
    return [*_each(experiment.discover, arm, _stage_two)]


def _each(
    written: Iterable[Choice], arm: Choice, made: Callable[[Choice, Choice], Choice]
) -> Iterator[tuple[Choice, Choice]]:
    for choice in written:
        try:
            yield choice, made(arm, choice)
        except ValueError:
            continue


def _stage_one(arm: Choice, written: Choice) -> Choice:
    """Return a setting with the method that an arm wants, and those of the written one's options that it has too.

    Raises:
        ValueError: If the method refuses them.
    """
    wanted = discovery_of(arm)
    if wanted is None or not wanted.method:
        return written
    name, options = (
        wanted.method["name"],
        {key: value for key, value in wanted.method.items() if key != "name"},
    )
    own = {field.name for field in dataclasses.fields(registry("disentanglers").get(name))}
    kept = {key: value for key, value in all_options(written.parts["method"]).items() if key in own}
    if "preset" in own and "preset" not in kept:
        raise ValueError(
            f"{written.parts['method'].name} has no net whose form {name} could take over; give disentangle a method with"
            " a preset, or leave this arm out"
        )
    made = disentangle_choice(build_part("disentanglers", name, kept | options), _NOWHERE, keys=_keys(arm))
    return replace(made, positions=written.positions, seeds=written.seeds)


def _stage_two(arm: Choice, written: Choice) -> Choice:
    """Return a setting with what an arm wants changed in it."""
    wanted = discovery_of(arm)
    if wanted is None or not wanted.changes:
        return written
    parts = {role: _part(role, wanted.changes) or part for role, part in written.parts.items()}
    plain = {name: wanted.changes.get(name, written.values[f"discover.{name}"]) for name in DISCOVER_DEFAULTS}
    made = discover_choice(parts, plain, _NOWHERE, keys=_keys(arm))
    return replace(made, positions=written.positions)


def _part(role: str, changes: Mapping[str, Any]) -> Part | None:
    if role not in changes:
        return None
    options = {key: value for key, value in changes[role].items() if key != "name"}
    return build_part(_KINDS[role], changes[role]["name"], options)


def _keys(arm: Choice) -> tuple[str | int, ...]:
    return (*arm.keys, "auxiliary")


def _num_different(pairs: list[tuple[Choice, Choice]]) -> int:
    if all(written is run for written, run in pairs):
        return len(pairs)
    return len({f"{canonical_json(run.config)} {run.seeds}" for _, run in pairs})
