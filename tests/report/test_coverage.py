from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from detaux.metrics.intervals import mean_interval
from detaux.report.coverage import held_share, say_coverage


@pytest.mark.parametrize("pairs", [3, 5, 10])
def test_a_nominal_interval_holds_the_truth_as_often_as_is_said(pairs: int) -> None:
    samples = np.random.default_rng(0).normal(size=(500, pairs))
    found = [mean_interval(sample, seed=place) for place, sample in enumerate(samples)]
    held = [interval.low <= 0 <= interval.high for interval in found if interval.low and interval.high]
    assert np.mean(held) == pytest.approx(held_share(pairs), abs=0.06)


def test_between_the_simulated_counts_and_beyond_them() -> None:
    assert held_share(9) == pytest.approx((held_share(8) + held_share(10)) / 2)
    assert held_share(1000) == held_share(30)


def _comparisons(units: list[int], *, conditional: bool = False, models: int = 0) -> pd.DataFrame:
    return pd.DataFrame({"units": units, "gain_low": 1.0, "conditional": conditional, "models": models})


def test_says_the_range_where_comparisons_rest_on_unlike_numbers_of_pairs() -> None:
    said = say_coverage(_comparisons([5, 3, 4]))
    assert "With 3 to 5 independent pairs" in said
    assert "about 75 to 84 % of the time" in said


def test_runs_of_two_models_that_are_kept_are_worth_two_fewer() -> None:
    draws = np.random.default_rng(0).normal(size=(500, 6))
    found = [mean_interval(draw, clusters=list("aaabbb"), seed=place) for place, draw in enumerate(draws)]
    held = np.mean(
        [interval.low <= 0 <= interval.high for interval in found if interval.low and interval.high]
    )
    said = say_coverage(_comparisons([6], conditional=True, models=2))
    assert f"about {100 * held_share(4):.0f} %" in said
    assert held == pytest.approx(held_share(4), abs=0.06)
    assert f"about {100 * held_share(6):.0f} %" in say_coverage(_comparisons([6], conditional=True, models=1))


def test_says_nothing_where_no_interval_is_there() -> None:
    assert not say_coverage(_comparisons([2]).assign(gain_low=np.nan))
    assert not say_coverage(pd.DataFrame())
