from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from detaux.report.published import load_published, published_frame, published_table

_FIGURE: dict[str, Any] = {
    "table": "auxiliary",
    "dataset": "cifar10",
    "record": "folder:cifar10",
    "images": "",
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
    made_up.add("stl", [0.78, 0.79, 0.80], dataset="folder:cifar10", rendered=True)
    assert published_frame(made_up.results(tmp_path), pd.DataFrame([_FIGURE])).empty


def test_another_number_of_labels_is_not_compared(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.78, 0.79, 0.80], dataset="folder:cifar10", **{"learn.train_size": 200})
    assert published_frame(made_up.results(tmp_path), pd.DataFrame([_FIGURE])).empty


def test_the_figures_kept_here_have_what_a_comparison_needs() -> None:
    figures = load_published(Path(__file__).parents[2] / "results" / "published")
    assert set(_FIGURE) <= set(figures.columns)
    assert figures["source"].notna().all()
    assert {"cifar10", "shapes3d", "folder:cifar10", "folder:cifar10-jpeg"} == set(figures["record"])


def test_other_images_stand_beside_the_figure_and_are_not_judged(made_up: Any, tmp_path: Path) -> None:
    figures = load_published(Path(__file__).parents[2] / "results" / "published")
    made_up.add("stl", [0.792, 0.793, 0.794], dataset="folder:cifar10-jpeg", **{"learn.train_size": 5000})
    frame = published_frame(made_up.results(tmp_path), figures)
    assert (frame["images"].item(), frame["published"].item()) == ("CIFAR-10, JPEG re-encoded", 79.31)
    assert frame["verdict"].item() == "not judged, other images"
    assert "CIFAR-10, JPEG re-encoded" in published_table(frame).cells()[0]


def test_a_folder_that_only_starts_like_a_data_set_is_set_beside_nothing(
    made_up: Any, tmp_path: Path
) -> None:
    made_up.add("stl", [0.78, 0.79], dataset="folder:cifar100", **{"learn.train_size": 5000})
    figures = load_published(Path(__file__).parents[2] / "results" / "published")
    assert published_frame(made_up.results(tmp_path), figures).empty


def test_no_figures_no_comparison(made_up: Any, tmp_path: Path) -> None:
    made_up.add("stl", [0.5])
    assert published_frame(made_up.results(tmp_path), load_published(tmp_path)).empty
