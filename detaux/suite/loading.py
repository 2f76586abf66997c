"""Read YAML as people mean it: 1e-3 is a number, `no` is a word, and a key stands once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import yaml

from detaux.suite.faults import Fault, Place, fail, raise_faults

Keys = tuple[str | int, ...]
"""Keys and indices that lead to a value inside a document."""

_NUMBER = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
_SCALARS = {
    "tag:yaml.org,2002:bool": (re.compile(r"true|false"), "tf"),
    "tag:yaml.org,2002:int": (re.compile(r"[-+]?[0-9]+"), "-+0123456789"),
    "tag:yaml.org,2002:float": (re.compile(_NUMBER + r"|[-+]?\.inf|\.nan"), "-+0123456789."),
    "tag:yaml.org,2002:null": (re.compile(r"null|~|"), "n~"),
}


class SuiteLoader(yaml.SafeLoader):
    """PyYAML's safe loader with the scalars of YAML 1.2; integers are tried before floats."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own attribute


for _tag, (_pattern, _first) in _SCALARS.items():
    _first_letters = [*_first, ""] if _tag.endswith("null") else list(_first)
    SuiteLoader.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern.pattern})\Z"), _first_letters)


def _as_int(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


def _as_float(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> float:
    return float(loader.construct_scalar(node).replace(".inf", "inf").replace(".nan", "nan"))


SuiteLoader.add_constructor("tag:yaml.org,2002:int", _as_int)
SuiteLoader.add_constructor("tag:yaml.org,2002:float", _as_float)


def read_yaml(file: File) -> tuple[Any, dict[Keys, Place]]:
    """Read a file, and note where each of its values stands.

    Returns:
        The content as plain values, and the place of every value in it by its keys; `()` is the whole.

    Raises:
        SuiteError: If the file is missing, is not YAML, says a key twice, or uses anchors and aliases
            (`extends:` and `variants:` serve instead, and an alias may unfold without bound).
    """
    root = _compose(file)
    places: dict[Keys, Place] = {}
    faults = list(_walk(root, (), str(file), places))
    raise_faults(faults)
    return _construct(root, file), places


def parse_value(text: str) -> Any:
    """Read one value as a suite would: `3`, `1e-3`, `[0, 1]`, `{name: kmeans}`.

    Raises:
        yaml.YAMLError: If it is no YAML.
    """
    return yaml.load(text, Loader=SuiteLoader)  # noqa: S506 - a safe loader, with other numbers


def dotted(keys: Keys) -> str:
    """Write keys the way faults show them: `learn.arms[1].auxiliary`."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")


def _compose(file: File) -> yaml.Node:
    top = Place(file=str(file), line=1, path="")
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        fail(top, f"cannot be read ({fault}); `detaux list suites` shows what there is")
    try:
        for event in yaml.parse(text, Loader=SuiteLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                fail(
                    _at(file, event.start_mark),
                    "anchors and aliases are not read; use `extends:` or `variants:`",
                )
        root = yaml.compose(text, Loader=SuiteLoader)
    except yaml.MarkedYAMLError as fault:
        fail(_at(file, fault.problem_mark), f"is not YAML: {fault.problem}")
    if not isinstance(root, yaml.MappingNode):
        fail(top, "a suite is a mapping of keys to values, and begins with `suite: NAME`")
    return root


def _at(file: File, mark: Any) -> Place:
    return Place(file=str(file), line=mark.line + 1 if mark else 1, path="")


def _walk(node: yaml.Node, keys: Keys, file: str, places: dict[Keys, Place]) -> Iterator[Fault]:
    places.setdefault(keys, Place(file=file, line=node.start_mark.line + 1, path=dotted(keys)))
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*keys, index), file, places)
    elif isinstance(node, yaml.MappingNode):
        for key, item in node.value:
            here = (*keys, str(key.value))
            place = Place(file=file, line=key.start_mark.line + 1, path=dotted(here))
            if key.tag != "tag:yaml.org,2002:str":
                yield Fault(place=place, text=f"the key {key.value!r} must be a word; put it in quotes")
            if here in places:
                yield Fault(place=place, text=f"is said twice, first in line {places[here].line}; remove one")
            places[here] = place
            yield from _walk(item, here, file, places)


def _construct(root: yaml.Node, file: File) -> Any:
    try:
        return SuiteLoader("").construct_document(root)
    except yaml.MarkedYAMLError as fault:
        fail(_at(file, fault.problem_mark), str(fault.problem))
