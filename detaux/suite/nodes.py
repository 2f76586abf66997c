"""YAML's nodes as plain values that know their places; what is wrong with one hides nothing of the others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from detaux.suite.faults import Fault, Place
from detaux.suite.scalars import is_plain, scalar_value

Keys = tuple[str | int, ...]
"""Keys and indices that lead to a value inside a document."""
_STEP, _INDEX = re.compile(r"([^\[\]]+)((?:\[[0-9]{1,9}\])+)"), re.compile("[0-9]+")
_WORD = "tag:yaml.org,2002:str"


class Unread:
    """Stands for a value that could not be read; that was told, and no other fault of it is."""

    def __repr__(self) -> str:
        return "unreadable"


UNREAD = Unread()
"""The only one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What a YAML text holds."""

    value: Any
    """Plain values: mappings, lists, words, numbers, booleans, None; `UNREAD` where one could not be read."""
    places: Mapping[Keys, Place]
    """Where each value stands, by its keys; `()` is the whole."""
    faults: tuple[Fault, ...]
    """What is wrong with single keys and values, the rest being read all the same."""


def dotted(keys: Keys) -> str:
    """Write keys the way faults show them: `learn.arms[1].auxiliary`."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")


def undotted(path: str) -> Keys:
    """Return the keys that a dotted path stands for, as faults show them: `learn.arms[1].auxiliary`."""
    keys: list[str | int] = []
    for step in path.split("."):
        found = _STEP.fullmatch(step)
        keys += [found[1], *map(int, _INDEX.findall(found[2]))] if found else [step]
    return tuple(keys)


def read_nodes(root: yaml.Node, file: str) -> Written:
    """Return what a node and all below it mean; of a key that is said twice the first counts."""
    walk = _Walk(file)
    value = walk.value(root, ())
    return Written(value=value, places=walk.places, faults=tuple(walk.faults))


class _Walk:
    """Turns nodes into plain values, noting places and faults on the way."""

    def __init__(self, file: str) -> None:
        self.places: dict[Keys, Place] = {}
        self.faults: list[Fault] = []
        self._file = file

    def value(self, node: yaml.Node, keys: Keys) -> Any:
        place = self.places.setdefault(keys, self._place(node, keys))
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, place)
        if not is_plain(node.tag):
            self._tell(place, f"has the tag {node.tag!r}, which is not read; leave the tag out")
            return UNREAD
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, keys)
        return [self.value(item, (*keys, index)) for index, item in enumerate(node.value)]

    def _scalar(self, node: yaml.ScalarNode, place: Place) -> Any:
        try:
            return scalar_value(node)
        except ValueError as fault:
            self._tell(place, str(fault))
            return UNREAD

    def _mapping(self, node: yaml.MappingNode, keys: Keys) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._tell(
                    self._place(key, keys), "a key must be a word, but one here is a mapping or a list"
                )
                continue
            here = (*keys, key.value)
            place = self._place(key, here)
            if key.tag != _WORD:
                self._tell(place, f"the key {key.value!r} must be a word; put it in quotes")
            elif key.value in found:
                self._tell(place, f"is said twice, first in line {self.places[here].line}; remove one")
            else:
                self.places[here] = place
                found[key.value] = self.value(item, here)
        return found

    def _place(self, node: yaml.Node, keys: Keys) -> Place:
        return Place(file=self._file, line=node.start_mark.line + 1, path=dotted(keys))

    def _tell(self, place: Place, text: str) -> None:
        self.faults.append(Fault(place=place, text=text))
