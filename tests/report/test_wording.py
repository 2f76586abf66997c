from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from detaux.report import wording
from detaux.report.headline import headlines, verdict

_MINUS = "\N{MINUS SIGN}"
_COMPARISON: dict[str, Any] = {
    "experiment": "digits",
    "arm": "detaux",
    "setting": "",
    "role": "discovered",
    "n": 5,
    "models": 5,
    "units": 6,
    "smallest_p": 1 / 32,
    "counted_n": 0,
    "counted_points": None,
    "gain_points": 4.0,
    "gain_low": 1.0,
    "gain_high": 7.0,
    "p_holm": 0.01,
    "shared_models": False,
}


@pytest.mark.parametrize(
    ("value", "said"),
    [(1.25, "+1.2"), (-0.34, f"{_MINUS}0.3"), (0.04, "0.0"), (-0.04, "0.0"), (None, wording.NOTHING)],
)
def test_signed(value: float | None, said: str) -> None:
    assert wording.signed(value) == said


@pytest.mark.parametrize(
    ("p", "said"), [(0.0001, "<0.001"), (0.0625, "0.062"), (0.25, "0.25"), (1.0, "1.00")]
)
def test_probability(p: float, said: str) -> None:
    assert wording.probability(p) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "a gain, by interval and test"),
        ({"p_holm": 0.25}, "does not confirm"),
        (
            {"p_holm": 1.0, "units": 3, "smallest_p": 0.25},
            "no test of 3 independent pairs can confirm: its smallest p is 0.25",
        ),
        ({"gain_low": -1.0}, "no gain shown"),
        ({"gain_low": -7.0, "gain_high": -1.0}, "a loss, by interval and test"),
        ({"gain_low": None, "gain_high": None, "n": 2}, "too few"),
        ({"n": 0}, "not run"),
    ],
)
def test_verdict_is_true_to_the_numbers(changes: dict[str, Any], said: str) -> None:
    assert said in verdict(_COMPARISON | changes)


def test_headline_does_not_pick_among_many_settings() -> None:
    gains = pd.DataFrame(
        [_COMPARISON | {"setting": str(place), "gain_low": place - 3.0} for place in range(6)]
    )
    (sentence,) = headlines(gains)
    assert "of 6 settings" in sentence
    assert "2 have an interval above 0" in sentence


def test_headline_counts_runs_that_found_no_task() -> None:
    (sentence,) = headlines(pd.DataFrame([_COMPARISON | {"counted_n": 7, "counted_points": 2.9}]))
    assert "(2 more runs found no task; counted as gain 0, +2.9 points)" in sentence


def test_headline_says_so_where_nothing_ran() -> None:
    (sentence,) = headlines(pd.DataFrame([_COMPARISON | {"n": 0}]))
    assert "no run on discovered labels has a gain yet" in sentence
