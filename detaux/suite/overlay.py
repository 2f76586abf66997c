"""One document laid over another, and single values replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from detaux.suite.documents import Document
from detaux.suite.faults import Place, fail
from detaux.suite.nodes import Keys, dotted, undotted


def overlay(base: Document, over: Document) -> Document:
    """Lay one document over another: mappings are merged key by key, everything else is replaced.

    Inside a block, a mapping with another `name` is another part, whose options are others: it replaces the base's.
    The merged values keep the places where they were written.
    """
    return _laid(base, over, _replacements(base.data, over.data, ()))


def set_path(document: Document, path: str, value: Any, place: Place) -> Document:
    """Return the document with the value at a dotted path replaced; a part that was a bare name can take options.

    An item of a list is named by its place in it, counted from 0, as in `learn.arms[1].weighting`.

    Raises:
        SuiteError: If there is no such item, or none of a list is named.
    """
    keys = undotted(path)
    text = item_refusal(document, keys)
    if text:
        fail(place, text)
    places = {keys[:end]: place for end in range(len(keys) + 1)}
    return _laid(document, Document(data={}, places=places), [(keys, value)])


def item_refusal(document: Document, keys: Keys) -> str | None:
    """Return why keys do not lead through the lists on the way; None where they do."""
    for end, key in enumerate(keys):
        path, found = dotted(keys[:end]), document.get(keys[:end])
        if isinstance(key, str):
            if isinstance(found, list):
                return f"{path} is a list; name one of its items, as {path}[0], or write it whole"
        elif not isinstance(found, list):
            return f"{path} is no list; leave the brackets out"
        elif key >= len(found):
            return f"{path} has {len(found)} items, counted from 0; write another place, or the list whole"
    return None


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
    """Set a nested value, copying the mappings and lists on the way so that no other document changes."""
    holder: Any = data
    for key, below in pairwise(keys):
        inside = holder[key] if isinstance(key, int) else holder.get(key)
        holder[key] = list(inside) if isinstance(below, int) else _as_mapping(inside)
        holder = holder[key]
    holder[keys[-1]] = value


def _as_mapping(value: Any) -> dict[Any, Any]:
    if isinstance(value, str):
        return {"name": value}
    return dict(value) if isinstance(value, Mapping) else {}
