"""One wrong value is one fault, of however many types it might have been."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from detaux.suite.unions import one_per_value

Value = int | float | str | list[str]
ALL = "Input should be a whole number, a number, a word or a list of words"


class Options(BaseModel):
    model_config = ConfigDict(strict=True, allow_inf_nan=False, extra="forbid")
    single: int = 0
    many: dict[str, Value]


def errors_of(written: Any) -> list[tuple[Any, ...]]:
    with pytest.raises(ValidationError) as refusal:
        TypeAdapter(Options).validate_python(written)
    found = one_per_value(written, refusal.value.errors(include_url=False))
    return [(error["loc"], error["input"], error["msg"]) for error in found]


@pytest.mark.parametrize("value", [None, True, [1, 2], {"a": 1}, ["a", None]])
def test_a_value_of_no_type_names_all(value: object) -> None:
    assert errors_of({"many": {"k": value}}) == [(("many", "k"), value, ALL)]


def test_a_value_of_a_right_type_names_what_is_wrong_with_it() -> None:
    ((place, _, text),) = errors_of({"many": {"k": float("nan")}})
    assert (place, text) == (("many", "k"), "Input should be a finite number")


def test_other_errors_stay_as_they_are() -> None:
    found = errors_of({"many": {"a": None, "b": 1, "int": True}, "single": "x", "str": 3})
    assert [place for place, *_ in found] == [("single",), ("str",), ("many", "a"), ("many", "int")]


def test_an_error_of_what_is_missing_stays() -> None:
    assert errors_of({}) == [(("many",), {}, "Field required")]
