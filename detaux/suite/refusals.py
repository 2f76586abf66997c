"""Parts that refuse something: an option, a fault there and its default in its place; or what else they are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from detaux.core.errors import DataError
from detaux.suite.bounds import check_options
from detaux.suite.nodes import Keys
from detaux.suite.parts import Part, build_part, has_default
from detaux.suite.reader import Reader


def part_or_fault(
    reader: Reader, keys: Keys, part: tuple[str, str], written: Mapping[str, Any]
) -> Part | None:
    """Build a part of a kind and name; an option that it refuses is a fault.

    The option's default then takes its place, so that what depends on the part is checked all the same.
    """
    try:
        check_options(written)
        return build_part(*part, written)
    except (TypeError, ValueError) as refusal:
        text = str(refusal)
    optional = tuple(option for option in written if has_default(*part, option))
    named = _named_in(text, tuple(written))
    if not any(_was_shortened(reader, (*keys, option), written[option]) for option in named):
        reader.fault((*keys, *named), text.removeprefix("".join(f"{option}: " for option in named)))
    if not set(named) & set(optional):
        return None
    return part_or_fault(
        reader, keys, part, {key: value for key, value in written.items() if key not in named}
    )


def note_refusal(
    reader: Reader, keys: Keys, check: Callable[[Any], None], value: object, *, see: str = ""
) -> None:
    """Note it as a fault if a check refuses a value.

    Args:
        reader: Told of it.
        keys: Where the fault is.
        check: Raises what it refuses.
        value: What to ask it.
        see: Where else the user might look, as a dotted path.
    """
    try:
        check(value)
    except (DataError, ValueError) as refusal:
        reader.fault(keys, f"{refusal}; see {see}" if see else str(refusal))


def _named_in(text: str, options: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first option that a refusal is about, if any, to point at its line."""
    words = (word.strip("`'\":,") for word in text.partition(" must ")[0].split())
    return tuple(word for word in words if word in options)[:1]


def _was_shortened(reader: Reader, keys: Keys, value: Any) -> bool:
    """Say whether a list lacks items that were left out as faulty, which was told."""
    whole = reader.document.get(keys)
    is_shorter = isinstance(value, list) and isinstance(whole, list) and len(value) < len(whole)
    return is_shorter and reader.is_faulty(keys)
