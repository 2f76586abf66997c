"""Factors that data, split and arms name."""

from __future__ import annotations

from detaux.suite.choices import Choice
from detaux.suite.experiment import Arm
from detaux.suite.facts import Facts
from detaux.suite.faults import guess
from detaux.suite.reader import Reader


def check_factors(reader: Reader, data: Choice, facts: Facts, arms: tuple[Arm, ...]) -> bool:
    """Note every factor that is unknown, or cannot be what it is to be, as a fault.

    Returns:
        Whether the data set can be split: principal factors and those of the split are sound.
    """
    principal = tuple(data.config["principal"])
    held_out = data.parts["split"].built.held_out()
    before = len(reader.faults)
    if not principal and reader.document.get((*data.keys, "principal")) == []:
        reader.fault(
            (*data.keys, "principal"), f"names no factor; choose among {', '.join(facts.factor_names)}"
        )
    for place, name in enumerate(principal):
        text = _unfit(name, facts, held_out, again=name in principal[:place])
        if text:
            reader.fault((*data.keys, "principal"), text)
    for name in held_out:
        if name not in facts.factor_names:
            reader.fault((*data.keys, "split"), f"unknown factor {name!r}; {guess(name, facts.factor_names)}")
    is_sound = bool(principal) and len(reader.faults) == before
    for arm in arms:
        _check_factor_arm(reader, arm, facts, principal)
    return is_sound


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
    names = facts.factor_names
    others = tuple(name for name in names if name not in principal and _varies(name, facts))
    free = ", ".join(others) or "none left"
    for choice in arm.choices:
        name, keys = getattr(choice.parts["auxiliary"].built, "factor", None), (*choice.keys, "auxiliary")
        if name is None:
            continue
        if name not in names:
            reader.fault(
                keys, f"unknown factor {name!r}; {guess(name, others) if others else 'none is left here'}"
            )
        elif name in principal:
            reader.fault(keys, f"{name!r} is part of the principal task; choose among {free}")
        elif not _varies(name, facts):
            reader.fault(
                keys, f"{name!r} has a single value here, so there is nothing to learn; choose among {free}"
            )


def _varies(name: str, facts: Facts) -> bool:
    return facts.factor_sizes[facts.factor_names.index(name)] > 1
