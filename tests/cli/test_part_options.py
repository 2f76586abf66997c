from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, make_dataclass
from typing import Any, Literal

import pytest

from detaux.cli.part_options import PartOption, options_of, type_words
from detaux.suite.catalogue import REGISTRIES, registry


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    size: int
    """Of the base,
    on two lines."""
    rate: float = 0.5
    """Of the base."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made(Base):
    rate: float = 1.0
    """Of its own."""
    bare: bool = True
    names: tuple[str, ...] = ("ä", "b")
    """Names."""
    made: int = field(init=False, default=3)
    """No option."""


def test_options_are_told_with_type_default_and_the_string_below() -> None:
    assert list(options_of(Made)) == [
        PartOption(name="size", type="whole number", default=None, text="Of the base, on two lines."),
        PartOption(name="rate", type="number", default="1.0", text="Of its own."),
        PartOption(name="bare", type="true or false", default="true", text=""),
        PartOption(name="names", type="list of text", default='["ä", "b"]', text="Names."),
    ]


def test_a_class_without_source_has_options_without_text() -> None:
    (option,) = options_of(make_dataclass("Made", [("size", int, 3)]))
    assert (option.name, option.default, option.text) == ("size", "3", "")


def test_a_function_has_no_options() -> None:
    assert list(options_of(len)) == []


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (str | None, "text or null"),
        (Literal["stop", "skip"], "stop or skip"),
        (tuple[str, str], "list of text, text"),
        (tuple[int | float, ...], "list of whole numbers or numbers"),
        (Mapping[str, int | float], "mapping of text to whole number or number"),
        (list[int], "list[int]"),
    ],
)
def test_types_are_told_in_words(hint: Any, words: str) -> None:
    assert type_words(hint) == words


@pytest.mark.parametrize("kind", REGISTRIES)
def test_every_option_of_every_part_has_a_text(kind: str) -> None:
    for entry in registry(kind):
        told = list(options_of(entry.part))
        assert all(option.text for option in told), entry.name
        if is_dataclass(entry.part):
            assert {option.name for option in told} == {made.name for made in fields(entry.part) if made.init}
