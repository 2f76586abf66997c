from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from detaux.report.published import load_published, published_frame

_FIGURE: dict[str, Any] = {
    "table": "auxiliary",
    "dataset": "cifar10",
    "setting": "1000 labels",
    "method": "STL",
    "metric": "accuracy",
    "value": 79.0,
    "spread": 0.3,
    "source": "made up for a test",
}


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(79.0, "inside our interval"), (90.0, "above our interval"), (50.0, "below our interval")],
)
def test_verdict_says_where_the_published_figure_lies(
    value: float, verdict: str, made_up: Any, tmp_path: Path
) -> None:
    made_up.add("stl", [0.78, 0.79, 0.80], dataset="folder:cifar10")
    frame = published_frame(made_up.results(tmp_path), pd.DataFrame([_FIGURE | {"value": value}]))
    assert frame["verdict"].item() == verdict
    assert frame["mean"].item() == pytest.approx(79)


def test_rendered_data_are_never_compared(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.78, 0.79, 0.80], dataset="cifar10", rendered=True)
    assert published_frame(made_up.results(tmp_path), pd.DataFrame([_FIGURE])).empty


def test_another_number_of_labels_is_not_compared(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.78, 0.79, 0.80], dataset="folder:cifar10", **{"learn.train_size": 200})
    assert published_frame(made_up.results(tmp_path), pd.DataFrame([_FIGURE])).empty


def test_the_figures_kept_here_have_what_a_comparison_needs() -> None:
    figures = load_published(Path(__file__).parents[2] / "results" / "published")
    assert set(_FIGURE) <= set(figures.columns)
    assert figures["source"].notna().all()


def test_no_figures_no_comparison(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5])
    assert published_frame(made_up.results(tmp_path), load_published(tmp_path)).empty
