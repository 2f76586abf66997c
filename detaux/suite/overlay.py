"""One document laid over another, and single values replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from detaux.suite.documents import Document
from detaux.suite.faults import Place
from detaux.suite.nodes import Keys


def overlay(base: Document, over: Document) -> Document:
    """Lay one document over another: mappings are merged key by key, everything else is replaced.

    Inside a block, a mapping with another `name` is another part, whose options are others: it replaces the base's.
    The merged values keep the places where they were written.
    """
    return _laid(base, over, _replacements(base.data, over.data, ()))


def set_path(document: Document, path: str, value: Any, place: Place) -> Document:
    """Return the document with the value at a dotted path replaced; a part that was a bare name can take options."""
    keys: Keys = tuple(path.split("."))
    places = {keys[:end]: place for end in range(len(keys) + 1)}
    return _laid(document, Document(data={}, places=places), [(keys, value)])


def _laid(base: Document, over: Document, replacements: Iterable[tuple[Keys, Any]]) -> Document:
    data, places = dict(base.data), dict(base.places)
    for keys, value in replacements:
        _put(data, keys, value)
        places = {found: place for found, place in places.items() if found[: len(keys)] != keys}
        places |= {found: place for found, place in over.places.items() if found[: len(keys)] == keys}
    return Document(data=data, places=places | {(): over.places[()]}, faults=base.faults + over.faults)


def _replacements(base: Any, over: Any, keys: Keys) -> Iterator[tuple[Keys, Any]]:
    for key, value in over.items():
        here, below = (*keys, key), base.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping) and not (keys and _differ(below, value)):
            yield from _replacements(below, value, here)
        else:
            yield here, value


def _differ(base: Mapping[Any, Any], over: Mapping[Any, Any]) -> bool:
    """Say whether two mappings name different parts."""
    return "name" in base and "name" in over and base["name"] != over["name"]


def _put(data: dict[Any, Any], keys: Keys, value: Any) -> None:
    """Set a nested value, copying the mappings on the way so that no other document changes."""
    for key in keys[:-1]:
        data[key] = _as_mapping(data.get(key))
        data = data[key]
    data[keys[-1]] = value


def _as_mapping(value: Any) -> dict[Any, Any]:
    if isinstance(value, str):
        return {"name": value}
    return dict(value) if isinstance(value, Mapping) else {}
