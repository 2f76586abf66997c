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
    "conditional": False,
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
        ({}, "a gain, by interval and corrected test"),
        ({"p_holm": 0.25}, "interval excludes 0, not significant (corrected p = 0.25)"),
        (
            {"p_holm": 1.0, "units": 3, "smallest_p": 0.25},
            "interval excludes 0, not significant (of 3 independent pairs no paired test has p under 0.25)",
        ),
        ({"gain_low": -1.0}, "interval includes 0"),
        ({"gain_low": -7.0, "gain_high": -1.0}, "a loss, by interval and corrected test"),
        ({"gain_low": None, "gain_high": None, "n": 2}, "too few"),
        ({"n": 0}, "not run"),
    ],
)
def test_verdict_is_true_to_the_numbers(changes: dict[str, Any], said: str) -> None:
    assert said in verdict(_COMPARISON | changes)


def test_no_gain_is_called_one_that_the_corrected_test_does_not_show() -> None:
    (sentence,) = headlines(pd.DataFrame([_COMPARISON | {"units": 3, "smallest_p": 0.25, "p_holm": 1.0}]))
    assert "a gain" not in sentence
    assert sentence.endswith(
        "With 3 independent pairs a nominal 95 % bootstrap interval holds the truth about 75 % of the time "
        "(normal differences, simulated)."
    )


def test_headline_does_not_pick_among_many_settings() -> None:
    gains = pd.DataFrame(
        [_COMPARISON | {"setting": str(place), "gain_low": place - 3.0} for place in range(6)]
    )
    (sentence,) = headlines(gains)
    assert "of 6 settings" in sentence
    assert "2 have an interval above 0" in sentence
    assert "6 differences significant after correction" in sentence


def test_runs_without_a_score_are_told_by_their_reason() -> None:
    standing = {"no_auxiliary_task": 2, "error": 1, "skipped": 0, "damaged": 0, "missing": 0}
    assert wording.show_shortfalls(standing) == "2 found no task, 1 failed"
    assert not wording.show_shortfalls(dict.fromkeys(standing, 0))


def test_headline_counts_runs_that_found_no_task() -> None:
    (sentence,) = headlines(pd.DataFrame([_COMPARISON | {"counted_n": 7, "counted_points": 2.9}]))
    assert "(2 more runs found no task; counted as gain 0, +2.9 points)" in sentence


def test_headline_says_so_where_nothing_ran() -> None:
    standing = {"no_auxiliary_task": 3, "error": 0, "skipped": 0, "damaged": 0, "missing": 2}
    (sentence,) = headlines(pd.DataFrame([_COMPARISON | standing | {"n": 0}]))
    assert sentence == "digits: no run on discovered labels has a gain (3 found no task, 2 missing)."
