"""Faults of a suite file: where, what was found, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn

from detaux.core.errors import SuiteError

_MOST_SHOWN = 120


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Place:
    """Where a value is written."""

    file: str
    """File, as the user named it or as `extends:` reached it."""
    line: int
    """Line in that file, counted from 1."""
    path: str
    """Keys that lead to the value there, such as `learn.arms[1].auxiliary`."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}" if self.path else f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Fault:
    """One thing wrong with a suite."""

    place: Place
    """Where it is written."""
    text: str
    """The value found and the remedy, in one or two sentences."""

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def raise_faults(faults: Iterable[Fault]) -> None:
    """Raise one error that tells all faults, by file and line; do nothing if there are none.

    Raises:
        SuiteError: If there is at least one fault.
    """
    unique = sorted(set(faults))
    if unique:
        count = f"{len(unique)} faults" if len(unique) > 1 else "1 fault"
        raise SuiteError(f"{count}, nothing was started:\n" + "\n".join(f"  {fault}" for fault in unique))


def fail(place: Place, text: str) -> NoReturn:
    """Raise one fault.

    Raises:
        SuiteError: Always.
    """
    raise SuiteError(f"1 fault, nothing was started:\n  {Fault(place=place, text=text)}")


def shown(value: object) -> str:
    """Return a value as a fault shows it: as Python writes it, cut where it is very long."""
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."


def guess(word: object, known: Sequence[str]) -> str:
    """Return the remedy for an unknown word: its near misses, else all that is known."""
    near = difflib.get_close_matches(str(word), known, n=3, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(map(repr, near))}?"
    return f"known: {', '.join(known)}" if known else "nothing is known here"
