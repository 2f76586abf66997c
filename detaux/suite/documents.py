"""A suite as written: plain values that know where they stand, laid over a base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detaux.suite.faults import Fault, Place
from detaux.suite.nodes import Keys


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """Values and the place of each."""

    data: Mapping[str, Any]
    """The content: mappings, lists, words, numbers, booleans, None."""
    places: Mapping[Keys, Place]
    """Where each value is written, by the keys that lead to it here."""
    faults: tuple[Fault, ...] = ()
    """What was wrong with single keys and values when it was read."""

    def place(self, keys: Keys) -> Place:
        """Return where a value is written; for keys that lead nowhere, where the nearest value around it is."""
        for end in range(len(keys), 0, -1):
            if keys[:end] in self.places:
                return self.places[keys[:end]]
        return self.places[()]

    def get(self, keys: Keys) -> Any:
        """Return the value that keys lead to, or None."""
        value: Any = self.data
        for key in keys:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def under(self, keys: Keys) -> Document:
        """Return the mapping that keys lead to as a document of its own."""
        depth = len(keys)
        places = {found[depth:]: place for found, place in self.places.items() if found[:depth] == keys}
        return Document(data=self.get(keys), places={(): self.place(keys)} | places)

    def only(self, names: frozenset[str]) -> Document:
        """Return the document without the other top-level keys."""
        data = {key: value for key, value in self.data.items() if key in names}
        places = {keys: place for keys, place in self.places.items() if not keys or keys[0] in names}
        return Document(data=data, places=places)
