"""What the page says of the split: the rule, and what it held out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from detaux.report.api import write_report
from detaux.report.page.splitting import say_split

_HOLD_OUT = {
    "split": {"name": "hold_out", "factor": "domain", "values": [1, 3]},
    "value_names": {"domain": ["art", "cartoon", "photo", "sketch"]},
}


def test_names_the_factor_and_the_values_held_out() -> None:
    assert say_split(pd.DataFrame([{"arm": "stl"}]), _HOLD_OUT) == "hold_out, domain = cartoon and sketch"
    by_name = _HOLD_OUT | {"split": {"name": "hold_out", "factor": "domain", "values": ["sketch", 2]}}
    assert say_split(pd.DataFrame([{"arm": "stl"}]), by_name) == "hold_out, domain = sketch and photo"
    unnamed = _HOLD_OUT | {"value_names": {}}
    assert say_split(pd.DataFrame([{"arm": "stl"}]), unnamed) == "hold_out, domain = 1 and 3"


def test_options_left_at_their_defaults_are_told_and_those_left_open_are_not() -> None:
    columns = {"data.split.name": "compositional", "data.split.factors": "floor_hue, wall_hue"}
    runs = pd.DataFrame([columns | {"data.split.validation": 0.1, "data.split.train_size": None}])
    said = "compositional, factors floor_hue, wall_hue, validation 0.1"
    assert say_split(runs, {}) == say_split(runs, {"split": {"name": "compositional"}}) == said


def test_says_nothing_of_a_split_that_is_not_known() -> None:
    assert not say_split(pd.DataFrame([{"arm": "stl"}]), {})


def test_page_names_the_split_even_without_a_store(made_up: Any, tmp_path: Path) -> None:
    columns = {"data.split.name": "hold_out", "data.split.factor": "domain", "data.split.values": [3]}
    made_up.add("stl", [0.5], **columns)
    page = write_report(made_up.save(tmp_path / "results"), tmp_path / "nowhere", tmp_path / "out")
    assert "<dt>Split</dt><dd>hold_out, factor domain, values 3</dd>" in page.read_text()
