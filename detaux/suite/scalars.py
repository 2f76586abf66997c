"""Single values of YAML as people mean them: 1e-3 is a number, and `no` is a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from detaux.suite.faults import shown

_CORE = "tag:yaml.org,2002:"
_MAX_DIGITS = 18
_NUMBER = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
_PATTERNS = {
    "bool": (re.compile(r"true|false"), "tf"),
    "int": (re.compile(r"[-+]?[0-9]+"), "-+0123456789"),
    "float": (re.compile(_NUMBER + r"|[-+]?\.inf|\.nan"), "-+0123456789."),
    "null": (re.compile(r"null|~|"), "n~"),
}


class SuiteLoader(yaml.SafeLoader):
    """PyYAML's safe loader with the scalars of YAML 1.2; integers are tried before floats."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own attribute


for _kind, (_pattern, _first) in _PATTERNS.items():
    _first_letters = [*_first, ""] if _kind == "null" else list(_first)
    SuiteLoader.add_implicit_resolver(_CORE + _kind, re.compile(rf"(?:{_pattern.pattern})\Z"), _first_letters)


def _float(text: str) -> float:
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


_MAKERS: Mapping[str, Callable[[str], Any]] = {
    "bool": lambda text: text == "true",
    "int": int,
    "float": _float,
    "null": lambda _: None,
}


def scalar_value(node: yaml.ScalarNode) -> Any:
    """Return what a single value means.

    Raises:
        ValueError: If it is not what its tag says, too long a number, or no text; the message names the remedy.
    """
    kind, text = node.tag.removeprefix(_CORE), node.value
    if kind == "str":
        return _checked_text(text)
    if kind not in _PATTERNS:
        raise ValueError(f"has the tag {node.tag!r}, which is not read; leave the tag out")
    if not _PATTERNS[kind][0].fullmatch(text):
        raise ValueError(
            f"is {shown(text)}, which is no {kind}; leave the tag '!!{kind}' out, or mend the value"
        )
    if kind == "int" and len(text) > _MAX_DIGITS:
        raise ValueError(f"is an integer of {len(text)} digits; write one of at most {_MAX_DIGITS}")
    return _MAKERS[kind](text)


def is_plain(tag: str) -> bool:
    """Say whether a tag is that of a plain mapping or list."""
    return tag in {f"{_CORE}map", f"{_CORE}seq"}


def _checked_text(text: str) -> str:
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError(f"is {shown(text)}, which holds a character that is none; remove it")
    return text
