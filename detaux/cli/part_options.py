"""What may be set of a registered part: its dataclass fields, and the strings that stand below them in its source."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_WORDS: Mapping[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    NoneType: "null",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PartOption:
    """One option as a user writes it."""

    name: str
    """Key in a suite, or of `--option`."""
    type: str
    """In words, such as `text or null`."""
    default: str | None
    """In YAML; None where the option must be given."""
    text: str
    """What it means; empty where the source does not say."""


def options_of(part: Any) -> Iterator[PartOption]:
    """Tell the options of a part in the order of its fields; a function has none."""
    if not dataclasses.is_dataclass(part) or not isinstance(part, type):
        return
    hints, texts = get_type_hints(part), _texts(part)
    for field in dataclasses.fields(part):
        if field.init:
            yield PartOption(
                name=field.name,
                type=type_words(hints[field.name]),
                default=_default(field),
                text=texts.get(field.name, ""),
            )


def type_words(hint: Any) -> str:
    """Say in words which values a type has."""
    made_of, of = get_origin(hint), get_args(hint)
    if made_of is Literal:
        return " or ".join(map(str, of))
    if made_of in {Union, UnionType}:
        return " or ".join(map(type_words, of))
    if made_of is tuple:
        items = ", ".join(type_words(item) for item in of if item is not ...)
        return f"list of {items.replace('number', 'numbers')}"
    if made_of is not None and issubclass(made_of, Mapping):
        return "mapping of {} to {}".format(*map(type_words, of))
    return _WORDS.get(hint, str(hint))


def _default(field: dataclasses.Field[Any]) -> str | None:
    from detaux.suite.parts import default_of

    default = default_of(field)
    return None if default is dataclasses.MISSING else json.dumps(default, ensure_ascii=False, default=str)


def _texts(part: type) -> dict[str, str]:
    """Return the string below each field, those of the part itself over those of its bases."""
    texts: dict[str, str] = {}
    for made in reversed(part.__mro__):
        if dataclasses.is_dataclass(made):
            texts |= _own_texts(made)
    return texts


def _own_texts(made: type) -> dict[str, str]:
    try:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(made))).body
    except (OSError, TypeError):
        return {}
    texts = {}
    for pair in itertools.pairwise(getattr(tree, "body", [])):
        match pair:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                texts[name] = " ".join(text.split())
    return texts
