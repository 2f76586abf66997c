"""Read the block `learn:` and its arms."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from detaux.suite.block_types import LEARN_DEFAULTS, LEARN_PARTS, learn_type
from detaux.suite.choices import Choice, make_choice, points_of
from detaux.suite.experiment import Arm
from detaux.suite.nodes import Keys
from detaux.suite.parts import Part, build_part, default_of
from detaux.suite.reader import Reader


def read_learn(reader: Reader) -> tuple[tuple[Choice, ...], tuple[Arm, ...]]:
    """Read what all arms share, and the arms."""
    if not reader.has("learn"):
        reader.fault((), "needs 'learn', which is not written; add it")
        return (), ()
    block = reader.parse(("learn",), learn_type())
    if block is None:
        return (), ()
    arms = tuple(
        Arm(name=arm.name or "", choices=tuple(_arm_choices(reader, keys, arm)), keys=keys)
        for keys, arm in _arms(reader, block)
    )
    return tuple(_learn_choices(reader, block)), arms


def _learn_choices(reader: Reader, block: Any) -> Iterator[Choice]:
    for point in points_of(reader, ("learn",), block, skip=frozenset({"arms"})):
        parts = {name: point.values.get(name) or _default(name) for name in LEARN_PARTS}
        written = {name: value for name, value in point.values.items() if name not in parts}
        numbers = _checked_numbers(reader, parts, written)
        yield make_choice("learn", parts, numbers, point, keys=("learn",), defaults=_defaults())


def _arms(reader: Reader, block: Any) -> Iterator[tuple[Keys, Any]]:
    for place, arm in enumerate(block.arms or []):
        yield ("learn", "arms", reader.index(("learn", "arms"), place)), arm


def _arm_choices(reader: Reader, keys: Keys, arm: Any) -> Iterator[Choice]:
    for point in points_of(reader, keys, arm, skip=frozenset({"name"})):
        if "auxiliary" in point.values:
            if point.values["auxiliary"].name == "none" and "weighting" in point.values:
                reader.fault((*keys, "weighting"), "has no auxiliary task to weigh; leave it out")
            parts = {"auxiliary": point.values["auxiliary"]}
            parts["weighting"] = point.values.get("weighting") or _default("weighting")
            yield make_choice("learn", parts, {}, point, keys=keys)


def _default(name: str) -> Part:
    kind = "weightings" if name == "weighting" else LEARN_PARTS[name]
    return build_part(kind, LEARN_DEFAULTS[name], {})


def _checked_numbers(reader: Reader, parts: Mapping[str, Part], written: Mapping[str, Any]) -> dict[str, Any]:
    """Return all plain options of stage three, defaults included; each that is refused is a fault.

    A required one that is missing, which was told already, is stood in for by 1; one that is refused, by its default.
    """
    stand_ins: dict[str, Any] = {
        name: 1 if default is dataclasses.MISSING else default for name, default in _defaults().items()
    }
    numbers = stand_ins | dict(written)
    while (refusal := _refusal(parts, numbers)) is not None:
        word = refusal.split(maxsplit=1)[0]
        reader.fault(("learn", word) if word in numbers else ("learn",), refusal)
        if numbers.get(word) == stand_ins.get(word):
            break
        numbers[word] = stand_ins[word]
    return numbers


def _refusal(parts: Mapping[str, Part], numbers: Mapping[str, Any]) -> str | None:
    """Return why stage three refuses its options, if it does."""
    from detaux.learn.train import LearnOptions

    built = {name: part.built for name, part in parts.items()}
    options = {name: value for name, value in numbers.items() if name != "train_size"}
    try:
        LearnOptions(**built, weighting=_default("weighting").built, **options)
    except ValueError as refusal:
        return str(refusal)
    return None


def _defaults() -> dict[str, Any]:
    from detaux.learn.train import LearnOptions

    parts = {*LEARN_PARTS, "weighting"}
    fields = [field for field in dataclasses.fields(LearnOptions) if field.name not in parts]
    return {"train_size": None} | {field.name: default_of(field) for field in fields}
