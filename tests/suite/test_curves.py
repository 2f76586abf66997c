from __future__ import annotations

import pytest

from detaux.suite.curves import POINTS, thin_losses


@pytest.mark.parametrize("num_rows", [1, POINTS, POINTS + 1, 100, 101])
def test_a_curve_keeps_its_end_its_mean_and_few_points(num_rows: int) -> None:
    losses = [{"step": 10 * (row + 1), "principal": float(row % 5)} for row in range(num_rows)]
    points = list(thin_losses(losses))
    assert len(points) <= POINTS
    assert points[-1]["step"] == 10 * num_rows
    if num_rows == 100:
        assert [point["value"] for point in points] == [2.0] * POINTS


def test_terms_that_some_rows_lack_are_averaged_over_the_others() -> None:
    losses = [{"step": step, "principal": 1.0} for step in range(1, 41)]
    losses[2]["gradient_cosine"] = -0.5
    cosines = [point for point in thin_losses(losses) if point["term"] == "gradient_cosine"]
    assert cosines == [{"step": 4, "term": "gradient_cosine", "value": -0.5}]


def test_a_history_without_losses_has_no_curve() -> None:
    assert not list(thin_losses([]))
