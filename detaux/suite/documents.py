"""A suite as written: plain values that know where they stand, laid over a base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from detaux.suite.faults import Place, fail
from detaux.suite.loading import Keys, read_yaml


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """Values and the place of each."""

    data: Mapping[str, Any]
    """The content: mappings, lists, words, numbers, booleans, None."""
    places: Mapping[Keys, Place]
    """Where each value is written, by the keys that lead to it here."""

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
        return Document(data=self.get(keys), places=places)

    def only(self, names: frozenset[str]) -> Document:
        """Return the document without the other top-level keys."""
        data = {key: value for key, value in self.data.items() if key in names}
        places = {keys: place for keys, place in self.places.items() if not keys or keys[0] in names}
        return Document(data=data, places=places)


def overlay(base: Document, over: Document) -> Document:
    """Lay one document over another: mappings are merged key by key, everything else is replaced.

    The merged values keep the places where they were written.
    """
    data, places = dict(base.data), dict(base.places)
    for keys, value in _replacements(base.data, over.data, ()):
        _put(data, keys, value)
        places = {found: place for found, place in places.items() if found[: len(keys)] != keys}
        places |= {found: place for found, place in over.places.items() if found[: len(keys)] == keys}
    return Document(data=data, places=places | {(): over.places[()]})


def set_path(document: Document, path: str, value: Any, place: Place) -> Document:
    """Return the document with the value at a dotted path replaced."""
    keys: Keys = tuple(path.split("."))
    nested: Any = value
    for key in reversed(keys):
        nested = {key: nested}
    places = {keys[:end]: place for end in range(len(keys) + 1)}
    return overlay(document, Document(data=nested, places=places))


def read_document(file: File) -> Document:
    """Read a suite file and all that it extends.

    `extends:` names one file relative to the file that says it, in the same folder, below it, or in the folder
    above (`../base/x.yaml`).

    Raises:
        SuiteError: If a file cannot be read, extends itself in a circle, or reaches further away.
    """
    return _read(file, ())


def _read(file: File, seen: tuple[File, ...]) -> Document:
    data, places = read_yaml(file)
    document = Document(data=data, places=places)
    if "extends" not in data:
        return document
    place = document.place(("extends",))
    base = _base_file(file, data["extends"], place)
    if base.resolve() in (*seen, file.resolve()):
        fail(place, f"{base} extends itself in a circle; remove one `extends:`")
    return overlay(_read(base, (*seen, file.resolve())), document)


def _base_file(file: File, written: Any, place: Place) -> File:
    if not isinstance(written, str):
        fail(place, f"must name one file, but is {written!r}")
    base: File = file.parent / written
    folder = file.resolve().parent.parent
    if File(written).is_absolute() or not base.resolve().is_relative_to(folder):
        fail(place, f"{written!r} lies outside {folder}; keep a base near its suites")
    return base


def _replacements(base: Any, over: Any, keys: Keys) -> Iterator[tuple[Keys, Any]]:
    for key, value in over.items():
        here = (*keys, key)
        if isinstance(value, Mapping) and isinstance(base.get(key), Mapping):
            yield from _replacements(base[key], value, here)
        else:
            yield here, value


def _put(data: dict[Any, Any], keys: Keys, value: Any) -> None:
    """Set a nested value, copying the mappings on the way so that no other document changes."""
    for key in keys[:-1]:
        data[key] = dict(data.get(key, {}))
        data = data[key]
    data[keys[-1]] = value
