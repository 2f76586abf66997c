"""Factors that data, split and arms name."""

from __future__ import annotations

from detaux.learn.labels.nesting import not_coarser
from detaux.suite.choices import Choice
from detaux.suite.experiment import Arm
from detaux.suite.facts import Facts, divided_class_of
from detaux.suite.faults import guess
from detaux.suite.reader import Reader


def check_factors(reader: Reader, data: Choice, facts: Facts, arms: tuple[Arm, ...]) -> tuple[bool, bool]:
    """Note every factor that is unknown, or cannot be what it is to be, as a fault.

    Returns:
        Whether the principal factors are sound, and whether those are that the split holds out.
    """
    has_principal = _check_principal(reader, data, facts)
    has_held_out = _check_held_out(reader, data, facts)
    for arm in arms:
        _check_factor_arm(reader, arm, facts, tuple(data.config["principal"]))
    return has_principal, has_held_out


def check_classes(reader: Reader, data: Choice, facts: Facts, arms: tuple[Arm, ...]) -> None:
    """Note every labelling that an arm takes for a coarser one than the principal classes, and is none, as a fault."""
    for arm in arms:
        for choice in arm.choices:
            name = getattr(choice.parts["auxiliary"].built, "labelling", None)
            if name in facts.factor_names and (divided := divided_class_of(data, name)) is not None:
                reader.fault((*choice.keys, "auxiliary"), not_coarser(name, divided))


def factor_learnt(choice: Choice) -> str | None:
    """Return the factor whose values are the classes of an arm's auxiliary task; None where it is no factor's."""
    source = choice.parts["auxiliary"].built
    return getattr(source, "factor", None) or getattr(source, "labelling", None)


def _check_principal(reader: Reader, data: Choice, facts: Facts) -> bool:
    principal, keys = tuple(data.config["principal"]), (*data.keys, "principal")
    held_out = data.parts["split"].built.held_out()
    if not principal and reader.document.get(keys) == []:
        reader.fault(keys, f"names no factor; choose among {', '.join(facts.factor_names)}")
    texts = [
        _unfit(name, facts, held_out, again=name in principal[:place]) for place, name in enumerate(principal)
    ]
    for text in filter(None, texts):
        reader.fault(keys, text)
    return bool(principal) and not any(texts)


def _check_held_out(reader: Reader, data: Choice, facts: Facts) -> bool:
    held_out = data.parts["split"].built.held_out()
    unknown = [name for name in held_out if name not in facts.factor_names]
    for name in unknown:
        reader.fault((*data.keys, "split"), f"unknown factor {name!r}; {guess(name, facts.factor_names)}")
    return not unknown


def _unfit(name: str, facts: Facts, held_out: tuple[str, ...], *, again: bool) -> str | None:
    """Return why a factor can be no part of the principal task, if it cannot."""
    names = facts.factor_names
    free = ", ".join(other for other in names if other not in held_out and _varies(other, facts))
    if name not in names:
        return f"unknown factor {name!r}; {guess(name, names)}"
    if again:
        return f"names {name!r} once more; remove one"
    if name in held_out:
        return f"{name!r} is held out by the split, so no training image shows it all; choose among {free}"
    if not _varies(name, facts):
        return f"{name!r} has a single value here, so no classes to tell apart; keep more values, or choose among {free}"
    return None


def _check_factor_arm(reader: Reader, arm: Arm, facts: Facts, principal: tuple[str, ...]) -> None:
    for choice in arm.choices:
        name = factor_learnt(choice)
        may_be_part = hasattr(choice.parts["auxiliary"].built, "labelling") and len(principal) > 1
        if name is not None and (text := _no_task(name, facts, () if may_be_part else principal)):
            reader.fault((*choice.keys, "auxiliary"), text)


def _no_task(name: str, facts: Facts, taken: tuple[str, ...]) -> str | None:
    """Return why a factor can be no auxiliary task, if it cannot."""
    names = facts.factor_names
    others = tuple(other for other in names if other not in taken and _varies(other, facts))
    free = f"choose among {', '.join(others)}" if others else "this data set has no other: leave the arm out"
    if name not in names:
        return f"unknown factor {name!r}; {guess(name, others) if others else free}"
    if name in taken:
        return f"{name!r} is part of the principal task; {free}"
    if not _varies(name, facts):
        return f"{name!r} has a single value here, so there is nothing to learn; {free}"
    return None


def _varies(name: str, facts: Facts) -> bool:
    return facts.factor_sizes[facts.factor_names.index(name)] > 1
